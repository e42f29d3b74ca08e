"""Rows that came from the starter of a branch; items that organisations added themselves."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LINE_KINDS = ("department", "system", "data_set", "external_party", "answer", "planned_test")
OWN_KINDS = ("text", "day", "yes_no")
SECTIONS = (
    "self-check", "backup", "inventory", "processes", "runbook", "staff", "testing", "payments", "upkeep",
)  # fmt: skip


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _owned(table: str, *rest: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *rest,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )
    protect(table, "plan")


def upgrade() -> None:
    """Apply this step."""
    _owned(
        "starter_line",
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("kind", _words("linekind", *LINE_KINDS), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("tenant_id", "line", name=op.f("uq_starter_line_tenant_id_line")),
    )
    op.create_index("ix_starter_line_row_id", "starter_line", ["tenant_id", "row_id"])
    _owned(
        "own_item",
        sa.Column("section", _words("section", *SECTIONS), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("help", sa.LargeBinary(), nullable=False),
        sa.Column("kind", _words("ownkind", *OWN_KINDS), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("interval_days IS NULL OR interval_days >= 1", name=op.f("ck_own_item_interval_days")),
    )


def downgrade() -> None:
    """Take this step back. Answers to items of the organisation's own and their exceptions stay; nobody reads them."""
    for table in ("own_item", "starter_line"):
        unprotect(table)
        op.drop_table(table)
