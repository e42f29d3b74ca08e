"""What is left out gets a scope of its own; tokens that could read it with findings keep it, by name."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

FINDINGS, LEFT_OUT = "read:findings", "read:left-out"
TOKEN = sa.table("api_token", sa.column("tenant_id"), sa.column("id"), sa.column("scopes", sa.JSON()))


def upgrade() -> None:
    """Apply this step."""
    for row in _tokens():
        if FINDINGS in row.scopes and LEFT_OUT not in row.scopes:
            _set(row, [*row.scopes, LEFT_OUT])


def downgrade() -> None:
    """Take this step back: the release before knows no such scope. Who had it alone has none then."""
    for row in _tokens():
        if LEFT_OUT in row.scopes:
            _set(row, [scope for scope in row.scopes if scope != LEFT_OUT])


def _tokens() -> list[sa.Row[tuple[object, ...]]]:
    with unforced(TOKEN.name):
        return list(op.get_bind().execute(sa.select(TOKEN)).all())


def _set(row: sa.Row[tuple[object, ...]], scopes: list[str]) -> None:
    mine = (TOKEN.c.tenant_id == row.tenant_id, TOKEN.c.id == row.id)
    with unforced(TOKEN.name):
        op.get_bind().execute(sa.update(TOKEN).where(*mine).values(scopes=sorted(scopes)))
