"""What an inventory record may be is asked value by value: SQLite makes a table of a list anew for each row."""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

KINDS = (
    "office-pcs", "servers", "backup-units", "telephone-system", "telephone-lines", "internet", "licences",
    "ip-addresses", "mobile-phones", "cloud-services", "tablets", "printers",
)  # fmt: skip
USES = ("exchange", "handset", "voice", "fax", "alarm")
CHECKS = {"assetkind": ("kind", KINDS), "lineuse": ("line_use", USES)}


def upgrade() -> None:
    """Apply this step."""
    _check({name: " OR ".join(f"{column} = '{one}'" for one in told) for name, (column, told) in CHECKS.items()})


def downgrade() -> None:
    """Take this step back."""
    listed = {name: (column, ", ".join(f"'{one}'" for one in told)) for name, (column, told) in CHECKS.items()}
    _check({name: f"{column} IN ({told})" for name, (column, told) in listed.items()})


def _check(asked: dict[str, str]) -> None:
    with op.batch_alter_table("asset") as batch_op:
        for name, condition in asked.items():
            batch_op.drop_constraint(op.f(f"ck_asset_{name}"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_asset_{name}"), condition)
