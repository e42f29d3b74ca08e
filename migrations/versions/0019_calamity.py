"""Calamities and exercises: what was frozen of the plan, what happened, what was learned."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = ("real", "exercise")
ENTRIES = (
    "step-begun", "step-done", "step-skipped", "call-reached", "call-missed", "call-message", "system-back",
    "decision", "note", "handover", "retracted",
)  # fmt: skip


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


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


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}_{target}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=name)


def upgrade() -> None:
    """Apply this step."""
    _owned(
        "calamity",
        sa.Column("kind", _words("alarm", *KINDS), nullable=False),
        sa.Column("activated_at", _instant(), nullable=False),
        sa.Column("activated_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("signs", sa.LargeBinary(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("frozen", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("closed_at", _instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("conclusion", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR closed_at >= activated_at", name=op.f("ck_calamity_closed")),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_calamity_running", "calamity", ["tenant_id"], unique=True,
        sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    protect("calamity", "plan")
    _owned(
        "calamity_entry",
        sa.Column("calamity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("entrykind", *ENTRIES), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("happened_at", _instant(), nullable=False),
        sa.Column("recorded_at", _instant(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("happened_at <= recorded_at", name=op.f("ck_calamity_entry_happened")),
        _points("calamity_entry", "calamity_id", "calamity"),
    )
    op.create_index("ix_calamity_entry_calamity_id", "calamity_entry", ["tenant_id", "calamity_id"])
    protect("calamity_entry", "plan")
    _owned(
        "lesson",
        sa.Column("calamity_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_on IS NULL OR length(outcome) > 0", name=op.f("ck_lesson_closed")),
        _points("lesson", "calamity_id", "calamity"),
        _points("lesson", "owner_id", "contact"),
    )
    protect("lesson", "plan")
    with op.batch_alter_table("tenant") as batch_op:
        batch_op.add_column(sa.Column("alarm", _words("alarm", *KINDS), nullable=True))


def downgrade() -> None:
    """Take this step back."""
    with op.batch_alter_table("tenant") as batch_op:
        batch_op.drop_constraint(op.f("ck_tenant_alarm"), type_="check")
        batch_op.drop_column("alarm")
    unprotect("lesson")
    op.drop_table("lesson")
    unprotect("calamity_entry")
    op.drop_index("ix_calamity_entry_calamity_id", "calamity_entry")
    op.drop_table("calamity_entry")
    unprotect("calamity")
    op.drop_index("uq_calamity_running", "calamity")
    op.drop_table("calamity")
