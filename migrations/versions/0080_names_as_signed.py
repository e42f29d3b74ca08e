"""Under which name and number each organisation signed an agreement; of those from before, what is known today."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from core import clock
from migrations.security import unforced

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

TABLE, OWNERS = "agreement", "registration"
SIDES = ("first", "second")
# Which organisation signed as which party: that of the row, or the foundation of its registration.
SUPPLIER = "SELECT agreement.tenant_id"
FOUNDATION = (
    "SELECT owner.foundation_id FROM registration AS owner "
    "WHERE owner.tenant_id = agreement.tenant_id AND owner.id = agreement.registration_id"
)
SIGNED = (
    ("first", SUPPLIER, ("framework", "service", "processor")),
    ("first", FOUNDATION, ("supply",)),
    ("second", FOUNDATION, ("framework", "processor")),
)


def upgrade() -> None:
    """Apply this step."""
    for side in SIDES:
        op.add_column(TABLE, sa.Column(f"{side}_name", sa.String(200), nullable=False, server_default=""))
        op.add_column(TABLE, sa.Column(f"{side}_kvk", sa.String(8), nullable=False, server_default=""))
        op.add_column(TABLE, sa.Column(f"{side}_named_on", sa.Date(), nullable=True))
    today = clock.today()
    with unforced(TABLE, OWNERS):
        for side, whose, kinds in SIGNED:
            _name(side, whose, kinds, today)


def _name(side: str, whose: str, kinds: tuple[str, ...], today: date) -> None:
    signer = f"FROM tenant WHERE tenant.id = ({whose})"
    op.get_bind().execute(
        sa.text(
            f"UPDATE agreement SET {side}_name = (SELECT tenant.name {signer}), "
            f"{side}_kvk = (SELECT coalesce(tenant.kvk, '') {signer}), {side}_named_on = :today "
            f"WHERE {side}_signed_on IS NOT NULL AND kind IN :kinds AND EXISTS (SELECT 1 {signer})"
        ).bindparams(sa.bindparam("kinds", kinds, expanding=True), sa.bindparam("today", today, sa.Date()))
    )


def downgrade() -> None:
    """Take this step back."""
    for side in SIDES:
        for name in ("named_on", "kvk", "name"):
            op.drop_column(TABLE, f"{side}_{name}")
