"""The sweep costs what changed, loses no change, and one organisation's trouble stays its own."""

import gc
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.judging.engine import Judgements
from audits.judging.judgement import TenantFacts
from audits.models import AuditState, Finding
from audits.rules import RULES
from audits.sweeping import sweep, waiting
from audits.sweeping.jobs import JOBS, ChangedSweep
from core import db
from core.background.jobs import NIGHTLY
from plans.models import Answer, Contact
from tenants.models import Tenant, TenantChange
from tenants.scope import scoped, whole
from tests.audits.small_rules import PHONE, VALID_DAYS, breaks_on_trouble, fresh, phones, rule_set
from tests.cast import Cast, Organisation

Scope = Callable[[Organisation], AbstractContextManager[None]]
Counting = Callable[[], AbstractContextManager[list[str]]]
TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def add_contact(scope_of: Scope, organisation: Organisation, name: str, **values: Any) -> None:
    with scope_of(organisation):
        db.session().add(Contact(name=name, **values))


def marked() -> dict[int, int]:
    db.begin(writes=False)
    found = {
        row.tenant_id: row.seq for row in db.session().execute(sa.select(TenantChange.tenant_id, TenantChange.seq))
    }
    db.rollback()
    return found


def open_labels(scope_of: Scope, organisation: Organisation) -> list[str]:
    with scope_of(organisation):
        query = sa.select(Finding.subject_label).where(Finding.closed_at.is_(None), Finding.rule_code == PHONE)
        return sorted(db.session().scalars(query))


def due(at: datetime = AT, name: str = "small") -> list[int]:
    return waiting.due(at=at, rule_set=name)


def run(at: datetime = AT, **checks: Any) -> sweep.SweepResult:
    return sweep.run(at=at, rule_set=rule_set(**checks))


def test_everybody_is_due_once_and_then_nobody(app: Flask, cast: Cast, count_queries: Counting) -> None:
    with app.app_context():
        assert set(run().judged) == {
            cast.bakery.id,
            cast.supplier.id,
            cast.foundation.id,
            cast.other_foundation.id,
            cast.other.id,
        }
        assert due() == []
        with count_queries() as sent:
            assert run().judged == []
        assert len(sent) <= 2


def test_a_change_makes_its_organisation_due_and_no_other(app: Flask, cast: Cast, scope_of: Scope) -> None:
    with app.app_context():
        run()
        add_contact(scope_of, cast.bakery, "Henk")
        assert due() == [cast.bakery.id]
        assert run().judged == [cast.bakery.id]
        assert marked() == {}
        assert due() == []


def test_other_rules_make_everybody_due(app: Flask, cast: Cast) -> None:
    with app.app_context():
        run()
        assert len(due(name="next year's")) == 5


def test_the_day_of_the_organisations_own_zone_makes_it_due(app: Flask, cast: Cast, scope_of: Scope) -> None:
    with app.app_context():
        for organisation in (cast.bakery, cast.other):
            add_contact(scope_of, organisation, "Henk", phone="1", confirmed_on=TODAY - timedelta(days=VALID_DAYS))
        with scope_of(cast.other):
            db.session().scalars(sa.select(Tenant).where(Tenant.id == cast.other.id)).one().zone = "America/Curacao"
        run()
        # Just past midnight in Amsterdam it is still the evening before on Curaçao.
        night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
        assert due(night) == [cast.bakery.id]
        assert due(night + timedelta(hours=5)) == [cast.bakery.id, cast.other.id]
        with scope_of(cast.other):
            assert db.session().scalars(sa.select(AuditState.judged_on)).one() == TODAY


def test_a_change_during_a_sweep_is_not_lost(app: Flask, cast: Cast, scope_of: Scope) -> None:
    added: list[bool] = []

    def meanwhile(facts: TenantFacts, today: date) -> Any:
        if facts.tenant_id == cast.bakery.id and not added:
            added.append(True)
            add_contact(scope_of, cast.bakery, "Fatima")
        return phones(facts, today)

    with app.app_context():
        run()
        add_contact(scope_of, cast.bakery, "Henk")
        run(processes__department_heads=meanwhile)
        assert open_labels(scope_of, cast.bakery) == ["Henk"]
        assert due() == [cast.bakery.id]
        run(processes__department_heads=meanwhile)
        assert open_labels(scope_of, cast.bakery) == ["Fatima", "Henk"]
        assert marked() == {}


