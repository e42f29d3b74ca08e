"""Reminders: what was noted, who was told, what was answered, and how people want to be reminded."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

PURPOSES = ("invitation", "client", "reset", "email_change", "plan", "deed")
RUNGS = ("60_before", "30_before", "7_before", "last_day", "7_after", "30_after")
AREA = "audit"
TABLES = ("reminder_hold", "reminder_told", "reminder")


def upgrade() -> None:
    """Apply this step."""
    _owned(
        "reminder",
        *_version(),
        sa.Column("rung", _one_of("rung", *RUNGS), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.UniqueConstraint(
            "tenant_id",
            "rule_code",
            "subject_key",
            "until",
            "rung",
            name=op.f("uq_reminder_tenant_id_rule_code_subject_key_until_rung"),
        ),
    )
    op.create_index("ix_reminder_noted_on", "reminder", ["tenant_id", "noted_on"])
    _owned(
        "reminder_told",
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        _person("reminder_told"),
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reminder_id"],
            ["reminder.tenant_id", "reminder.id"],
            name=op.f("fk_reminder_told_tenant_id_reminder_id_reminder"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "reminder_id", "user_id", name=op.f("uq_reminder_told_tenant_id_reminder_id_user_id")
        ),
    )
    op.create_index("ix_reminder_told_user_id", "reminder_told", ["user_id"])
    _owned(
        "reminder_hold",
        *_version(),
        sa.Column("kind", _one_of("holdkind", "acknowledged", "snoozed"), nullable=False),
        sa.Column("holds_until", sa.Date(), nullable=False),
        _person("reminder_hold"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        append_only=True,
    )
    op.create_index("ix_reminder_hold_holds_until", "reminder_hold", ["tenant_id", "holds_until"])
    op.create_table(
        "reminder_choice",
        _person("reminder_choice"),
        sa.Column("frequency", _one_of("frequency", "daily", "weekly", "never"), nullable=False),
        sa.Column("calendar_hash", sa.String(length=64), nullable=True),
        sa.Column("calendar_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reminder_choice")),
        sa.UniqueConstraint("calendar_hash", name=op.f("uq_reminder_choice_calendar_hash")),
    )
    _allow_purposes(*PURPOSES, "reminder")


def downgrade() -> None:
    """Take this step back: links in reminders go."""
    op.execute("DELETE FROM mailed_link WHERE purpose = 'reminder'")
    _allow_purposes(*PURPOSES)
    op.drop_table("reminder_choice")
    for table in TABLES:
        unprotect(table)
        op.drop_table(table)


def _version() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("rule_code", sa.String(length=60), nullable=False),
        sa.Column("subject_key", sa.String(length=120), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
    )


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _person(table: str) -> sa.Column[object]:
    named = op.f(f"fk_{table}_user_id_user")
    return sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user.id", name=named), nullable=False)


def _owned(name: str, *columns: sa.schema.SchemaItem, append_only: bool = False) -> None:
    op.create_table(
        name,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{name}_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )
    protect(name, AREA, append_only=append_only)


def _allow_purposes(*purposes: str) -> None:
    """Let mailed links be for these purposes and no other."""
    told = ", ".join(f"'{one}'" for one in purposes)
    with op.batch_alter_table("mailed_link") as batch_op:
        batch_op.drop_constraint(op.f("ck_mailed_link_linkpurpose"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mailed_link_linkpurpose"), f"purpose IN ({told})")
