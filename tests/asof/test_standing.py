"""How it stood: a day that is over is told again as it was, byte for byte, whatever changed since."""

import io
import json
import zlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from audits.asof.judged import pack
from audits.asof.models import Evaluation, KeptRows
from audits.asof.rows import kept_classes, read, read_organisations, unpack
from audits.asof.standing import as_it_stood, kept_on
from audits.findings.queries import Filters, findings
from audits.judging.engine import Judgements
from audits.judging.engine import judge as judge_facts
from audits.judging.judgement import Rule, TenantFacts
from audits.rules import RULES
from audits.sweeping import again, looked, sweep
from audits.sweeping.ledger import known_since
from audits.sweeping.looked import load
from audits.workbooks import REPORTS, write
from audits.workbooks.material import Made, gathered
from core import clock, db
from plans.models import Asset, AssetKind, Contact, System, WaiverState
from sample import fill_example
from tenants.owned import Area
from tenants.scope import LockError, Scope, scoped, whole
from tests.cast import Cast, Organisation
from tests.visitor import Visitor

Scoped = Callable[[Organisation], AbstractContextManager[None]]
DAY = date(2025, 3, 3)
AT = datetime(2025, 3, 3, 10, tzinfo=UTC)
NEXT, LATER = DAY + timedelta(days=1), AT + timedelta(days=1)


def judge(app: Flask, day: date, at: datetime, tenant_id: int) -> None:
    with app.app_context():
        assert sweep.run([tenant_id], day, at=at).judged == [tenant_id]


def workbook(app: Flask, tenant_id: int, name: str, day: date) -> bytes:
    """Return the workbook of `day`, made by somebody else at another moment each time."""
    target = io.BytesIO()
    report = next(one for one in REPORTS if one.name == name)
    with app.app_context(), scoped(whole(tenant_id), writes=False), gathered(tenant_id, day) as material:
        write(report, material, Made(clock.now(), f"Reader {clock.now()}"), target)
    return target.getvalue()


@pytest.fixture
def bakery(app: Flask, cast: Cast, scope_of: Scoped) -> Organisation:
    """A bakery that was judged on a day long over, changed on the next and judged again."""
    with scope_of(cast.bakery):
        db.session().add_all([
            Asset(kind=AssetKind.OFFICE_PC, name="Till", holder="Anna", serial_number="0042", location="shop"),
            Contact(name="Anna", phone="+31201234567", is_staff=True, confirmed_on=DAY),
            System(name="Ordering", recovery_priority=1, rto_hours=4),
        ])  # fmt: skip
    judge(app, DAY, AT, cast.bakery.id)
    with scope_of(cast.bakery):
        asset = db.session().scalars(sa.select(Asset)).one()
        asset.name, asset.serial_number = "Cash desk", "0043"
        db.session().add(Asset(kind=AssetKind.OFFICE_PC, name="Oven computer", holder="Anna"))
    judge(app, NEXT, LATER, cast.bakery.id)
    return cast.bakery


def test_a_past_day_shows_the_rows_of_that_day(app: Flask, bakery: Organisation, scope_of: Scoped) -> None:
    with scope_of(bakery):
        with as_it_stood(DAY) as kept:
            assert kept is not None
            assert kept.kept_at == AT
            rows = db.session().scalars(sa.select(Asset)).all()
            assert [(one.name, one.serial_number) for one in rows] == [("Till", "0042")]
        assert {one.name for one in db.session().scalars(sa.select(Asset))} == {"Cash desk", "Oven computer"}


@pytest.mark.parametrize("name", ["findings", "plan", "inventory", "contacts", "records", "expiries"])
def test_a_report_of_a_past_day_is_the_same_byte_for_byte(app: Flask, bakery: Organisation, name: str) -> None:
    first = workbook(app, bakery.id, name, DAY)
    judge(app, clock.today(), clock.now(), bakery.id)
    assert workbook(app, bakery.id, name, DAY) == first
    assert workbook(app, bakery.id, name, NEXT) != first


def test_a_report_of_a_past_day_holds_what_was_there_then(app: Flask, bakery: Organisation) -> None:
    def cells(day: date) -> set[object]:
        book = openpyxl.load_workbook(io.BytesIO(workbook(app, bakery.id, "inventory", day)))
        return {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}

    assert {"Till", "0042"} <= cells(DAY)
    assert not {"Cash desk", "Oven computer"} & cells(DAY)
    assert {"Cash desk", "0043", "Oven computer"} <= cells(NEXT + timedelta(days=30))


