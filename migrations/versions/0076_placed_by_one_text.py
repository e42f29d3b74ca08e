"""What a reseller's page reads of hundreds of clients lies together: what they are sorted by, and their grants."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0076"
down_revision = "0067"
branch_labels = None
depends_on = None

TABLE = "audit_state"
COUNTED = ("faults", "warnings", "notices", "scheme_faults", "scheme_warnings", "scheme_notices")
NUMBERS, DAYS = ("endless", "scheme_endless", "tonight"), ("plan_until", "scheme_until")
INDEX, GRANTS = "ix_management_grant_manager_id", "management_grant"
COVERED = ("manager_id", "starts_at", "tenant_id", "ends_at", "level", "plan", "continuity")


def upgrade() -> None:
    """Apply this step."""
    op.add_column(TABLE, sa.Column("placed_by", sa.Text(), nullable=True))
    told = ", ".join((*COUNTED, *NUMBERS))
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        registered = "json(CASE registered WHEN 1 THEN 'true' ELSE 'false' END)"
        put = f"json_array({registered}, {told}, {', '.join(DAYS)})"
    else:
        days = ", ".join(f"to_char({one}, 'YYYY-MM-DD')" for one in DAYS)
        put = f"json_build_array(registered, {told}, {days})::text"
    with unforced(TABLE):
        op.execute(f"UPDATE audit_state SET placed_by = {put} WHERE registered IS NOT NULL")
    for name in (*NUMBERS, *DAYS):
        op.drop_column(TABLE, name)
    op.drop_index(INDEX, GRANTS)
    op.create_index(INDEX, GRANTS, COVERED)


def downgrade() -> None:
    """Take this step back."""
    op.drop_index(INDEX, GRANTS)
    op.create_index(INDEX, GRANTS, ["manager_id"])
    for name in NUMBERS:
        op.add_column(TABLE, sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in DAYS:
        op.add_column(TABLE, sa.Column(name, sa.Date(), nullable=True))
    at = {name: len(COUNTED) + 1 + place for place, name in enumerate((*NUMBERS, *DAYS))}
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    kinds = dict.fromkeys(NUMBERS, "integer") | dict.fromkeys(DAYS, "date")
    taken = ", ".join(
        f"{name} = json_extract(placed_by, '$[{place}]')"
        if on_sqlite
        else f"{name} = (placed_by::json ->> {place})::{kinds[name]}"
        for name, place in at.items()
    )
    with unforced(TABLE):
        op.execute(f"UPDATE audit_state SET {taken} WHERE placed_by IS NOT NULL")
    op.drop_column(TABLE, "placed_by")
