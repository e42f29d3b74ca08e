"""Reports made in the background, and the schedules by which some are made again and again."""

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

AREA = "audit"
TABLES = ("made_report", "schedule_person", "report_schedule")


def upgrade() -> None:
    """Apply this step."""
    _owned(
        "report_schedule",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("cadence", _one_of("cadence", "weekly", "monthly", "quarterly"), nullable=False),
        _language(),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name=op.f("fk_report_schedule_added_by_id_user")),
    )
    _owned(
        "schedule_person",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _schedule("schedule_person"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_schedule_person_user_id_user")),
        sa.UniqueConstraint(
            "tenant_id", "schedule_id", "user_id", name=op.f("uq_schedule_person_tenant_id_schedule_id_user_id")
        ),
    )
    _owned(
        "made_report",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        _language(),
        sa.Column("schedule_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan", sa.Boolean(), nullable=False),
        sa.Column("continuity", sa.Boolean(), nullable=False),
        sa.Column("trail", sa.Boolean(), nullable=False),
        sa.Column("clients", sa.JSON(), nullable=False),
        sa.Column("state", _one_of("madestate", "waiting", "making", "ready", "failed", "refused"), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_size", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        _schedule("made_report"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_made_report_asked_by_id_user")),
    )
    op.create_index("ix_made_report_asked_at", "made_report", ["tenant_id", "asked_at"])


def downgrade() -> None:
    """Take this step back."""
    for table in TABLES:
        unprotect(table)
        op.drop_table(table)


def _owned(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )
    protect(table, AREA)


def _schedule(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "schedule_id"],
        ["report_schedule.tenant_id", "report_schedule.id"],
        name=op.f(f"fk_{table}_tenant_id_schedule_id_report_schedule"),
    )


def _language() -> sa.Column[str]:
    return sa.Column("language", _one_of("language", "nl", "en"), nullable=False)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
