"""Whether the clients' fees pay the cost."""

from decimal import Decimal

import pytest

from continuity.funding import cover


@pytest.mark.parametrize(
    ("cost", "fees", "ratio", "enough", "shortfall"),
    [
        pytest.param("100.00", ["100.00"], "1.00", True, "0.00", id="exactly"),
        pytest.param("100.00", ["99.99"], "0.99", False, "0.01", id="one cent short is not rounded up"),
        pytest.param("100.00", ["60.00", "60.00"], "1.20", True, "0.00", id="more than enough"),
        pytest.param("100.00", [], "0.00", False, "100.00", id="nobody accepted"),
        pytest.param("0.00", [], None, True, "0.00", id="it costs nothing"),
        pytest.param(None, ["25.00"], None, False, "0.00", id="the cost is unknown"),
        pytest.param("100.00", ["50.00", None], "0.50", False, "50.00", id="a fee is unknown"),
    ],
)
def test_fees_of_accepting_clients_against_the_cost(
    cost: str | None, fees: list[str | None], ratio: str | None, enough: bool, shortfall: str
) -> None:
    found = cover(Decimal(cost) if cost else None, [Decimal(fee) if fee else None for fee in fees])
    assert found.ratio == (Decimal(ratio) if ratio else None)
    assert found.enough is enough
    assert found.shortfall == Decimal(shortfall)
    assert found.accepting == len(fees)
    assert found.without_fee == fees.count(None)
    assert found.known is (None not in (cost, *fees))
