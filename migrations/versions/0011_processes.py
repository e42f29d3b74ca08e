"""What systems need: other systems, external parties and data sets."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ONE = (
    "CASE WHEN needed_system_id IS NULL THEN 0 ELSE 1 END + CASE WHEN party_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN data_set_id IS NULL THEN 0 ELSE 1 END = 1"
)
NEEDED = (("needed_system_id", "system"), ("party_id", "external_party"), ("data_set_id", "data_set"))


def upgrade() -> None:
    """Apply this step."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "system_need",
        sa.Column("tenant_id", number, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=True) for column, _ in NEEDED),
        sa.CheckConstraint(
            "needed_system_id IS NULL OR needed_system_id <> system_id", name=op.f("ck_system_need_other")
        ),
        sa.CheckConstraint(ONE, name=op.f("ck_system_need_one")),
        *(_points(column, target) for column, target in (("system_id", "system"), *NEEDED)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_system_need_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_system_need")),
        *(
            sa.UniqueConstraint(
                "tenant_id", "system_id", column, name=op.f(f"uq_system_need_tenant_id_system_id_{column}")
            )
            for column, _ in NEEDED
        ),
    )
    protect("system_need", "plan", erasable=True)


def _points(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_system_need_tenant_id_{column}_{target}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=name)


def downgrade() -> None:
    """Take this step back."""
    unprotect("system_need")
    op.drop_table("system_need")
