"""What the plan said at a moment, and its way from draft to the version in use."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATES = ("in-review", "approved", "returned", "in-use")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "plan_content",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", _instant(), nullable=False),
        sa.Column("redacted_at", _instant(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_plan_content_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plan_content")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_plan_content_tenant_id_digest")),
    )
    protect("plan_content", "plan")
    states = sa.Enum(*STATES, name="proposalstate", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "plan_proposal",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_at", _instant(), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", _instant(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", _instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('in-review', 'approved')) = (ended_at IS NULL)", name=op.f("ck_plan_proposal_open")
        ),
        sa.CheckConstraint("state <> 'in-use' OR version_id IS NOT NULL", name=op.f("ck_plan_proposal_in_use")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_plan_proposal_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "content_id"],
            ["plan_content.tenant_id", "plan_content.id"],
            name=op.f("fk_plan_proposal_tenant_id_content_id_plan_content"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["plan_version.tenant_id", "plan_version.id"],
            name=op.f("fk_plan_proposal_tenant_id_version_id_plan_version"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plan_proposal")),
        sa.UniqueConstraint("tenant_id", "version_id", name=op.f("uq_plan_proposal_tenant_id_version_id")),
    )
    op.create_index(
        "uq_plan_proposal_open",
        "plan_proposal",
        ["tenant_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    protect("plan_proposal", "plan")


def downgrade() -> None:
    """Take this step back."""
    unprotect("plan_proposal")
    op.drop_table("plan_proposal")
    unprotect("plan_content")
    op.drop_table("plan_content")
