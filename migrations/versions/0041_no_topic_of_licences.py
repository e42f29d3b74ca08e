"""Personal links ask about licences by way of a person or a firm: the topic of their own, which nothing sent, goes."""

from alembic import op

from migrations.security import unforced

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TOPICS = ("task", "copy", "instruction", "contact", "party", "payments", "willing")
TABLES = ("plan_link", "scheme_link")


def upgrade() -> None:
    """Apply this step: links of the topic go, with their secrets."""
    for table in TABLES:
        with unforced(table):
            op.execute(f"DELETE FROM mailed_link WHERE about IN (SELECT id FROM {table} WHERE topic = 'asset')")
            op.execute(f"DELETE FROM {table} WHERE topic = 'asset'")
    _allow(*TOPICS)


def downgrade() -> None:
    """Take this step back."""
    _allow(*TOPICS, "asset")


def _allow(*topics: str) -> None:
    told = ", ".join(f"'{one}'" for one in topics)
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_topic"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{table}_topic"), f"topic IN ({told})")
