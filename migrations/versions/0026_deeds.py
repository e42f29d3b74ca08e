"""Deeds in two languages that can be revoked and end, invitations to accept one, and what clients declared."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unforced, unprotect

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

PURPOSES = ("invitation", "client", "reset", "email_change", "plan")
LANGUAGES = ("nl", "en")
DEED_STATES = ("draft", "offered", "revoked", "superseded", "ended")
AUTHORITIES = ("register", "jointly", "mandate", "other")
ADDRESSEES = ("supplier", "foundation")
KINDS = ("accept", "reject", "withdraw", "late", "admit", "refuse")
DEED_COLUMNS = ("text_en", "conditions_en", "irrevocable_free", "closed_why")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _owned(table: str, *rest: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *rest,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}_{target}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=name)


def upgrade() -> None:
    """Apply this step: of several versions that were published, all but the newest are superseded."""
    # What is empty is no bytes at all: to SQLite '' would be a text.
    nothing = sa.text("''" if op.get_bind().dialect.name == "postgresql" else "X''")
    with op.batch_alter_table("deed_version") as batch_op:
        batch_op.add_column(sa.Column("text_en", sa.LargeBinary(), server_default=nothing, nullable=False))
        batch_op.add_column(sa.Column("conditions_en", sa.LargeBinary(), server_default=nothing, nullable=False))
        batch_op.add_column(sa.Column("irrevocable_free", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("closed_as", _words("deedstate", DEED_STATES), nullable=True))
        batch_op.add_column(sa.Column("closed_why", sa.LargeBinary(), server_default=nothing, nullable=False))
    with op.batch_alter_table("deed_version") as batch_op:
        for name in DEED_COLUMNS:
            batch_op.alter_column(name, server_default=None)
    with unforced("deed_version"):
        op.execute(
            "UPDATE deed_version SET closed_as = 'superseded', closed_on = ("
            " SELECT min(newer.published_on) FROM deed_version AS newer WHERE newer.tenant_id = deed_version.tenant_id"
            " AND newer.registration_id = deed_version.registration_id AND newer.number > deed_version.number)"
            " WHERE published_on IS NOT NULL AND EXISTS ("
            " SELECT 1 FROM deed_version AS newer WHERE newer.tenant_id = deed_version.tenant_id"
            " AND newer.registration_id = deed_version.registration_id AND newer.number > deed_version.number"
            " AND newer.published_on IS NOT NULL)"
        )
    with unforced("client"), op.batch_alter_table("client") as batch_op:
        batch_op.add_column(sa.Column("language", _words("language", LANGUAGES), nullable=True))
        batch_op.add_column(sa.Column("organisation_id", _number(), nullable=True))
        batch_op.add_column(sa.Column("claimed_at", _instant(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_client_organisation_id_tenant"), "tenant", ["organisation_id"], ["id"])
    with op.batch_alter_table("acceptance") as batch_op:
        batch_op.add_column(sa.Column("authority", _words("authority", AUTHORITIES), nullable=True))
        batch_op.add_column(sa.Column("addressee", _words("addressee", ADDRESSEES), nullable=True))
        batch_op.add_column(sa.Column("admitted_by", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("ended_why", sa.LargeBinary(), server_default=nothing, nullable=False))
    with op.batch_alter_table("acceptance") as batch_op:
        for name in ("admitted_by", "ended_why"):
            batch_op.alter_column(name, server_default=None)
    _tables()
    _allow_purposes(*PURPOSES, "deed")


def _tables() -> None:
    _owned(
        "condition_check",
        sa.Column("acceptance_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _points("condition_check", "acceptance_id", "acceptance"),
        sa.UniqueConstraint(
            "tenant_id", "acceptance_id", "position", name=op.f("uq_condition_check_tenant_id_acceptance_id_position")
        ),
    )
    protect("condition_check", "continuity")
    _owned(
        "deed_invitation",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("deed_version_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("language", _words("language", LANGUAGES), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", _instant(), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("viewed_at", _instant(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_until", _instant(), nullable=True),
        sa.Column("revoked_at", _instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _points("deed_invitation", "client_id", "client"),
        _points("deed_invitation", "deed_version_id", "deed_version"),
        sa.UniqueConstraint(
            "tenant_id",
            "client_id",
            "deed_version_id",
            name=op.f("uq_deed_invitation_tenant_id_client_id_deed_version_id"),
        ),
    )
    protect("deed_invitation", "continuity")
    _declarations()
    _owned(
        "cover_claim",
        sa.Column("supplier_id", _number(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("claimed_by", sa.String(length=200), nullable=False),
        sa.Column("claimed_at", _instant(), nullable=False),
        sa.Column("ended_at", _instant(), nullable=True),
        sa.ForeignKeyConstraint(["supplier_id"], ["tenant.id"], name=op.f("fk_cover_claim_supplier_id_tenant")),
    )
    op.create_index("ix_cover_claim_supplier_id", "cover_claim", ["supplier_id"])
    protect("cover_claim", "continuity")


def _declarations() -> None:
    _owned(
        "declaration",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("deed_version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("declarationkind", KINDS), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("declared_as", sa.String(length=200), nullable=False),
        sa.Column("authority", _words("authority", AUTHORITIES), nullable=True),
        sa.Column("addressee", _words("addressee", ADDRESSEES), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", _instant(), nullable=False),
        sa.Column("deed_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_type", sa.String(length=100), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("receipt_sha256", sa.String(length=64), nullable=False),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        _points("declaration", "client_id", "client"),
        _points("declaration", "deed_version_id", "deed_version"),
        _points("declaration", "answers_id", "declaration"),
        sa.UniqueConstraint("tenant_id", "answers_id", name=op.f("uq_declaration_tenant_id_answers_id")),
    )
    op.create_index("ix_declaration_client_id", "declaration", ["tenant_id", "client_id"])
    protect("declaration", "continuity")


def downgrade() -> None:
    """Take this step back: what was declared stays in the acceptances; links to deeds go."""
    op.execute("DELETE FROM mailed_link WHERE purpose = 'deed'")
    _allow_purposes(*PURPOSES)
    for table in ("cover_claim", "declaration", "deed_invitation", "condition_check"):
        unprotect(table)
        op.drop_table(table)
    with op.batch_alter_table("acceptance") as batch_op:
        for name in ("authority", "addressee"):
            batch_op.drop_constraint(op.f(f"ck_acceptance_{name}"), type_="check")
        for name in ("ended_why", "admitted_by", "addressee", "authority"):
            batch_op.drop_column(name)
    with op.batch_alter_table("client") as batch_op:
        batch_op.drop_constraint(op.f("fk_client_organisation_id_tenant"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_client_language"), type_="check")
        for name in ("claimed_at", "organisation_id", "language"):
            batch_op.drop_column(name)
    with op.batch_alter_table("deed_version") as batch_op:
        batch_op.drop_constraint(op.f("ck_deed_version_deedstate"), type_="check")
        for name in ("closed_why", "closed_as", "closed_on", "irrevocable_free", "conditions_en", "text_en"):
            batch_op.drop_column(name)


def _allow_purposes(*purposes: str) -> None:
    """Let mailed links be for these purposes and no other."""
    told = ", ".join(f"'{one}'" for one in purposes)
    with op.batch_alter_table("mailed_link") as batch_op:
        batch_op.drop_constraint(op.f("ck_mailed_link_linkpurpose"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mailed_link_linkpurpose"), f"purpose IN ({told})")
