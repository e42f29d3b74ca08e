"""Approvals of the agreements about payments, also by a personal link."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unforced, unprotect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TOPICS = ("task", "copy", "instruction", "contact", "party", "asset")


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "payment_approval",
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_payment_approval_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f("fk_payment_approval_tenant_id_contact_id_contact"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payment_approval")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_payment_approval_tenant_id_number")),
    )
    protect("payment_approval", "plan")
    _allow_topics(*TOPICS, "payments")


def downgrade() -> None:
    """Take this step back: links of the new topic go, those of others stay."""
    with unforced("plan_link"):
        op.execute("DELETE FROM plan_link WHERE topic = 'payments'")
    _allow_topics(*TOPICS)
    unprotect("payment_approval")
    op.drop_table("payment_approval")


def _allow_topics(*topics: str) -> None:
    """Let personal links be about these topics and no other."""
    told = ", ".join(f"'{one}'" for one in topics)
    with op.batch_alter_table("plan_link") as batch_op:
        batch_op.drop_constraint(op.f("ck_plan_link_topic"), type_="check")
        batch_op.create_check_constraint(op.f("ck_plan_link_topic"), f"topic IN ({told})")
