"""Which schemes of its suppliers cover an organisation: told to the plan, which shows it at what depends on them."""

from collections.abc import Sequence
from datetime import date

from continuity.clients.claims import own_covers
from continuity.covering.leg import LegKind
from plans.processes.protection import Protection


class SchemeProtection:
    """Answers from the rows of suppliers that both sides tie to the open scope's organisation."""

    def protections(self, today: date) -> Sequence[Protection]:
        """Return the schemes that cover it on `today`, by supplier and service; empties the session when there is any.

        Covered is what every other page calls so: all six legs hold. Nothing when the scope does not reach the scheme.
        """
        return tuple(
            Protection(own.supplier, own.supplier_kvk, own.service, accepted_on)
            for own in own_covers(today)
            if own.cover is not None and own.cover.covered and (accepted_on := own.cover.leg(LegKind.DEED).on)
        )
