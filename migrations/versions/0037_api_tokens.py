"""Tokens by which programs read and change what an organisation keeps."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, setting, show, unprotect

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TOKEN, KEY = "api_token", "api_key"


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        TOKEN,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_api_token_expires_after_made")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_api_token_made_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_api_token_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_api_token")),
    )
    protect(TOKEN, "people")
    op.create_table(
        KEY,
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", _number(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("spent_until", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["tenant.id"], name=op.f("fk_api_key_organisation_id_tenant")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_key")),
    )
    op.create_index("ix_api_key_organisation_id", KEY, ["organisation_id"])
    # A token is nobody's: whose clients its reseller looks after is asked in the name of the reseller.
    show("management_grant", "named_manager", f"manager_id = {setting('app.manager', 'bigint')}")


def downgrade() -> None:
    """Take this step back: no token opens anything any more."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY named_manager ON management_grant")
    op.drop_table(KEY)
    unprotect(TOKEN)
    op.drop_table(TOKEN)
