"""A copy of the data tells how often it is made, of which systems, what is in it, and who may delete it."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0064"
down_revision = "0066"
branch_labels = None
depends_on = None

TABLE, LINK = "backup_copy", "backup_copy_system"
CHOICES = {
    "made_every": ("madeevery", ("hour", "four-hours", "day", "week", "month", "other")),
    "cloud_in": ("cloudin", ("yes", "no", "nothing")),
}
ANSWERS = ("settings_in", "deletable")
ENDS = (("copy_id", TABLE), ("system_id", "system"))


def upgrade() -> None:
    """Apply this step."""
    # What is empty is no bytes at all: to SQLite '' would be a text.
    nothing = sa.text("''" if op.get_bind().dialect.name == "postgresql" else "X''")
    with op.batch_alter_table(TABLE) as batch_op:
        for column, (name, values) in CHOICES.items():
            kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
            batch_op.add_column(sa.Column(column, kind, nullable=True))
        for column in ANSWERS:
            batch_op.add_column(sa.Column(column, sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("may_delete", sa.LargeBinary(), server_default=nothing, nullable=False))
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("may_delete", server_default=None)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        LINK,
        sa.Column("tenant_id", number, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column, _ in ENDS),
        *(_points(column, target) for column, target in ENDS),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{LINK}_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{LINK}")),
        sa.UniqueConstraint("tenant_id", "copy_id", "system_id", name=op.f(f"uq_{LINK}_tenant_id_copy_id_system_id")),
    )
    protect(LINK, "plan", erasable=True)


def _points(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{LINK}_tenant_id_{column}_{target}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=name)


def downgrade() -> None:
    """Take this step back."""
    unprotect(LINK)
    op.drop_table(LINK)
    with op.batch_alter_table(TABLE) as batch_op:
        for name, _ in CHOICES.values():
            batch_op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), type_="check")
        batch_op.drop_column("may_delete")
        for column in (*ANSWERS, *CHOICES):
            batch_op.drop_column(column)
