"""How far each scheme is, the steps it took, and the proof on which it is triggered by two officers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core import clock
from core.ids import new_id
from migrations.security import protect, unforced, unprotect

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

LADDER = ("draft", "supplier-signed", "counterparty-known", "counterparty-willing", "counterparty-signed", "offered")
STATES = (*LADDER, "active", "suspended", "triggered", "running", "closed", "terminated")
ROLES = ("facts", "supplier", "foundation", "two-officers")
KINDS = (
    "declared-bankrupt",
    "ceased",
    "end-of-maintenance",
    "suspension-of-payments",
    "take-over",
    "unpaid-upstream",
    "silence",
)
PROOFS = ("insolvency-register", "court-decision", "trade-register", "notice", "other")
STAGES = ("signal", "filed", "activated", "refused", "alarm-asked", "false-alarm", "closed")
DECLARED = "(declared_bankrupt_on IS NOT NULL) = (state IN ('triggered', 'running', 'closed'))"
OPEN_CASE = sa.text("stage IN ('filed', 'activated', 'alarm-asked')")
READ = ("registration", "agreement", "counterparty", "deed_version", "client", "acceptance")
# How far each registration came by what was recorded of it, as one number for each of the six first states.
FACTS = sa.text("""
SELECT r.tenant_id, r.id, r.declared_bankrupt_on,
  EXISTS (SELECT 1 FROM agreement a WHERE a.tenant_id = r.tenant_id AND a.registration_id = r.id
    AND a.kind = 'framework' AND a.archived_at IS NULL
    AND a.first_signed_on IS NOT NULL AND a.second_signed_on IS NOT NULL) AS signed,
  c.knows_on IS NOT NULL AS known,
  c.willing_on IS NOT NULL AS willing,
  c.signed_on IS NOT NULL AS counterparty_signed,
  EXISTS (SELECT 1 FROM deed_version d WHERE d.tenant_id = r.tenant_id AND d.registration_id = r.id
    AND d.published_on IS NOT NULL) AS offered,
  EXISTS (SELECT 1 FROM client k JOIN acceptance x ON x.tenant_id = k.tenant_id AND x.client_id = k.id
    WHERE k.tenant_id = r.tenant_id AND k.registration_id = r.id AND k.archived_at IS NULL
    AND x.ended_on IS NULL) AS accepted
FROM registration r LEFT JOIN counterparty c
  ON c.tenant_id = r.tenant_id AND c.registration_id = r.id AND c.archived_at IS NULL
ORDER BY r.tenant_id, r.id
""").columns(id=sa.Uuid(), declared_bankrupt_on=sa.Date())


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _owned(table: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    """Make a table whose rows hang under a registration."""
    op.create_table(
        table,
        sa.Column("tenant_id", _number(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "registration_id"],
            ["registration.tenant_id", "registration.id"],
            name=op.f(f"fk_{table}_tenant_id_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Apply this step."""
    _steps()
    _settings()
    _cases()
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("state", _words("schemestate", STATES), server_default="draft", nullable=False))
    with unforced(*READ, "scheme_step", "trigger_case"):
        _place_rows()
    with unforced("registration"), op.batch_alter_table("registration") as batch_op:
        batch_op.alter_column("state", server_default=None)
        batch_op.create_check_constraint(op.f("ck_registration_declared"), DECLARED)
    protect("scheme_step", "continuity")
    protect("trigger_setting", "continuity")
    protect("trigger_case", "continuity")


