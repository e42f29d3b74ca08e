"""The announced end of a scheme, and what a foundation says of its notice and its reminders."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0079"
down_revision = "0077"
branch_labels = None
depends_on = None

TABLE, TERMS = "scheme_notice", "foundation_terms"
STAGES = ("given", "taken-back", "ended")
ROLES = ("facts", "supplier", "foundation", "two-officers")
OPEN = sa.text("stage = 'given'")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        TABLE,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("role", _words(ROLES, "by"), nullable=False),
        sa.Column("stage", _words(STAGES, "noticestage"), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_scheme_notice_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "registration_id"],
            ["registration.tenant_id", "registration.id"],
            name=op.f("fk_scheme_notice_tenant_id_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_scheme_notice")),
    )
    op.create_index(
        "uq_scheme_notice_open",
        TABLE,
        ["tenant_id", "registration_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    protect(TABLE, "continuity")
    op.create_table(
        TERMS,
        sa.Column("foundation_id", _number(), autoincrement=False, nullable=False),
        sa.Column("notice_months", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("notice_months >= 1", name=op.f("ck_foundation_terms_notice")),
        sa.CheckConstraint("answer_days >= 1", name=op.f("ck_foundation_terms_answer")),
        sa.ForeignKeyConstraint(
            ["foundation_id"], ["tenant.id"], name=op.f("fk_foundation_terms_foundation_id_tenant")
        ),
        sa.PrimaryKeyConstraint("foundation_id", name=op.f("pk_foundation_terms")),
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_table(TERMS)
    unprotect(TABLE)
    op.drop_table(TABLE)
