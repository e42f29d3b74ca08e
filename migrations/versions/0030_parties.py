"""What leads to the type of a scheme, agreements that follow each other, and the word of a counterparty by a link."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unforced, unprotect

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ANSWERS = ("buys_hosting", "manages_servers", "supplies_licences")
KINDS = ("framework", "supply", "service")
TOPICS = ("task", "copy", "instruction", "contact", "party", "asset", "payments")
PURPOSES = ("invitation", "client", "reset", "email_change", "plan", "deed", "reminder")
SIGNED = ("first_signed_by", "second_signed_by")
FOLLOWS = "fk_agreement_tenant_id_follows_id_agreement"
SAID_BY = ("knows_by", "signed_by")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply this step."""
    _registration()
    _agreement()
    with op.batch_alter_table("counterparty") as batch_op:
        for name in SAID_BY:
            batch_op.add_column(sa.Column(name, sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("refused_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("refused_by", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("refused_why", sa.LargeBinary(), server_default="", nullable=False))
    with op.batch_alter_table("counterparty") as batch_op:
        for name in (*SAID_BY, "refused_by", "refused_why"):
            batch_op.alter_column(name, server_default=None)
    _allow("plan_link", "ck_plan_link_topic", "topic", *TOPICS, "willing")
    _allow("mailed_link", "ck_mailed_link_linkpurpose", "purpose", *PURPOSES, "scheme")
    _links()


def _registration() -> None:
    with op.batch_alter_table("registration") as batch_op:
        for name in ANSWERS:
            batch_op.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("type_reason", sa.LargeBinary(), server_default="", nullable=False))
    with op.batch_alter_table("registration") as batch_op:
        for name in (*ANSWERS, "type_reason"):
            batch_op.alter_column(name, server_default=None)


def _agreement() -> None:
    every, unit = _words("feeevery", "once", "month", "year"), _words("noticeunit", "days", "months")
    with unforced("agreement"), op.batch_alter_table("agreement") as batch_op:
        for name in SIGNED:
            batch_op.add_column(sa.Column(name, sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("notice_length", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("notice_unit", unit, server_default="months", nullable=False))
        batch_op.add_column(sa.Column("duration_months", sa.Integer(), server_default="3", nullable=False))
        batch_op.add_column(sa.Column("fee_every", every, server_default="month", nullable=False))
        batch_op.add_column(sa.Column("follows_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f(FOLLOWS), "agreement", ["tenant_id", "follows_id"], ["tenant_id", "id"])
        batch_op.create_check_constraint(op.f("ck_agreement_duration"), "duration_months >= 1")
        batch_op.create_check_constraint(op.f("ck_agreement_notice"), "notice_length >= 0")
    with op.batch_alter_table("agreement") as batch_op:
        for name in (*SIGNED, "notice_unit", "duration_months", "fee_every"):
            batch_op.alter_column(name, server_default=None)
    _allow("agreement", "ck_agreement_agreementkind", "kind", *KINDS, "processor")


def _links() -> None:
    op.create_table(
        "scheme_link",
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic", _words("topic", *TOPICS, "willing"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", _words("language", "nl", "en"), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_scheme_link_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_scheme_link")),
    )
    op.create_index("ix_scheme_link_subject_id", "scheme_link", ["tenant_id", "subject_id"])
    protect("scheme_link", "continuity")


def downgrade() -> None:
    """Take this step back. What knows of no processor agreement keeps it as one with a client."""
    op.execute("DELETE FROM mailed_link WHERE purpose = 'scheme'")
    unprotect("scheme_link")
    op.drop_table("scheme_link")
    _allow("mailed_link", "ck_mailed_link_linkpurpose", "purpose", *PURPOSES)
    _allow("plan_link", "ck_plan_link_topic", "topic", *TOPICS)
    with op.batch_alter_table("counterparty") as batch_op:
        for name in (*SAID_BY, "refused_on", "refused_by", "refused_why"):
            batch_op.drop_column(name)
    with unforced("agreement"):
        op.execute("UPDATE agreement SET kind = 'service' WHERE kind = 'processor'")
    _allow("agreement", "ck_agreement_agreementkind", "kind", *KINDS)
    with op.batch_alter_table("agreement") as batch_op:
        batch_op.drop_constraint(op.f(FOLLOWS), type_="foreignkey")
        for name in ("feeevery", "noticeunit", "duration", "notice"):
            batch_op.drop_constraint(op.f(f"ck_agreement_{name}"), type_="check")
        for name in (*SIGNED, "notice_length", "notice_unit", "duration_months", "fee_every", "follows_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("registration") as batch_op:
        for name in (*ANSWERS, "type_reason"):
            batch_op.drop_column(name)


def _allow(table: str, constraint: str, column: str, *values: str) -> None:
    """Let a column hold these words and no other."""
    told = ", ".join(f"'{one}'" for one in values)
    with unforced(table), op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(constraint), type_="check")
        batch_op.create_check_constraint(op.f(constraint), f"{column} IN ({told})")
