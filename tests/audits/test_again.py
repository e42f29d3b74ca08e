"""After a change only the rules that read it are judged again, and the same is found as by all of them."""

import json
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from audits.asof import judged
from audits.asof.models import Evaluation
from audits.judging.engine import Judgements, judge
from audits.judging.judgement import SCHEME_FACTS, TenantFacts
from audits.models import AuditCarried, Expiry, Finding
from audits.rules import RULES
from audits.sweeping import looked, sweep, waiting
from continuity.models import Registration, SchemeType
from core import db
from plans.facts import entered
from plans.models import Asset, AssetKind, Audience, Contact, System, Waiver, WaiverState
from plans.turns import take_turn
from tenants.lock import Bypass, bypass, mark_changed, mark_everybody
from tenants.scope import reading, scoped, whole
from tests.audits.test_unchanged import change_unmarked
from tests.cast import Cast, Organisation

Counting = Callable[[], AbstractContextManager[list[str]]]
TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LICENCE = "inventory.licences"


@pytest.fixture
def bakery(app: Flask, cast: Cast) -> Organisation:
    """The bakery, with a contact, a system and a licence that ends in forty days, judged."""
    with app.app_context():
        with scoped(whole(cast.bakery.id)):
            db.session().add(Contact(name="Henk", phone="1", confirmed_on=TODAY))
            db.session().add(System(name="Till"))
            db.session().add(Asset(kind=AssetKind.LICENCE, name="Till", expires_on=TODAY + timedelta(40)))
        sweep.run([cast.bakery.id], at=AT)
    return cast.bakery


def parts(tenant_id: int, at: datetime = AT) -> set[str] | None:
    """The codes of the rules that would be judged again, None: all of them."""
    with scoped(reading(frozenset({tenant_id}), looked.JUDGED), writes=False):
        part = looked.look([tenant_id], None, at, waiting.RULE_SET, RULES).again.get(tenant_id)
    return {rule.code for rule in part.rules} if part else None


def found(tenant_id: int, at: datetime = AT) -> tuple[Judgements, Judgements]:
    """What is found by a part of the rules, and by all of them."""
    with scoped(reading(frozenset({tenant_id}), looked.JUDGED), writes=False):
        (some,) = looked.look([tenant_id], None, at, waiting.RULE_SET, RULES).verdicts(RULES)
        every = looked.load([tenant_id])[tenant_id]
    return some.judgements, judge(every, some.today, RULES)


def add_audience(tenant_id: int) -> None:
    with scoped(whole(tenant_id)):
        db.session().add(Audience(name="Customers"))


def test_who_is_informed_asks_for_no_inventory(app: Flask, bakery: Organisation, count_queries: Counting) -> None:
    with app.app_context():
        add_audience(bakery.id)
        # It is part of what the plan says, so of what was approved.
        assert parts(bakery.id) == {"runbook.informing", "payments.unchecked-limit", "upkeep.review"}
        some, every = found(bakery.id)
        assert some == every
        with count_queries() as sent:
            assert sweep.run([bakery.id], at=AT).judged == [bakery.id]
        assert not [one for one in sent if "FROM asset" in one]
        assert [one for one in sent if "FROM audience" in one]


def call_otherwise(tenant_id: int) -> None:
    with scoped(whole(tenant_id)):
        take_turn()  # as every change in the browser does
        db.session().scalars(sa.select(Contact)).one().phone += "2"


def test_a_contact_that_is_saved_asks_for_no_inventory_and_no_scheme(
    app: Flask, bakery: Organisation, count_queries: Counting
) -> None:
    with app.app_context():
        call_otherwise(bakery.id)
        again = parts(bakery.id)
        assert again is not None
        assert {"upkeep.tailored", "upkeep.contacts", "scheme.communication"} <= again < {rule.code for rule in RULES}
        with scoped(reading(frozenset({bakery.id}), looked.JUDGED), writes=False):
            (part,) = looked.look([bakery.id], None, AT, waiting.RULE_SET, RULES).again.values()
        assert part.entered.keys() == entered.FIELDS - {"contacts"}, "what changed is asked again"
        some, every = found(bakery.id)
        assert some == every
        with count_queries() as sent:
            assert sweep.run([bakery.id], at=AT).judged == [bakery.id]
        for table in ("asset", "test_result", "recovery_step", "data_set", "registration", "agreement"):
            assert not [one for one in sent if f"FROM {table} " in one or f"FROM {table}\n" in one], table
        assert [one for one in sent if "FROM answer" in one]


def test_who_registers_a_service_is_read_with_a_scheme(app: Flask, bakery: Organisation) -> None:
    with app.app_context():
        for change in (call_otherwise, register, call_otherwise):
            change(bakery.id)
            assert parts(bakery.id) is not None
            some, every = found(bakery.id)
            assert some == every
            sweep.run([bakery.id], at=AT)
        _some, every = found(bakery.id)
        assert any(code.startswith("scheme.") for code, _ in every.gaps)


def register(tenant_id: int) -> None:
    with scoped(whole(tenant_id)):
        db.session().add(
            Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING, portfolio_changed_on=TODAY)
        )


def unentered(tenant_id: int) -> int:
    """At how many items nothing was entered, as it stands in the ledger."""
    with scoped(reading(frozenset({tenant_id}), looked.JUDGED), writes=False):
        asked = sa.select(Finding.params).where(Finding.rule_code == "upkeep.tailored", Finding.closed_at.is_(None))
        count: int = db.session().scalars(asked).one()["count"]
        return count


