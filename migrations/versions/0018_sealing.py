"""Keys of officers, the copies that suppliers compared, sealed deliveries and what was proved with them."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, setting, show, unforced, unprotect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WAYS = ("outside", "sealed", "stored")
CHANGES = ("login", "person-left", "second-step", "system", "other")
STATES = ("pending", "active", "retired", "lost")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _states() -> sa.Enum:
    return _words("keystate", *STATES)


def upgrade() -> None:
    """Apply this step."""
    _keys()
    with op.batch_alter_table("handover_item") as batch_op:
        batch_op.add_column(sa.Column("change_kind", _words("changekind", *CHANGES), nullable=True))
        batch_op.add_column(sa.Column("secret", sa.Boolean(), server_default=sa.true(), nullable=False))
    with unforced("handover_item"):
        op.execute(sa.text("UPDATE handover_item SET secret = :no WHERE kind = 'document'").bindparams(no=False))
    with op.batch_alter_table("handover_item") as batch_op:
        batch_op.alter_column("secret", server_default=None)
    _deliveries()


def _keys() -> None:
    op.create_table(
        "officer_key",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=62), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("state", _states(), nullable=False),
        sa.Column("proof_sealed", sa.String(length=2000), nullable=False),
        sa.Column("proof_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", _instant(), nullable=False),
        sa.Column("proved_at", _instant(), nullable=True),
        sa.Column("ended_at", _instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_officer_key_tenant_id_tenant")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_officer_key_user_id_user")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_officer_key")),
        sa.UniqueConstraint("tenant_id", "fingerprint", name=op.f("uq_officer_key_tenant_id_fingerprint")),
    )
    op.create_index(
        "uq_officer_key_active",
        "officer_key",
        ["tenant_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    protect("officer_key", "continuity")
    # A supplier takes over the public keys of the foundation it registers with.
    show("officer_key", "published", f"tenant_id = {setting('app.officers', 'bigint')} AND state = 'active'")
    op.create_table(
        "trusted_key",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("foundation_id", _number(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=62), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("offered_at", _instant(), nullable=False),
        sa.Column("pinned_at", _instant(), nullable=True),
        sa.Column("pinned_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", _instant(), nullable=True),
        sa.Column("ended_as", _states(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_trusted_key_tenant_id_tenant")),
        sa.ForeignKeyConstraint(["foundation_id"], ["tenant.id"], name=op.f("fk_trusted_key_foundation_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_trusted_key")),
        sa.UniqueConstraint(
            "tenant_id",
            "foundation_id",
            "fingerprint",
            name=op.f("uq_trusted_key_tenant_id_foundation_id_fingerprint"),
        ),
    )
    protect("trusted_key", "continuity")


def _deliveries() -> None:
    added = ("way", "file_name", "file_type", "file_sha256")
    with op.batch_alter_table("handover_delivery") as batch_op:
        batch_op.add_column(sa.Column("way", _words("deliveryway", *WAYS), server_default="outside", nullable=False))
        batch_op.add_column(sa.Column("file_name", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("file_type", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("file_size", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("file_sha256", sa.String(length=64), server_default="", nullable=False))
    with op.batch_alter_table("handover_delivery") as batch_op:
        for name in added:
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "sealed_to",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("probe", sa.LargeBinary(), nullable=False),
        sa.Column("probe_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", _instant(), nullable=True),
        sa.Column("ended_at", _instant(), nullable=True),
        sa.Column("ended_as", _states(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_sealed_to_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["handover_delivery.tenant_id", "handover_delivery.id"],
            name=op.f("fk_sealed_to_tenant_id_delivery_id_handover_delivery"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sealed_to")),
        sa.UniqueConstraint(
            "tenant_id",
            "delivery_id",
            "fingerprint",
            name=op.f("uq_sealed_to_tenant_id_delivery_id_fingerprint"),
        ),
    )
    protect("sealed_to", "continuity")
    op.create_table(
        "handover_proof",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("proofkind", "login", "takeover"), nullable=False),
        sa.Column("proved_on", sa.Date(), nullable=False),
        sa.Column("proved_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_handover_proof_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["handover_delivery.tenant_id", "handover_delivery.id"],
            name=op.f("fk_handover_proof_tenant_id_delivery_id_handover_delivery"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handover_proof")),
    )
    protect("handover_proof", "continuity")


def downgrade() -> None:
    """Take this step back."""
    for table in ("handover_proof", "sealed_to"):
        unprotect(table)
        op.drop_table(table)
    with op.batch_alter_table("handover_delivery") as batch_op:
        batch_op.drop_constraint(op.f("ck_handover_delivery_deliveryway"), type_="check")
        for name in ("way", "file_name", "file_type", "file_size", "file_sha256"):
            batch_op.drop_column(name)
    with op.batch_alter_table("handover_item") as batch_op:
        batch_op.drop_constraint(op.f("ck_handover_item_changekind"), type_="check")
        for name in ("change_kind", "secret"):
            batch_op.drop_column(name)
    for table in ("trusted_key", "officer_key"):
        unprotect(table)
        op.drop_table(table)
