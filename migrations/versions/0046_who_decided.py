"""What is left out is proposed and approved; who set an interval stands beside it, with the day and the reason.

Whoever left something out before approving was a step of its own, approved it by that.
"""

import sqlalchemy as sa
from alembic import op

from migrations.security import unforced

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

STATES = ("approved", "proposed", "refused", "withdrawn")
IN_FORCE, WAITING = "ended_at IS NULL AND state = 'approved'", "ended_at IS NULL AND state = 'proposed'"
BEFORE = "ended_at IS NULL"
KEY = ["tenant_id", "item_id", "part"]
PEOPLE = ("author_id", "decided_by_id")
FILLED = ("state", "decided_by", "alone", "refusal")


def upgrade() -> None:
    """Apply this step."""
    state = sa.Enum(*STATES, name="waiverstate", native_enum=False, create_constraint=True, length=40)
    with unforced("waiver"):
        with op.batch_alter_table("waiver") as batch_op:
            batch_op.add_column(sa.Column("state", state, server_default="approved", nullable=False))
            for name in PEOPLE:
                batch_op.add_column(sa.Column(name, sa.Uuid(), nullable=True))
                batch_op.create_foreign_key(op.f(f"fk_waiver_{name}_user"), "user", [name], ["id"])
            batch_op.add_column(sa.Column("proposed_on", sa.Date(), nullable=True))
            batch_op.add_column(sa.Column("decided_by", sa.String(length=200), server_default="", nullable=False))
            batch_op.add_column(sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False))
            batch_op.add_column(sa.Column("refusal", sa.LargeBinary(), server_default="", nullable=False))
            batch_op.create_check_constraint(
                op.f("ck_waiver_two"), "alone OR state <> 'approved' OR decided_by_id <> author_id"
            )
        op.execute("UPDATE waiver SET decided_by = author, proposed_on = starts_on")
        with op.batch_alter_table("waiver") as batch_op:
            for name in FILLED:
                batch_op.alter_column(name, server_default=None)
    _index("uq_waiver_current", IN_FORCE, again=True)
    _index("uq_waiver_waiting", WAITING)
    with op.batch_alter_table("interval_setting") as batch_op:
        batch_op.add_column(sa.Column("set_by", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("set_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.LargeBinary(), server_default="", nullable=False))
    with op.batch_alter_table("interval_setting") as batch_op:
        for name in ("set_by", "reason"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    """Take this step back: what nobody approved was never left out, and goes."""
    with op.batch_alter_table("interval_setting") as batch_op:
        for name in ("set_by", "set_on", "reason"):
            batch_op.drop_column(name)
    with unforced("waiver"):
        op.execute("DELETE FROM waiver WHERE state <> 'approved'")
        op.drop_index("uq_waiver_waiting", "waiver")
        _index("uq_waiver_current", BEFORE, again=True)
        with op.batch_alter_table("waiver") as batch_op:
            batch_op.drop_constraint(op.f("ck_waiver_two"), type_="check")
            batch_op.drop_constraint(op.f("ck_waiver_waiverstate"), type_="check")
            for name in PEOPLE:
                batch_op.drop_constraint(op.f(f"fk_waiver_{name}_user"), type_="foreignkey")
            for name in (*FILLED, *PEOPLE, "proposed_on"):
                batch_op.drop_column(name)


def _index(name: str, condition: str, *, again: bool = False) -> None:
    if again:
        op.drop_index(name, "waiver")
    where = sa.text(condition)
    op.create_index(name, "waiver", KEY, unique=True, sqlite_where=where, postgresql_where=where)
