"""Papers that can tell whether they are stale; copies of the offline kit."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("all", "card", "it", "management", "staff", "kit")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply this step."""
    kinds = sa.Enum(*KINDS, name="paperkind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "paper",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("languages", sa.String(length=20), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", _instant(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", _instant(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_paper_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_paper")),
    )
    op.create_index("ix_paper_made_at", "paper", ["tenant_id", "made_at"])
    protect("paper", "audit")
    op.create_table(
        "paper_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", _number(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["tenant.id"], name=op.f("fk_paper_token_organisation_id_tenant")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_paper_token")),
    )
    op.create_table(
        "kit_copy",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("archived_at", _instant(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_kit_copy_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "paper_id"],
            ["paper.tenant_id", "paper.id"],
            name=op.f("fk_kit_copy_tenant_id_paper_id_paper"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "keeper_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f("fk_kit_copy_tenant_id_keeper_id_contact"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kit_copy")),
    )
    protect("kit_copy", "plan")


def downgrade() -> None:
    """Take this step back."""
    unprotect("kit_copy")
    op.drop_table("kit_copy")
    op.drop_table("paper_token")
    unprotect("paper")
    op.drop_table("paper")