def _steps() -> None:
    _owned(
        "scheme_step",
        sa.Column("left", _words("left", STATES), nullable=False),
        sa.Column("reached", _words("reached", STATES), nullable=False),
        sa.Column("role", _words("by", ROLES), nullable=False),
        sa.Column("taken_by", sa.String(length=200), nullable=False),
        sa.Column("taken_at", _instant(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_scheme_step_registration_id", "scheme_step", ["tenant_id", "registration_id"])


def _settings() -> None:
    _owned(
        "trigger_setting",
        sa.Column("kind", _words("triggerkind", KINDS), nullable=False),
        sa.Column("starts", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint(
            "tenant_id", "registration_id", "kind", name=op.f("uq_trigger_setting_tenant_id_registration_id_kind")
        ),
    )


def _cases() -> None:
    _owned(
        "trigger_case",
        sa.Column("kind", _words("triggerkind", KINDS), nullable=False),
        sa.Column("stage", _words("casestage", STAGES), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("proof", _words("triggerproof", PROOFS), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("state_before", _words("state_before", STATES), nullable=True),
        sa.Column("filed_at", _instant(), nullable=False),
        *_officer("filed"),
        sa.Column("approved_at", _instant(), nullable=True),
        *_officer("approved"),
        sa.Column("refused_reason", sa.LargeBinary(), nullable=False),
        sa.Column("back_reason", sa.LargeBinary(), nullable=False),
        sa.Column("back_asked_at", _instant(), nullable=True),
        *_officer("back_asked"),
        sa.Column("back_approved_at", _instant(), nullable=True),
        *_officer("back_approved"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("approved_by_id <> filed_by_id", name=op.f("ck_trigger_case_two")),
        sa.CheckConstraint("back_approved_by_id <> back_asked_by_id", name=op.f("ck_trigger_case_two_back")),
    )
    op.create_index(
        "uq_trigger_case_open",
        "trigger_case",
        ["tenant_id", "registration_id"],
        unique=True,
        sqlite_where=OPEN_CASE,
        postgresql_where=OPEN_CASE,
    )


def _officer(step: str) -> tuple[sa.Column[Any] | sa.Constraint, ...]:
    name = f"{step}_by"
    return (
        sa.Column(name, sa.String(length=200), nullable=False),
        sa.Column(f"{name}_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint([f"{name}_id"], ["user.id"], name=op.f(f"fk_trigger_case_{name}_id_user")),
    )


def _place_rows() -> None:
    """Give each registration the state that what was recorded of it had brought it to."""
    found = op.get_bind().execute(FACTS).all()
    now = clock.now()
    place = sa.text("UPDATE registration SET state = :state WHERE tenant_id = :tenant_id AND id = :id").bindparams(
        sa.bindparam("id", type_=sa.Uuid())
    )
    step, case = _table("scheme_step"), _table("trigger_case")
    for row in found:
        facts = (row.signed, row.known, row.willing, row.counterparty_signed, row.offered)
        before = LADDER[next((rung for rung, there in enumerate(facts) if not there), len(facts))]
        # Until now nobody had to say that it works: where a client relies on it, it did.
        before = "active" if before == "offered" and row.accepted else before
        state = before if row.declared_bankrupt_on is None else "triggered"
        if state == "draft":
            continue
        op.get_bind().execute(place, {"state": state, "tenant_id": row.tenant_id, "id": row.id})
        about = {"tenant_id": row.tenant_id, "registration_id": row.id}
        moved = {"left": "draft", "reached": state, "role": "facts", "taken_by": "Waarborg", "taken_at": now}
        op.execute(step.insert().values(id=new_id(), **about, **moved, reason=b""))
        if state == "triggered":
            what = {"kind": KINDS[0], "stage": "activated", "proof": "other", "happened_on": row.declared_bankrupt_on}
            told = dict.fromkeys(("filed_by", "approved_by", "back_asked_by", "back_approved_by"), "")
            sealed = dict.fromkeys(("reference", "note", "refused_reason", "back_reason"), b"")
            op.execute(
                case.insert().values(
                    id=new_id(), **about, **what, **told, **sealed, state_before=before, filed_at=now, version=1
                )
            )


def _table(name: str) -> sa.TableClause:
    typed: dict[str, sa.types.TypeEngine[Any]] = {
        "id": sa.Uuid(),
        "registration_id": sa.Uuid(),
        "happened_on": sa.Date(),
    }
    typed |= {"filed_at": _instant(), "taken_at": _instant()}
    found = sa.inspect(op.get_bind()).get_columns(name)
    return sa.table(name, *(sa.column(one["name"], typed.get(one["name"], sa.types.NULLTYPE)) for one in found))


def downgrade() -> None:
    """Take this step back."""
    for table in ("trigger_case", "trigger_setting", "scheme_step"):
        unprotect(table)
        op.drop_table(table)
    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_constraint(op.f("ck_registration_declared"), type_="check")
        batch_op.drop_constraint(op.f("ck_registration_schemestate"), type_="check")
        batch_op.drop_column("state")
