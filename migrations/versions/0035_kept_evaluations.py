"""Kept evaluations: how an organisation stood on each day; a change tells which tables it touched."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

EVALUATION, ROWS, MARK = "evaluation", "kept_rows", "tenant_change"


def upgrade() -> None:
    """Apply this step."""
    whose = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        EVALUATION,
        sa.Column("tenant_id", whose, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_set", sa.String(40), nullable=False),
        sa.Column("made_with", sa.String(40), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("judged", sa.LargeBinary(), nullable=False),
        sa.Column("judged_digest", sa.String(40), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_evaluation_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("tenant_id", "day", name=op.f("uq_evaluation_tenant_id_day")),
    )
    protect(EVALUATION, "audit", erasable=True)
    op.create_table(
        ROWS,
        sa.Column("tenant_id", whose, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of_table", sa.String(60), nullable=False),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_kept_rows_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kept_rows")),
        sa.UniqueConstraint("tenant_id", "of_table", "digest", name=op.f("uq_kept_rows_tenant_id_of_table_digest")),
    )
    protect(ROWS, "audit", erasable=True)
    # What changed before this step is not known by table: all of them are kept anew.
    op.add_column(MARK, sa.Column("tables", sa.Text(), nullable=False, server_default=" * "))
    op.add_column("tenant", sa.Column("kept_years", sa.Integer(), nullable=False, server_default="7"))


def downgrade() -> None:
    """Take this step back."""
    op.drop_column("tenant", "kept_years")
    op.drop_column(MARK, "tables")
    unprotect(ROWS)
    op.drop_table(ROWS)
    unprotect(EVALUATION)
    op.drop_table(EVALUATION)
