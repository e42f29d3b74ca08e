"""Addresses of other programs that are told what the audit found, and each telling."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

HOOK, DELIVERY = "webhook", "webhook_delivery"


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        HOOK,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("state", _words("webhookstate", "on", "off", "failed", "removed"), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_webhook_added_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_webhook_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook")),
    )
    protect(HOOK, "audit")
    op.create_table(
        DELIVERY,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event", _words("hookevent", "opened", "closed", "lapsing", "test"), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _words("deliverystate", "waiting", "delivered", "given_up", "dropped"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_webhook_delivery_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "webhook_id"],
            ["webhook.tenant_id", "webhook.id"],
            name=op.f("fk_webhook_delivery_tenant_id_webhook_id_webhook"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint(
            "tenant_id",
            "webhook_id",
            "event",
            "about_id",
            name=op.f("uq_webhook_delivery_tenant_id_webhook_id_event_about_id"),
        ),
    )
    op.create_index("ix_webhook_delivery_webhook_id", DELIVERY, ["tenant_id", "webhook_id", "happened_at"])
    protect(DELIVERY, "audit")


def downgrade() -> None:
    """Take this step back: nobody is told any more."""
    for table in (DELIVERY, HOOK):
        unprotect(table)
        op.drop_table(table)
