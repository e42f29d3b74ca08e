"""What auditors ask for, how each request went, and the files of the answers."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

STATES = ("open", "answered", "accepted", "sent_back", "withdrawn")
MOVES = ("ask", "answer", "accept", "send_back", "withdraw")


def upgrade() -> None:
    """Apply this step."""
    _table(
        "evidence_request",
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _words("requeststate", STATES), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _link("evidence_request", "engagement_id", "engagement"),
        sa.UniqueConstraint(
            "tenant_id",
            "engagement_id",
            "number",
            name=op.f("uq_evidence_request_tenant_id_engagement_id_number"),
        ),
    )
    _table(
        "evidence_step",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("move", _words("move", MOVES), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_evidence_step_user_id_user")),
        _link("evidence_step", "request_id", "evidence_request"),
        _link("evidence_step", "result_id", "test_result"),
    )
    op.create_index("ix_evidence_step_request_id", "evidence_step", ["tenant_id", "request_id"])
    _table(
        "evidence_file",
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _link("evidence_file", "step_id", "evidence_step"),
    )
    op.create_index("ix_evidence_file_step_id", "evidence_file", ["tenant_id", "step_id"])
    protect("evidence_request", "audit")
    protect("evidence_step", "audit")
    protect("evidence_file", "audit", append_only=True)


def downgrade() -> None:
    """Take this step back."""
    for table in ("evidence_file", "evidence_step", "evidence_request"):
        unprotect(table)
        op.drop_table(table)


def _table(name: str, *rest: sa.Column[object] | sa.Constraint) -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        name,
        sa.Column("tenant_id", number, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *rest,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{name}_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _link(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}_{other}"),
    )
