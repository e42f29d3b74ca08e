"""Openings of sealed deliveries: asked, allowed, and done by two officers one after the other."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

GROUNDS = ("agreement", "activation")
STATES = ("asked", "allowed", "half", "opened", "closed", "refused", "withdrawn", "lapsed")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "handover_opening",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("foundation_id", _number(), nullable=False),
        sa.Column("ground", _words("openingground", *GROUNDS), nullable=False),
        sa.Column("state", _words("openingstate", *STATES), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", _instant(), nullable=False),
        sa.Column("until", _instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", _instant(), nullable=True),
        sa.Column("first_user_id", sa.Uuid(), nullable=True),
        sa.Column("first_by", sa.String(length=200), nullable=False),
        sa.Column("first_key", sa.String(length=32), nullable=False),
        sa.Column("first_at", _instant(), nullable=True),
        sa.Column("half_secret", sa.LargeBinary(), nullable=False),
        sa.Column("second_user_id", sa.Uuid(), nullable=True),
        sa.Column("second_by", sa.String(length=200), nullable=False),
        sa.Column("second_key", sa.String(length=32), nullable=False),
        sa.Column("second_at", _instant(), nullable=True),
        sa.Column("matched", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", _instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_user_id <> second_user_id", name=op.f("ck_handover_opening_two_people")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_handover_opening_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["foundation_id"], ["tenant.id"], name=op.f("fk_handover_opening_foundation_id_tenant")
        ),
        sa.ForeignKeyConstraint(["first_user_id"], ["user.id"], name=op.f("fk_handover_opening_first_user_id_user")),
        sa.ForeignKeyConstraint(["second_user_id"], ["user.id"], name=op.f("fk_handover_opening_second_user_id_user")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["handover_delivery.tenant_id", "handover_delivery.id"],
            name=op.f("fk_handover_opening_tenant_id_delivery_id_handover_delivery"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handover_opening")),
    )
    op.create_index(
        "uq_handover_opening_live",
        "handover_opening",
        ["tenant_id", "delivery_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    protect("handover_opening", "continuity")


def downgrade() -> None:
    """Take this step back."""
    unprotect("handover_opening")
    op.drop_table("handover_opening")