def test_what_the_ledger_tells_is_not_opened_where_it_is_known(
    app: Flask, bakery: Organisation, count_queries: Counting
) -> None:
    with app.app_context():
        with scoped(whole(bakery.id)):
            licence = db.session().scalars(sa.select(Asset)).one()
            licence.name, licence.expires_on = "Till and scales", TODAY + timedelta(20)
        with count_queries() as sent:
            done = sweep.run([bakery.id], at=AT)
        assert (done.opened, done.closed) == (1, 0)
        asked = [one for one in sent if "FROM finding" in one or "FROM expiry" in one]
        assert len(asked) == 2
        assert not [one for one in asked if "subject_label" in one or "params" in one]
        with scoped(reading(frozenset({bakery.id}), looked.JUDGED), writes=False):
            query = sa.select(Expiry.subject_label, Expiry.until).where(Expiry.rule_code == LICENCE)
            (kept,) = db.session().execute(query)
        assert tuple(kept) == ("Till and scales", TODAY + timedelta(20))


@pytest.mark.parametrize("before", [True, False], ids=["kept", "not kept yet"])
def test_where_nothing_was_entered_any_more_is_told_by_what_changed_alone(
    app: Flask, bakery: Organisation, before: bool
) -> None:
    with app.app_context():
        if not before:
            db.begin(writes=True)
            forget = sa.update(AuditCarried).values(entered=None)
            db.session().execute(forget, execution_options=bypass(Bypass.LEDGER))
            db.commit()
        counted = unentered(bakery.id)
        for archived_at, more in ((AT, 1), (None, 0)):
            with scoped(whole(bakery.id)):
                db.session().scalars(sa.select(Contact)).one().archived_at = archived_at
            assert parts(bakery.id) is not None
            some, every = found(bakery.id)
            assert some == every
            sweep.run([bakery.id], at=AT)
            assert unentered(bakery.id) == counted + more


def test_where_nothing_else_is_found_what_was_told_stands(app: Flask, bakery: Organisation) -> None:
    with app.app_context():
        db.begin(writes=True)
        mark_changed(db.session(), [bakery.id], ("contact",))
        db.commit()
        with scoped(reading(frozenset({bakery.id}), looked.JUDGED), writes=False):
            (verdict,) = looked.look([bakery.id], None, AT, waiting.RULE_SET, RULES).verdicts(RULES)
        assert verdict.told_before
        assert replace(verdict, told_before="").told == verdict.told


def test_a_day_that_came_asks_for_the_rules_that_named_it(app: Flask, bakery: Organisation) -> None:
    with app.app_context():
        later = AT + timedelta(days=10)  # the notice of the licence opens
        assert parts(bakery.id, later) == {LICENCE}
        some, every = found(bakery.id, later)
        assert some == every
        assert [code for code, gap in some.gaps if gap.until == TODAY + timedelta(40)] == [LICENCE]
        sweep.run([bakery.id], at=later)
        ended = AT + timedelta(days=41)  # what was a notice is a fault from this day on
        assert parts(bakery.id, ended) == {LICENCE}
        some, every = found(bakery.id, ended)
        assert some == every


@pytest.mark.parametrize("days", [0, 10], ids=["from today on", "from a day on that comes"])
def test_what_stands_before_every_rule_asks_for_all(app: Flask, bakery: Organisation, days: int) -> None:
    at = AT + timedelta(days=days)
    with app.app_context():
        with scoped(whole(bakery.id)):
            begins = TODAY + timedelta(days)
            left_out = Waiver(
                item_id=LICENCE, reason="None.", author="Anna", starts_on=begins, until=begins, alone=True
            )
            left_out.state = WaiverState.APPROVED
            db.session().add(left_out)
        if days:
            sweep.run([bakery.id], at=AT)
        assert parts(bakery.id, at) is None
        some, every = found(bakery.id, at)
        assert some == every


def test_whoever_wants_everybody_looked_at_has_all_looked_at(app: Flask, bakery: Organisation) -> None:
    with app.app_context():
        change_unmarked(bakery.id, db.Base.metadata.tables["contact"], archived_at=AT)
        add_audience(bakery.id)
        db.begin(writes=True)
        mark_everybody(db.session())
        db.commit()
        assert parts(bakery.id) is None


@pytest.mark.parametrize("how", ["in an earlier way", "and was lost", "oddly"])
def test_what_cannot_be_taken_up_is_not_built_upon(app: Flask, bakery: Organisation, how: str) -> None:
    with app.app_context():
        with scoped(whole(bakery.id)):
            (kept,) = db.session().scalars(sa.select(Evaluation))
            before = without_since(kept.judged)
            assert judged.unpack(before).gaps
            kept.judged = {"in an earlier way": before, "and was lost": b"", "oddly": zlib.compress(b"{}")}[how]
        add_audience(bakery.id)
        assert parts(bakery.id) is None


def without_since(content: bytes) -> bytes:
    """What was judged, as it was kept before it told whether the rule itself knew since when."""
    told = json.loads(zlib.decompress(content))
    told["gaps"] = [row[: judged.BY_RULE] for row in told["gaps"]]
    return zlib.compress(json.dumps(told).encode())


def test_facts_are_loaded_for_the_rules_that_are_judged(app: Flask, bakery: Organisation) -> None:
    with app.app_context():
        add_audience(bakery.id)
        with scoped(reading(frozenset({bakery.id}), looked.JUDGED), writes=False):
            seen = looked.look([bakery.id], None, AT, waiting.RULE_SET, RULES)
        (facts,) = seen.facts.values()
        assert isinstance(facts, TenantFacts)
        assert facts.plan.audiences
        with pytest.raises(LookupError, match="steps"):
            list(facts.plan.steps)
        assert SCHEME_FACTS not in seen.again[bakery.id].reads
