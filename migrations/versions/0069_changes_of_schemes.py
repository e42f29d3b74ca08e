"""What a supplier changed of a scheme besides its clients, with the moment; of changes before nobody knows when."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0069"
down_revision = "0075"
branch_labels = None
depends_on = None

TABLE = "scheme_change"
STAGES = ("made", "held", "taken", "left", "let-through")
PARTS = (
    "registration",
    "counterparty",
    "contact",
    "agreement",
    "deed",
    "acceptance",
    "condition",
    "item",
    "delivery",
)
HELD = sa.text("stage = 'held'")


def upgrade() -> None:
    """Apply this step."""
    stage = sa.Enum(*STAGES, name="changestage", native_enum=False, create_constraint=True, length=40)
    part = sa.Enum(*PARTS, name="part", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        TABLE,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("part", part, nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("stage", stage, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=200), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("taken", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_scheme_change_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "registration_id"],
            ["registration.tenant_id", "registration.id"],
            name=op.f("fk_scheme_change_tenant_id_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_scheme_change")),
    )
    op.create_index("ix_scheme_change_registration_id", TABLE, ["tenant_id", "registration_id"])
    op.create_index(
        "uq_scheme_change_held",
        TABLE,
        ["tenant_id", "part_id"],
        unique=True,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    protect(TABLE, "continuity")


def downgrade() -> None:
    """Take this step back."""
    unprotect(TABLE)
    op.drop_table(TABLE)
