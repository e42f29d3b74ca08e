"""What was changed in a register together, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBERS = (("asset", ("mac_address",)), ("external_party", ("kvk", "vat", "iban")))
KINDS = ("added", "changed", "archived", "restored", "confirmed", "bulk", "imported", "undone")


def upgrade() -> None:
    """Apply this step."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    kinds = sa.Enum(*KINDS, name="changekind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "register_change",
        sa.Column("tenant_id", number, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_register_change_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_register_change")),
    )
    op.create_index("ix_register_change_made_at", "register_change", ["tenant_id", "made_at"])
    protect("register_change", "plan", erasable=True)
    with op.batch_alter_table("import_sheet") as batch_op:
        batch_op.add_column(sa.Column("put_away", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("change_id", sa.Uuid(), nullable=True))
    # What is empty is no bytes at all: to SQLite '' would be a text.
    nothing = sa.text("''" if op.get_bind().dialect.name == "postgresql" else "X''")
    for table, names in NUMBERS:
        with op.batch_alter_table(table) as batch_op:
            for name in names:
                batch_op.add_column(sa.Column(name, sa.LargeBinary(), server_default=nothing, nullable=False))
        with op.batch_alter_table(table) as batch_op:
            for name in names:
                batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("import_sheet") as batch_op:
        batch_op.alter_column("put_away", server_default=None)


def downgrade() -> None:
    """Take this step back."""
    for table, names in NUMBERS:
        with op.batch_alter_table(table) as batch_op:
            for name in names:
                batch_op.drop_column(name)
    with op.batch_alter_table("import_sheet") as batch_op:
        batch_op.drop_column("change_id")
        batch_op.drop_column("put_away")
    unprotect("register_change")
    op.drop_index("ix_register_change_made_at", "register_change")
    op.drop_table("register_change")
