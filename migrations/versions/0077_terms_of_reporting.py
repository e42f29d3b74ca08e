"""The log of a calamity tells what applies, when it was known, and what was reported to whom."""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0077"
down_revision = "0078"
branch_labels = None
depends_on = None

TABLE = "calamity_entry"
CHECK = "ck_calamity_entry_entrykind"
BEFORE = (
    "step-begun", "step-done", "step-skipped", "call-reached", "call-missed", "call-message", "system-back",
    "decision", "note", "handover", "retracted",
)  # fmt: skip
ADDED = ("aware-since", "applies-yes", "applies-no", "term-done", "term-reminded", "terms-left")


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("names_at", sa.DateTime(timezone=True), nullable=True))
    _allow(*BEFORE, *ADDED)


def downgrade() -> None:
    """Take this step back: what there was no word for stays in the log as a note, with its words and times."""
    told = ", ".join(f"'{one}'" for one in ADDED)
    with unforced(TABLE):
        op.execute(f"UPDATE {TABLE} SET kind = 'note', target = '' WHERE kind IN ({told})")
        _allow(*BEFORE)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_column("names_at")


def _allow(*kinds: str) -> None:
    told = ", ".join(f"'{one}'" for one in kinds)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), f"kind IN ({told})")
