"""Links for people without an account; audiences, signs and the day plan of the runbook."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unforced, unprotect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PURPOSES = ("invitation", "client", "reset", "email_change")
TOPICS = ("task", "copy", "instruction", "contact", "party", "asset")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _words(name: str, *values: str) -> sa.Enum:
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
    """Apply this step."""
    _allow_purposes(*PURPOSES, "plan")
    with op.batch_alter_table("mailed_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_at", _instant(), nullable=True))
    _owned(
        "plan_link",
        sa.Column("topic", _words("topic", *TOPICS), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", _words("language", "nl", "en"), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", _instant(), nullable=False),
        sa.Column("answered_at", _instant(), nullable=True),
        sa.Column("revoked_at", _instant(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_plan_link_subject_id", "plan_link", ["tenant_id", "subject_id"])
    protect("plan_link", "plan")
    _runbook()


def _runbook() -> None:
    _owned(
        "activation_sign",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("archived_at", _instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    protect("activation_sign", "plan")
    _owned(
        "audience",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.LargeBinary(), nullable=False),
        sa.Column("archived_at", _instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _points("audience", "contact_id", "contact"),
        _points("audience", "deputy_id", "contact"),
    )
    protect("audience", "plan")
    with unforced("recovery_step", "contact"), op.batch_alter_table("recovery_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("contact_id", sa.Uuid(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_recovery_step_minutes"), "minutes IS NULL OR minutes > 0")
        batch_op.create_foreign_key(
            op.f("fk_recovery_step_tenant_id_contact_id_contact"),
            "contact",
            ["tenant_id", "contact_id"],
            ["tenant_id", "id"],
        )
    _owned(
        "recovery_step_need",
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("needed_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("step_id <> needed_id", name=op.f("ck_recovery_step_need_other")),
        _points("recovery_step_need", "step_id", "recovery_step"),
        _points("recovery_step_need", "needed_id", "recovery_step"),
        sa.UniqueConstraint(
            "tenant_id", "step_id", "needed_id", name=op.f("uq_recovery_step_need_tenant_id_step_id_needed_id")
        ),
    )
    protect("recovery_step_need", "plan", erasable=True)


def downgrade() -> None:
    """Take this step back."""
    unprotect("recovery_step_need")
    op.drop_table("recovery_step_need")
    with op.batch_alter_table("recovery_step", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_recovery_step_tenant_id_contact_id_contact"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_recovery_step_minutes"), type_="check")
        batch_op.drop_column("contact_id")
        batch_op.drop_column("minutes")
    for table in ("audience", "activation_sign", "plan_link"):
        unprotect(table)
        op.drop_table(table)
    with op.batch_alter_table("mailed_link", schema=None) as batch_op:
        batch_op.drop_column("opened_at")
    op.execute("DELETE FROM mailed_link WHERE purpose = 'plan'")
    _allow_purposes(*PURPOSES)


def _allow_purposes(*purposes: str) -> None:
    """Let mailed links be for these purposes and no other."""
    told = ", ".join(f"'{one}'" for one in purposes)
    with op.batch_alter_table("mailed_link", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_mailed_link_linkpurpose"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mailed_link_linkpurpose"), f"purpose IN ({told})")