def test_a_change_during_the_first_judgement_lets_another_one_be_the_first(
    app: Flask, cast: Cast, scope_of: Scope
) -> None:
    """What was kept first would tell of rows that may be there no more, and nothing kept before could say so."""
    added: list[bool] = []

    def meanwhile(facts: TenantFacts, today: date) -> Any:
        if facts.tenant_id == cast.bakery.id and not added:
            added.append(True)
            add_contact(scope_of, cast.bakery, "Fatima")
        return phones(facts, today)

    with app.app_context():
        add_contact(scope_of, cast.bakery, "Henk")
        done = run(processes__department_heads=meanwhile)
        assert cast.bakery.id not in done.judged
        assert done.failed == []
        assert open_labels(scope_of, cast.bakery) == []
        assert due() == [cast.bakery.id]
        run(processes__department_heads=meanwhile)
        assert open_labels(scope_of, cast.bakery) == ["Fatima", "Henk"]
        assert marked() == {}


def test_a_judgement_that_is_overtaken_leaves_the_mark_it_saw(app: Flask, cast: Cast, scope_of: Scope) -> None:
    """Somebody else judges the older rows in between: what only this judgement saw must be judged again."""
    overtaken: list[bool] = []

    def meanwhile(facts: TenantFacts, today: date) -> Any:
        if facts.tenant_id == cast.bakery.id and not overtaken:
            overtaken.append(True)
            with scope_of(cast.bakery):
                db.session().scalars(sa.select(AuditState)).one().times += 1
        return phones(facts, today)

    with app.app_context():
        run()
        add_contact(scope_of, cast.bakery, "Henk")
        assert run(processes__department_heads=meanwhile).judged == []
        assert due() == [cast.bakery.id]
        assert run(processes__department_heads=meanwhile).judged == [cast.bakery.id]
        assert open_labels(scope_of, cast.bakery) == ["Henk"]


