"""What webhooks were told long ago is thrown away, never what is yet to be told."""

from migrations.security import keep, let_erase

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "webhook_delivery"


def upgrade() -> None:
    """Apply this step."""
    let_erase(TABLE, "audit")


def downgrade() -> None:
    """Take this step back."""
    keep(TABLE)
