"""How bad an outage gets for a department as it lasts, and what a system is called in a continuity scheme."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LEVELS = ("none", "annoying", "serious", "severe", "ruinous")
COLUMNS = ("impact_4_hours", "impact_day", "impact_3_days", "impact_week", "impact_longer")


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table("department") as batch_op:
        for name in COLUMNS:
            kind = sa.Enum(*LEVELS, name=name, native_enum=False, create_constraint=True, length=40)
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("system") as batch_op:
        batch_op.add_column(sa.Column("scheme_service", sa.String(length=200), server_default="", nullable=False))
    with op.batch_alter_table("system") as batch_op:
        batch_op.alter_column("scheme_service", server_default=None)


def downgrade() -> None:
    """Take this step back."""
    with op.batch_alter_table("system") as batch_op:
        batch_op.drop_column("scheme_service")
    with op.batch_alter_table("department") as batch_op:
        for name in COLUMNS:
            batch_op.drop_constraint(op.f(f"ck_department_{name}"), type_="check")
            batch_op.drop_column(name)
