"""The outbox, mailed links and invitations, and signing in at an organisation's own provider."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", _number(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("language", _words("language", "nl", "en"), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("state", _words("mailstate", "waiting", "sent", "failed", "given_up"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", _instant(), nullable=False),
        sa.Column("due_at", _instant(), nullable=False),
        sa.Column("useful_until", _instant(), nullable=True),
        sa.Column("done_at", _instant(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
    )
    op.create_index("ix_outbox_mail_state_due_at", "outbox_mail", ["state", "due_at"])
    op.create_index("ix_outbox_mail_recipient", "outbox_mail", ["recipient", "queued_at"])
    _links()
    _sign_on()


def _links() -> None:
    purposes = ("invitation", "client", "reset", "email_change")
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", _words("linkpurpose", *purposes), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", _number(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("made_at", _instant(), nullable=False),
        sa.Column("expires_at", _instant(), nullable=False),
        sa.Column("ended_at", _instant(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["tenant.id"], name=op.f("fk_mailed_link_organisation_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mailed_link_token_hash")),
    )
    op.create_index("ix_mailed_link_about", "mailed_link", ["about"])
    op.create_table(
        "invitation",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("seat", _words("seat", "member", "auditor"), nullable=False),
        sa.Column("role", _words("role", "owner", "editor", "reader"), nullable=True),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.Boolean(), nullable=False),
        sa.Column("continuity", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", _instant(), nullable=False),
        sa.Column("accepted_at", _instant(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", _instant(), nullable=True),
        sa.CheckConstraint("(seat = 'member') = (role IS NOT NULL)", name=op.f("ck_invitation_role_of_member")),
        sa.CheckConstraint("seat = 'member' OR plan OR continuity", name=op.f("ck_invitation_some_area")),
        sa.CheckConstraint(
            "seat = 'member' OR (starts_on IS NOT NULL AND ends_on IS NOT NULL AND ends_on >= starts_on)",
            name=op.f("ck_invitation_days_of_auditor"),
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["user.id"], name=op.f("fk_invitation_accepted_by_user")),
        sa.ForeignKeyConstraint(["invited_by"], ["user.id"], name=op.f("fk_invitation_invited_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_invitation_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invitation")),
    )
    protect("invitation", "people")


def _sign_on() -> None:
    op.create_table(
        "sign_on_provider",
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("client_secret", sa.LargeBinary(), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_sign_on_provider_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sign_on_provider")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_sign_on_provider_tenant_id")),
    )
    protect("sign_on_provider", "people", erasable=True)
    op.create_table(
        "sign_on_domain",
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("organisation_id", _number(), nullable=False),
        sa.Column("proved_at", _instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["tenant.id"], name=op.f("fk_sign_on_domain_organisation_id_tenant")
        ),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_sign_on_domain")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_sign_on_domain_organisation_id")),
    )
    op.create_table(
        "linked_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", _number(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", _instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["tenant.id"], name=op.f("fk_linked_identity_organisation_id_tenant")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_linked_identity_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint(
            "organisation_id", "issuer", "subject", name=op.f("uq_linked_identity_organisation_id_issuer_subject")
        ),
    )
    op.create_index(op.f("ix_linked_identity_user_id"), "linked_identity", ["user_id"])


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("linked_identity")
    op.drop_table("sign_on_domain")
    unprotect("sign_on_provider")
    op.drop_table("sign_on_provider")
    unprotect("invitation")
    op.drop_table("invitation")
    op.drop_table("mailed_link")
    op.drop_table("outbox_mail")
