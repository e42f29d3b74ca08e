"""A copy of the back-up may also lie with an accountant, notary or bank, or with family at another address."""

from alembic import op

from migrations.security import unforced

revision = "0066"
down_revision = "0060"
branch_labels = None
depends_on = None

TABLE = "backup_copy"
CHECK = "ck_backup_copy_keeping"
BEFORE = ("safe", "specialist", "other")
ADDED = ("entrusted", "relative")


def upgrade() -> None:
    """Apply this step."""
    _allow(*BEFORE, *ADDED)


def downgrade() -> None:
    """Take this step back: what there was no word for is kept otherwise."""
    with unforced(TABLE):
        op.execute("UPDATE backup_copy SET keeping = 'other' WHERE keeping IN ('entrusted', 'relative')")
        _allow(*BEFORE)


def _allow(*kinds: str) -> None:
    told = ", ".join(f"'{one}'" for one in kinds)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), f"keeping IN ({told})")
