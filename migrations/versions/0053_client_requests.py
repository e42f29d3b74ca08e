"""Clients ask the foundation for continuity: what they asked, the steps it took, and what to do before the end."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.security import protect, unprotect

revision = "0053"
down_revision = "0058"
branch_labels = None
depends_on = None

AREA = "continuity"
HOW = ("link", "organisation", "foundation")
CAME_IN = ("phone", "letter", "e-mail", "visit")
STATES = (
    "asked", "checking", "granted", "refused", "fee-due", "served", "exited", "ended", "withdrawn", "false-alarm",
)  # fmt: skip
ROLES = ("client", "foundation", "scheme")
LIVE = sa.text("state IN ('asked', 'checking', 'granted', 'fee-due', 'served')")
REQUEST, STEP, TASK = "client_request", "request_step", "exit_task"


def upgrade() -> None:
    """Apply this step."""
    _requests()
    _steps()
    _tasks()
    for table in (REQUEST, STEP, TASK):
        protect(table, AREA)


def downgrade() -> None:
    """Take this step back."""
    for table in (TASK, STEP, REQUEST):
        unprotect(table)
        op.drop_table(table)


def _requests() -> None:
    _owned(
        REQUEST,
        {"registration_id": "registration", "client_id": "client", "acceptance_id": "acceptance",
         "case_id": "trigger_case"},
        sa.Column("asked_how", _words("askedby", HOW), nullable=False),
        sa.Column("came_in", _words("camein", CAME_IN), nullable=True),
        _name("recorded_by"),
        _name("asked_by"),
        _name("asked_as"),
        _sealed("email"),
        _sealed("note"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _words("requeststate", STATES), nullable=False),
        _sealed("checked"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        _name("decided_by"),
        _sealed("reason"),
        sa.Column("fee_amount", sa.BigInteger(), nullable=True),
        *(_day(name) for name in ("fee_due_on", "fee_paid_on", "served_on", "exited_on")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("fee_amount >= 0", name=op.f("ck_client_request_fee")),
        sa.CheckConstraint(
            "(recorded_by <> '') = (asked_how = 'foundation')", name=op.f("ck_client_request_recorded")
        ),
    )  # fmt: skip
    op.create_index("ix_client_request_registration_id", REQUEST, ["tenant_id", "registration_id"])
    op.create_index(
        "uq_client_request_live",
        REQUEST,
        ["tenant_id", "client_id", "case_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def _steps() -> None:
    _owned(
        STEP,
        {"request_id": REQUEST},
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("left", _words("left", STATES), nullable=True),
        sa.Column("reached", _words("reached", STATES), nullable=False),
        sa.Column("role", _words("requestrole", ROLES), nullable=False),
        _name("taken_by"),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        _sealed("reason"),
        sa.UniqueConstraint(
            "tenant_id", "request_id", "number", name=op.f("uq_request_step_tenant_id_request_id_number")
        ),
    )


def _tasks() -> None:
    _owned(
        TASK,
        {"request_id": REQUEST},
        sa.Column("position", sa.Integer(), nullable=False),
        _sealed("label"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _day("done_on"),
        _name("done_by"),
        _sealed("note"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint(
            "tenant_id", "request_id", "position", name=op.f("uq_exit_task_tenant_id_request_id_position")
        ),
    )


def _owned(table: str, under: dict[str, str], *columns: sa.Column[Any] | sa.Constraint) -> None:
    """Make a table whose rows hang under rows of the same organisation. under: the table of each column."""
    op.create_table(
        table,
        sa.Column(
            "tenant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in under),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id_tenant")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", name],
                [f"{one}.tenant_id", f"{one}.id"],
                name=op.f(f"fk_{table}_tenant_id_{name}_{one}"),
            )
            for name, one in under.items()
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _sealed(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _name(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=200), nullable=False)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=True)