def test_an_organisation_that_cannot_be_judged_stops_no_other(
    app: Flask, cast: Cast, scope_of: Scope, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        for organisation, name in ((cast.bakery, "Henk"), (cast.supplier, "Trouble"), (cast.other, "Henk")):
            add_contact(scope_of, organisation, name)
        done = run(processes__department_heads=phones, some_rule=breaks_on_trouble)
        assert done.failed == [cast.supplier.id]
        assert sorted(done.judged) == sorted(
            {cast.bakery.id, cast.foundation.id, cast.other_foundation.id, cast.other.id}
        )
        assert set(marked()) == {cast.supplier.id}
        assert open_labels(scope_of, cast.bakery) == open_labels(scope_of, cast.other) == ["Henk"]
    (logged,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert isinstance(logged.msg, dict)
    assert (logged.msg["tenant_id"], logged.msg["rule"]) == (cast.supplier.id, "some-rule")


def test_an_organisation_that_cannot_be_judged_keeps_what_was_found_before(
    app: Flask, cast: Cast, scope_of: Scope
) -> None:
    with app.app_context():
        add_contact(scope_of, cast.bakery, "Henk")
        run()
        add_contact(scope_of, cast.bakery, "Trouble")
        assert run(processes__department_heads=phones, some_rule=breaks_on_trouble).failed == [cast.bakery.id]
        assert open_labels(scope_of, cast.bakery) == ["Henk"]


def test_looking_ahead_changes_nothing(app: Flask, cast: Cast, scope_of: Scope, count_queries: Counting) -> None:
    found: dict[int, Judgements] = {}
    with app.app_context():
        add_contact(scope_of, cast.bakery, "Henk", phone="1", confirmed_on=TODAY)
        run()
        with count_queries() as sent:
            day = TODAY + timedelta(days=VALID_DAYS + 1)
            assert (
                sweep.foresee([cast.bakery.id], day, found.__setitem__, [*rule_set(upkeep__contacts=fresh).rules]) == []
            )
        assert not [statement for statement in sent if not statement.lstrip().startswith("SELECT")]
        assert [gap.severity for _, gap in found[cast.bakery.id].gaps] == ["fault"]
        assert due() == []


def test_no_garbage_is_looked_for_while_a_batch_is_judged(app: Flask, cast: Cast, scope_of: Scope) -> None:
    at_work: list[bool] = []

    def looked(_facts: TenantFacts, _today: date) -> Any:
        at_work.append(gc.isenabled())
        return ()

    gc.enable()
    with app.app_context():
        add_contact(scope_of, cast.bakery, "Henk")
        run(upkeep__contacts=looked)
        assert at_work
        assert not any(at_work)
        at_work.clear()
        sweep.foresee([cast.bakery.id], TODAY, lambda *_told: None, [*rule_set(upkeep__contacts=looked).rules])
        assert at_work == [False]
    assert gc.isenabled()


def test_only_what_changed_is_judged_after_a_request(app: Flask, cast: Cast, scope_of: Scope) -> None:
    with app.app_context():
        sweep.run()
        add_contact(scope_of, cast.bakery, "Henk")
        sweep.judge_now(frozenset({cast.bakery.id, cast.other.id}))
        assert marked() == {}
        with scope_of(cast.other):
            assert db.session().scalars(sa.select(AuditState.times)).one() == 1
        with scope_of(cast.bakery):
            assert db.session().scalars(sa.select(AuditState.times)).one() == 2


def test_a_failed_judgement_leaves_the_answer_of_the_request_alone(
    app: Flask, cast: Cast, scope_of: Scope, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        run()
        add_damaged_answer(scope_of, cast.bakery)
        sweep.judge_now(frozenset({cast.bakery.id}))
        assert marked() == {cast.bakery.id: 1}
    assert [record.msg["rule"] for record in caplog.records if isinstance(record.msg, dict)] == [DAMAGED]


DAMAGED = "backup.offsite-data"


def add_damaged_answer(scope_of: Scope, organisation: Organisation) -> None:
    """Add what no form lets through: a rule that reads it breaks off."""
    values = {"location": "Safe", "seen_on": "the day before yesterday"}
    with scope_of(organisation):
        db.session().add(Answer(item_id=DAMAGED, values=values, answered_on=TODAY, answered_by="Henk"))


def test_the_sweep_of_every_minute_leaves_a_failure_for_the_night(app: Flask, cast: Cast, scope_of: Scope) -> None:
    tried: list[list[int]] = []

    def note(tenant_ids: Any) -> sweep.SweepResult:
        tried.append(list(tenant_ids))
        return sweep.SweepResult(failed=[cast.bakery.id])

    every_minute = ChangedSweep(note)
    with app.app_context():
        run()
        every_minute()
        add_contact(scope_of, cast.bakery, "Trouble")
        every_minute()
        every_minute()
        assert tried == [[cast.bakery.id]]
        add_contact(scope_of, cast.bakery, "More trouble")
        every_minute()
        assert tried == [[cast.bakery.id], [cast.bakery.id]]


def test_the_jobs_run_in_an_application_context(app: Flask, cast: Cast, scope_of: Scope) -> None:
    with app.app_context():
        add_contact(scope_of, cast.bakery, "Henk")
        for job in JOBS:
            job.run()
        assert marked() == {}
        assert waiting.due(at=AT) == []
    assert [job.cron for job in JOBS if job.catch_up] == [NIGHTLY]


def test_the_real_rules_judge_an_empty_organisation(app: Flask, cast: Cast, scope_of: Scope) -> None:
    with app.app_context(), time_machine.travel(AT, tick=False):
        assert sweep.run([cast.bakery.id]).failed == []
        with scoped(whole(cast.bakery.id)):
            codes = set(db.session().scalars(sa.select(Finding.rule_code)))
    assert codes <= {rule.code for rule in RULES}
    assert len(codes) > 60
