"""The staff instruction in two languages, and the language in which each contact reads."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LANGUAGES = ("nl", "en")


def _language(*, nullable: bool) -> sa.Column[str]:
    kind = sa.Enum(*LANGUAGES, name="language", native_enum=False, create_constraint=True, length=40)
    return sa.Column("language", kind, nullable=nullable)


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table("contact") as batch_op:
        batch_op.add_column(_language(nullable=True))
    # What is empty is no bytes at all: to SQLite '' would be a text.
    nothing = sa.text("''" if op.get_bind().dialect.name == "postgresql" else "X''")
    with op.batch_alter_table("instruction_version") as batch_op:
        batch_op.add_column(_language(nullable=True))
        batch_op.add_column(sa.Column("translation", sa.LargeBinary(), server_default=nothing, nullable=False))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), server_default="", nullable=False))
    with unforced("instruction_version"):
        op.execute(
            "UPDATE instruction_version SET language ="
            " (SELECT tenant.language FROM tenant WHERE tenant.id = instruction_version.tenant_id)"
        )
    with op.batch_alter_table("instruction_version") as batch_op:
        batch_op.alter_column("language", nullable=False)
        batch_op.alter_column("translation", server_default=None)
        batch_op.alter_column("digest", server_default=None)
    with op.batch_alter_table("instruction_receipt") as batch_op:
        batch_op.add_column(sa.Column("by_link", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("instruction_receipt") as batch_op:
        batch_op.alter_column("by_link", server_default=None)


def downgrade() -> None:
    """Take this step back."""
    with op.batch_alter_table("instruction_receipt") as batch_op:
        batch_op.drop_column("by_link")
    for table, columns in (("instruction_version", ("digest", "translation", "language")), ("contact", ("language",))):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_language"), type_="check")
            for column in columns:
                batch_op.drop_column(column)
