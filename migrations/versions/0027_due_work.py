"""Due work as rows with a lease, in place of the runs of jobs."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STATES = ("waiting", "taken", "done", "failed", "passed")
# The zone jobs were planned in, and when nights were due unless a setting said otherwise.
ZONE = ZoneInfo("Europe/Amsterdam")

RUNS = sa.table(
    "job_run",
    sa.column("id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("period", sa.DateTime(timezone=True)),
    sa.column("started_at", sa.DateTime(timezone=True)),
    sa.column("finished_at", sa.DateTime(timezone=True)),
)
WORK = sa.table(
    "due_work",
    sa.column("id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("about", sa.String()),
    sa.column("period", sa.Date()),
    sa.column("state", sa.String()),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("failures", sa.Integer()),
    sa.column("error", sa.String()),
    sa.column("started_at", sa.DateTime(timezone=True)),
    sa.column("done_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Apply this step: runs that were finished stay known, so that no night is done twice."""
    op.create_table(
        "due_work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="workstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_work")),
        sa.UniqueConstraint("kind", "about", "period", name=op.f("uq_due_work_kind_about_period")),
    )
    op.create_index("ix_due_work_kind_state_due_at", "due_work", ["kind", "state", "due_at"])
    known: set[tuple[str, object]] = set()
    for run in op.get_bind().execute(sa.select(RUNS).where(RUNS.c.finished_at.is_not(None)).order_by(RUNS.c.period)):
        day = run.period.replace(tzinfo=run.period.tzinfo or UTC).astimezone(ZONE).date()
        if (run.kind, day) not in known:
            known.add((run.kind, day))
            told = {"about": "", "period": day, "state": "done", "due_at": run.started_at, "failures": 0, "error": ""}
            told |= {"id": run.id, "kind": run.kind, "started_at": run.started_at, "done_at": run.finished_at}
            op.get_bind().execute(sa.insert(WORK).values(**told))
    op.drop_table("job_run")


def downgrade() -> None:
    """Take this step back: of what is due only the nights that were done stay known."""
    op.create_table(
        "job_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("period", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("kind", "period", name=op.f("uq_job_run_kind_period")),
    )
    done = sa.select(WORK).where(WORK.c.state == "done", WORK.c.about == "")
    for one in op.get_bind().execute(done).all():
        period = datetime(one.period.year, one.period.month, one.period.day, 4, 30, tzinfo=ZONE)
        told = {"id": one.id, "kind": one.kind, "period": period}
        op.get_bind().execute(sa.insert(RUNS).values(started_at=one.started_at, finished_at=one.done_at, **told))
    op.drop_index("ix_due_work_kind_state_due_at", table_name="due_work")
    op.drop_table("due_work")