def test_a_day_before_anything_was_kept_is_not_told(bakery: Organisation, scope_of: Scoped) -> None:
    with scope_of(bakery):
        assert kept_on(DAY - timedelta(days=1)) is None
        with as_it_stood(DAY - timedelta(days=1)) as kept:
            assert kept is None
            assert len(db.session().scalars(sa.select(Asset)).all()) == 2


def test_what_was_found_is_told_as_the_rules_said_it_then(
    app: Flask, cast: Cast, bakery: Organisation, scope_of: Scoped
) -> None:
    with scope_of(bakery):
        now = {(one.code, one.subject_key, one.message, one.since) for one in findings(Filters())}
        kept = kept_on(NEXT)
        assert kept is not None
        assert {(one.code, one.subject_key, one.message, one.since) for one in kept.gaps} == now
    plan_only = Scope(frozenset({bakery.id}), frozenset({Area.PLAN, Area.AUDIT}), frozenset())
    with app.app_context(), scoped(plan_only, writes=False):
        seen = kept_on(NEXT)
        assert seen is not None
        assert {gap.code.partition(".")[0] == "scheme" for gap in seen.gaps} == {False}


def test_other_rules_that_find_the_same_keep_it_under_their_own_name(
    app: Flask, bakery: Organisation, scope_of: Scoped
) -> None:
    last, other = NEXT + timedelta(days=1), sweep.RuleSet("other", RULES)
    with app.app_context():
        for rules in (sweep.CURRENT, other):
            assert sweep.run([bakery.id], last, at=LATER + timedelta(days=1), rule_set=rules).judged == [bakery.id]
    with scope_of(bakery):
        rows = db.session().execute(sa.select(Evaluation).order_by(Evaluation.day)).scalars().all()
        told = {row.day: (row.rule_set, row.parts, row.judged_digest, row.judged) for row in rows}
        before, after = told[NEXT], told[last]
        assert (before[0], after[0]) == (sweep.CURRENT.name, "other")
        assert before[1] == after[1]
        since = known_since([bakery.id])[bakery.id]
        facts = load([bakery.id])[bakery.id]
        assert after[2:] == pack(judge_facts(facts, last), since)


