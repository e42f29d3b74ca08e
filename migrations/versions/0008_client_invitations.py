"""Lists of clients that a reseller brought in, and the invitations it sent."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "client_list",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", _instant(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", _instant(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_client_list_tenant_id_tenant")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name=op.f("fk_client_list_uploaded_by_user")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_client_list")),
    )
    protect("client_list", "people", erasable=True)
    levels = sa.Enum("view", "edit", name="grantlevel", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "client_invitation",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kvk", sa.String(length=8), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("level", levels, nullable=False),
        sa.Column("plan", sa.Boolean(), nullable=False),
        sa.Column("continuity", sa.Boolean(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", _instant(), nullable=False),
        sa.Column("accepted_at", _instant(), nullable=True),
        sa.Column("client_id", _number(), nullable=True),
        sa.Column("withdrawn_at", _instant(), nullable=True),
        sa.CheckConstraint("plan OR continuity", name=op.f("ck_client_invitation_some_area")),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (client_id IS NULL)", name=op.f("ck_client_invitation_client_of_accepted")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_client_invitation_tenant_id_tenant")),
        sa.ForeignKeyConstraint(["client_id"], ["tenant.id"], name=op.f("fk_client_invitation_client_id_tenant")),
        sa.ForeignKeyConstraint(["invited_by"], ["user.id"], name=op.f("fk_client_invitation_invited_by_user")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_client_invitation")),
    )
    protect("client_invitation", "people")


def downgrade() -> None:
    """Take this step back."""
    unprotect("client_invitation")
    op.drop_table("client_invitation")
    unprotect("client_list")
    op.drop_table("client_list")
