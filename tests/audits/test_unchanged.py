"""Who holds the very rows it was judged by is not judged again; one row that differs, marked or not, is enough."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.models import AuditState, Finding
from audits.sweeping import sweep, unchanged
from audits.sweeping.looked import JUDGED, load
from audits.workbooks.material import gathered
from core import clock, db
from plans.models import Contact, System
from plans.turns import take_turn
from plans.versions.services import Signed, publish
from tenants.lock import mark_everybody
from tenants.models import TenantChange
from tenants.scope import reading, scoped, whole
from tests.audits.small_rules import VALID_DAYS, rule_set
from tests.cast import Cast

Counting = Callable[[], AbstractContextManager[list[str]]]
TODAY = date(2026, 11, 22)
CONTACTS = db.Base.metadata.tables["contact"]
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def fill(tenant_id: int) -> None:
    """Add a contact whose data count until VALID_DAYS later, a system, and a version that was approved."""
    with scoped(whole(tenant_id)):
        db.session().add(Contact(name="Henk", phone="1", confirmed_on=TODAY))
        db.session().add(System(name="Till"))
    with scoped(whole(tenant_id)):
        publish("", Signed("Anna", AT, TODAY))


def everybody(tenant_id: int, at: datetime = AT, rules: sweep.RuleSet | None = None) -> int:
    """Judge it, due or not; return whether what was found stood: 1, else 0."""
    return sweep.run([tenant_id], at=at, rule_set=rules or rule_set()).unchanged


def change_unmarked(tenant_id: int, table: sa.Table, **values: Any) -> None:
    """Change every row of a table of an organisation in a way that tells nobody."""
    with scoped(whole(tenant_id)):
        db.session().connection().execute(sa.update(table).where(table.c.tenant_id == tenant_id).values(values))
    db.begin(writes=False)
    assert db.session().scalar(sa.select(TenantChange.seq).where(TenantChange.tenant_id == tenant_id)) is None
    db.rollback()


def open_findings(tenant_id: int) -> set[tuple[str, str]]:
    with scoped(whole(tenant_id), writes=False):
        query = sa.select(Finding.rule_code, Finding.subject_key).where(Finding.closed_at.is_(None))
        return {(code, key) for code, key in db.session().execute(query)}


def test_all_that_is_read_is_compared(app: Flask, cast: Cast, count_queries: Counting) -> None:
    with app.app_context():
        fill(cast.bakery.id)
        with scoped(reading(frozenset({cast.bakery.id}), JUDGED), writes=False):
            with count_queries() as read:
                facts = load([cast.bakery.id])
            assert facts[cast.bakery.id].plan.digest
            with count_queries() as compared:
                unchanged.digests([cast.bakery.id], {cast.bakery.id}, "any")
    # The key that opens what is sealed is asked for once, and no row to judge.
    asked = [one for one in read if "tenant_key" not in one]
    assert sorted(asked) == sorted(compared)
    assert all(one.split()[1].partition(",")[0].rpartition(".")[2] == "tenant_id" for one in compared)


def test_the_same_rows_are_not_judged_again_and_what_was_found_stands(
    app: Flask, cast: Cast, count_queries: Counting
) -> None:
    one = cast.bakery.id
    with app.app_context():
        fill(one)
        assert [everybody(one), everybody(one), everybody(one)] == [0, 0, 1]
        found = open_findings(one)
        later = AT + timedelta(hours=1)
        with count_queries() as sent:
            assert everybody(one, later) == 1
        assert [each.split()[1] for each in sent if not each.startswith(("SELECT", "BEGIN"))] == ["audit_state"]
        with scoped(whole(one), writes=False):
            state = db.session().scalars(sa.select(AuditState)).one()
            assert (state.judged_at, state.times) == (later, 4)
        assert open_findings(one) == found
        # As soon as another day or other rules may find something else, it is judged.
        assert everybody(one, AT + timedelta(days=VALID_DAYS - 31)) == 1
        notice = AT + timedelta(days=VALID_DAYS - 30)
        assert [everybody(one, notice), everybody(one, notice), everybody(one, notice)] == [0, 0, 1]
        assert everybody(one, AT) == 0  # a clock that was set back
        assert everybody(one, AT, rule_set("next year's")) == 0


@pytest.mark.parametrize("values", [{"confirmed_on": None}, {"archived_at": AT}])
def test_a_row_that_was_changed_past_every_mark_is_judged(app: Flask, cast: Cast, values: dict[str, Any]) -> None:
    one = cast.bakery.id
    with app.app_context():
        fill(one)
        assert [everybody(one, rules=sweep.CURRENT) for _ in range(3)] == [0, 0, 1]
        before = open_findings(one)
        change_unmarked(one, CONTACTS, **values)
        assert everybody(one, rules=sweep.CURRENT) == 0
        assert open_findings(one) != before
        assert everybody(one, rules=sweep.CURRENT) == 1


def test_what_only_the_plan_says_is_compared_where_it_was_approved(app: Flask, cast: Cast) -> None:
    one = cast.bakery.id
    with app.app_context():
        fill(one)
        assert [everybody(one, rules=sweep.CURRENT) for _ in range(3)] == [0, 0, 1]
        before = open_findings(one)
        change_unmarked(one, CONTACTS, job_title="")
        assert everybody(one, rules=sweep.CURRENT) == 1  # the same value is no change
        change_unmarked(one, CONTACTS, job_title="Baker")
        assert everybody(one, rules=sweep.CURRENT) == 0
        assert open_findings(one) != before


def test_a_plan_is_read_whole_again_where_it_was_told_in_another_way_not_for_other_rules(
    app: Flask, cast: Cast, count_queries: Counting
) -> None:
    one = cast.bakery.id
    said = sa.select(AuditState.plan_said).where(AuditState.tenant_id == one)
    with app.app_context():
        fill(one)
        everybody(one)
        with scoped(whole(one), writes=False):
            first = db.session().scalars(said).one()
        with count_queries() as sent:
            assert everybody(one, rules=rule_set("others")) == 0
        assert first
        assert not any("FROM recovery_step_need" in statement for statement in sent)
        with scoped(whole(one)):
            db.session().scalars(sa.select(AuditState)).one().plan_said = "0" * len(first)
        with count_queries() as sent:
            assert everybody(one, rules=rule_set("third")) == 0
        assert any("FROM recovery_step_need" in statement for statement in sent)
        with scoped(whole(one), writes=False):
            assert db.session().scalars(said).one() == first


def test_a_turn_in_which_nothing_changed_has_nothing_looked_at(app: Flask, cast: Cast, count_queries: Counting) -> None:
    with app.app_context():
        fill(cast.bakery.id)
        sweep.run(at=AT, rule_set=rule_set())
        found = open_findings(cast.bakery.id)
        with scoped(whole(cast.bakery.id)):
            take_turn()
        with count_queries() as sent:
            done = sweep.run(at=AT, rule_set=rule_set())
        assert (done.judged, done.unchanged) == ([cast.bakery.id], 1)
        assert not [one for one in sent if "FROM contact" in one], "its rows were not asked for"
        assert open_findings(cast.bakery.id) == found
        assert sweep.run(at=AT, rule_set=rule_set()).judged == [], "the mark is gone"


def test_a_turn_in_which_nothing_changed_hides_no_day_and_no_wish_to_look(app: Flask, cast: Cast) -> None:
    with app.app_context():
        fill(cast.bakery.id)
        sweep.run([cast.bakery.id], at=AT, rule_set=rule_set())
        with scoped(whole(cast.bakery.id)):
            take_turn()
        later = AT + timedelta(days=VALID_DAYS + 1)
        assert sweep.run(at=later, rule_set=rule_set()).unchanged == 0
        change_unmarked(cast.bakery.id, CONTACTS, archived_at=AT)
        with scoped(whole(cast.bakery.id)):
            take_turn()
        db.begin(writes=True)
        mark_everybody(db.session())
        db.commit()
        done = sweep.run(at=later, rule_set=rule_set())
        assert (done.unchanged, done.closed) == (0, 1)


def test_a_workbook_reads_a_plan_whole_only_where_it_changed_since_it_was_judged(
    app: Flask, cast: Cast, count_queries: Counting
) -> None:
    one = cast.bakery.id

    def digest_told() -> tuple[str, bool]:
        """Return what a workbook takes for the plan's fingerprint, and whether it read the whole plan for it."""
        # Of a day that is over the rows kept of it are read.
        today = clock.today(clock.DEFAULT_ZONE)
        with scoped(whole(one), writes=False), gathered(one, today) as material, count_queries() as sent:
            return material.facts.plan.digest, any("FROM recovery_step_need" in statement for statement in sent)

    with app.app_context():
        fill(one)
        first, read = digest_told()
        assert first
        assert read  # it was never judged
        everybody(one)
        assert digest_told() == (first, False)
        with scoped(whole(one)):
            db.session().scalars(sa.select(Contact)).one().job_title = "Baker"
        second, read = digest_told()
        assert (second != first, read) == (True, True)
        everybody(one)
        assert digest_told() == (second, False)
