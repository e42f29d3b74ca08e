"""Whether the clients' fees pay the upstream supplier or partner while the scheme runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal


@dataclass(frozen=True, slots=True)
class Cover:
    """Euro a month. accepting: clients that accepted the current deed; without_fee: those of them without a fee.

    months: how long the scheme delivers; what is not known counts as nothing and is told, never guessed.
    """

    cost: Decimal | None
    fees: Decimal
    accepting: int
    without_fee: int
    months: int = 3

    @property
    def period_cost(self) -> Decimal | None:
        """Return what the delivery costs over the whole period, None while that is not known."""
        return None if self.cost is None else self.cost * self.months

    @property
    def period_fees(self) -> Decimal:
        """Return what the clients that accepted pay over the whole period, as far as known."""
        return self.fees * self.months

    @property
    def known(self) -> bool:
        """Tell whether the cost and every fee are known, so that the ratio is more than a lower bound."""
        return self.cost is not None and not self.without_fee

    @property
    def ratio(self) -> Decimal | None:
        """Return fees divided by cost, two decimals, rounded down; None while the cost is unknown or nothing."""
        if not self.cost:
            return None
        return (self.fees / self.cost).quantize(Decimal("0.01"), ROUND_DOWN)

    @property
    def enough(self) -> bool:
        """Tell whether the fees are known to be at least the cost."""
        return self.cost is not None and self.fees >= self.cost

    @property
    def shortfall(self) -> Decimal:
        """Return what is missing each month, nothing when there is enough."""
        return max((self.cost or Decimal(0)) - self.fees, Decimal("0.00"))


def cover(cost: Decimal | None, fees: Sequence[Decimal | None], months: int = 3) -> Cover:
    """Compare the monthly `cost` with the monthly fees of the clients that accepted the current deed, for `months`.

    Source: scheme.funding; rules 3.5 M2, M3.
    """
    known = [fee for fee in fees if fee is not None]
    return Cover(cost, sum(known, Decimal("0.00")), len(fees), len(fees) - len(known), months)