@pytest.mark.parametrize("lost", ["content", "day"])
def test_where_the_day_before_is_lost_what_was_found_is_kept_anew_and_never_as_nothing(
    app: Flask, bakery: Organisation, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """The same is found in other rows: what is kept of the day before is then put down again, where it is there."""
    last = NEXT + timedelta(days=1)
    with scope_of(bakery):
        db.session().scalars(sa.select(Contact)).one().note = "Likes rye"

    def lose() -> None:
        day = sa.and_(Evaluation.tenant_id == bakery.id, Evaluation.day == NEXT)
        with scope_of(bakery):
            if lost == "content":
                db.session().scalars(sa.select(Evaluation).where(day)).one().judged = b""
            else:
                db.session().connection().execute(sa.delete(Evaluation.__table__).where(day))  # type: ignore[arg-type]

    def losing(facts: TenantFacts, today: date, rules: Sequence[Rule]) -> Judgements:
        lose()
        return judge_facts(facts, today, rules)

    for module in (looked, again):
        monkeypatch.setattr(module, "judge", losing)
    judge(app, last, LATER + timedelta(days=1), bakery.id)
    with scope_of(bakery):
        row = db.session().scalars(sa.select(Evaluation).where(Evaluation.day == last)).one()
        facts = load([bakery.id])[bakery.id]
        told = pack(judge_facts(facts, last), known_since([bakery.id])[bakery.id])
        assert (row.judged_digest, row.judged) == told
        kept = kept_on(last)
        assert kept is not None
        assert len(kept.gaps) == row.faults + row.warnings + row.notices > 0


def test_the_page_and_the_command_show_a_past_day(
    app: Flask, cast: Cast, bakery: Organisation, visitor: Callable[..., Visitor]
) -> None:
    owner = visitor(cast.owner)
    then = owner.get(f"/o/bakery/findings?unfilled=among&as_of={DAY}").text
    assert "as the rules of then found it" in then
    assert "<td data-label" in then
    assert "The first day that can be told is" in owner.get(f"/o/bakery/findings?as_of={DAY - timedelta(days=9)}").text
    assert "as the rules of then" not in owner.get(f"/o/bakery/findings?as_of={clock.today()}").text
    told = app.test_cli_runner().invoke(args=["audit", "run", "--tenant", "bakery", "--as-of", str(DAY), "--json"])
    with app.app_context(), scoped(whole(bakery.id), writes=False):
        kept = kept_on(DAY)
    assert kept is not None
    (one,) = json.loads(told.stdout)
    assert [gap["code"] for gap in one["findings"]] == [gap.code for gap in kept.gaps]


def test_inside_a_past_day_nothing_can_be_written_and_no_closed_area_read(app: Flask, bakery: Organisation) -> None:
    scope = Scope(frozenset({bakery.id}), frozenset({Area.CONTINUITY, Area.AUDIT}), frozenset({Area.CONTINUITY}))
    with app.app_context(), scoped(scope), as_it_stood(DAY) as kept:
        assert kept is not None
        with pytest.raises(LockError, match="does not read"):
            db.session().scalars(sa.select(Asset)).all()
        stored = db.session().connection().exec_driver_sql("SELECT count(*) FROM asset").scalar()
        assert stored == 0
        assert (kept.judgements.gaps, kept.judgements.holds) == ((), ()), "of the closed plan nothing is told"
    with app.app_context(), scoped(whole(bakery.id), writes=False):
        whole_day = kept_on(DAY)
        assert whole_day is not None
        assert whole_day.judgements.gaps
        assert whole_day.judgements.holds


def test_a_clock_that_was_set_back_rewrites_no_day_that_is_over(
    app: Flask, bakery: Organisation, scope_of: Scoped
) -> None:
    with scope_of(bakery):
        before = kept_on(DAY)
        db.session().scalars(sa.select(Asset).where(Asset.name == "Cash desk")).one().name = "Scales"
    judge(app, DAY, LATER + timedelta(hours=1), bakery.id)
    with scope_of(bakery):
        assert kept_on(DAY) == before
        assert db.session().scalars(sa.select(Evaluation.day).order_by(Evaluation.day)).all() == [DAY, NEXT]
    with app.app_context(), scoped(whole(bakery.id), writes=False), as_it_stood(NEXT):
        assert "Scales" in db.session().scalars(sa.select(Asset.name)).all()


def test_a_day_is_kept_once_and_only_what_changed_with_it(app: Flask, bakery: Organisation, scope_of: Scoped) -> None:
    def kept() -> tuple[list[date], list[str]]:
        with scope_of(bakery):
            days = list(db.session().scalars(sa.select(Evaluation.day).order_by(Evaluation.day)))
            return days, list(db.session().scalars(sa.select(KeptRows.of_table).order_by(KeptRows.of_table)))

    before = kept()
    assert before == ([DAY, NEXT], ["asset", "asset", "contact", "system", "tenant"])
    judge(app, NEXT, LATER + timedelta(hours=1), bakery.id)
    assert kept() == before
    # The same day again: what the day needed for a while only is gone.
    for name in ("Till 2", "Till 3"):
        with scope_of(bakery):
            db.session().scalars(sa.select(Asset).where(Asset.name.in_(["Cash desk", "Till 2"]))).one().name = name
        judge(app, NEXT, LATER + timedelta(hours=2), bakery.id)
    assert kept() == before


def test_everything_of_the_example_comes_back_as_it_was(bare_app: Flask) -> None:
    today = clock.today()
    with bare_app.app_context():
        made = fill_example(today=today, password="drie broden op de plank")
        assert sweep.run(made.tenant_ids).failed == []
        for tenant_id in made.tenant_ids:
            with scoped(whole(tenant_id), writes=False):
                now = {name: read(name, [tenant_id])[tenant_id] for name in kept_classes()}
                organisation = read_organisations([tenant_id])
                with as_it_stood(today) as kept:
                    assert kept is not None
                    then = {name: read(name, [tenant_id])[tenant_id] for name in kept_classes()}
                    assert then == now
                    assert read_organisations([tenant_id]) == organisation


@pytest.mark.once
def test_what_was_left_out_in_days_kept_before_proposals_existed_was_in_force() -> None:
    columns = ["id", "item_id", "part", "reason", "author", "starts_on", "until", "ended_at"]
    row = [uuid4().hex, "inventory.tablets", "", "We have none", "Henk", "2025-01-01", "2025-12-31", None]
    (told,) = unpack("waiver", zlib.compress(json.dumps({"columns": columns, "rows": [row]}).encode()))
    assert (told["state"], told["alone"], told["author"]) == (WaiverState.APPROVED, False, "Henk")
    assert (told["decided_by"], told["decided_by_id"], told["proposed_on"]) == ("", None, None)
