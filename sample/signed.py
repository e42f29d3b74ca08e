"""Who signed the agreements of the example, each called as on the day of signing."""

import sqlalchemy as sa

from continuity.agreements.naming import keep_names
from continuity.models import Agreement
from core import db


def name_parties() -> None:
    """Keep in every agreement of the open scope what those who signed it are called, as if recorded at once."""
    db.session().flush()
    for row in db.session().scalars(sa.select(Agreement)):
        keep_names(row)
        row.first_named_on = row.first_signed_on if row.first_name else None
        row.second_named_on = row.second_signed_on if row.second_name else None
    db.session().flush()
