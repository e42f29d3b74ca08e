"""The operator sees accounts, counts and health, decides who may sign in, and learns nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.sweeping import sweep
from core import clock, db, mail
from core.background.work import EVERYTHING, DueWork
from core.background.work_states import WorkState
from core.i18n import Language
from sample import bakery
from sample.days import Days
from sample.netvast import hosting
from tenants.models import AccountEvent, LoginSession, Operator, Tenant, TotpFactor, User
from tests.cast import JOINED, PASSWORD, Cast, Organisation, Person
from tests.visitor import Visitor

PAGES = ("/operator/", "/operator/accounts", "/operator/health")
PLANTED = "Verborgenheid"
Inside = Callable[[Organisation], AbstractContextManager[None]]


@pytest.fixture
def operator(app: Flask, cast: Cast) -> Person:
    """A person of another organisation, who operates the installation as well."""
    with app.app_context():
        db.begin(writes=True)
        db.session().add(Operator(user_id=cast.stranger.id, starts_at=JOINED, ends_at=None))
        db.commit()
    return cast.stranger


def text(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_nobody_else_learns_that_these_pages_exist(app: Flask, cast: Cast) -> None:
    for person in (cast.owner, cast.supplier_owner, cast.foundation_owner):
        visitor = Visitor(app, person)
        for path in PAGES:
            assert visitor.get(path).status_code == 404
        assert visitor.post(f"/operator/accounts/{cast.reader.id}/disable").status_code == 404
    assert Visitor(app).get("/operator/").status_code == 302


def test_operator_that_ended_is_out_at_the_next_request(app: Flask, operator: Person) -> None:
    visitor = Visitor(app, operator)
    text(visitor, "/operator/")
    with app.app_context():
        db.begin(writes=True)
        db.session().scalars(sa.select(Operator)).one().ends_at = clock.now()
        db.commit()
    assert visitor.get("/operator/").status_code == 404


def test_password_alone_opens_nothing(app: Flask, operator: Person) -> None:
    visitor = Visitor(app, operator)
    with app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.update(LoginSession).values(strong=False))
        db.commit()
    for path in PAGES:
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert "/security/second-factor" in answer.headers["Location"]


def test_organisations_are_told_as_numbers(app: Flask, operator: Person, scope_of: Inside, cast: Cast) -> None:
    with scope_of(cast.bakery):
        bakery.fill(Days(clock.today()))
    with app.app_context():
        sweep.run([cast.bakery.id])
        db.begin(writes=True)
        db.session().get_one(Tenant, cast.other_foundation.id).left_at = clock.now()
        db.commit()
    page = text(Visitor(app, operator), "/operator/")
    for place in (cast.bakery, cast.supplier, cast.foundation, cast.other):
        assert place.name in page
    assert "Left on" in page or "Vertrokken op" in page
    one = text(Visitor(app, operator), "/operator/?q=BAKKERIJ zon")
    assert cast.bakery.name in one
    assert cast.supplier.name not in one


def test_no_content_reaches_the_operator(app: Flask, operator: Person, scope_of: Inside, cast: Cast) -> None:
    with scope_of(cast.bakery):
        days = Days(clock.today())
        bakery.fill(days)
        hosting.fill(days, cast.foundation.id)
        planted = _plant()
    assert planted > 100
    with app.app_context():
        sweep.run([cast.bakery.id])
        db.begin(writes=True)
        mail.queue(
            to=f"{PLANTED}@people.example", subject=PLANTED, text=PLANTED, language=Language.DUTCH, kind="letter"
        )
        db.commit()
    visitor = Visitor(app, operator)
    for path in PAGES:
        assert PLANTED.lower() not in text(visitor, path).lower(), path
    assert Visitor(app, operator).get(f"/o/{cast.bakery.slug}/").status_code == 404


def _plant() -> int:
    """Write PLANTED into every text of the open scope that somebody could have typed; return how many."""
    from tests.access.world import owned_models

    planted = 0
    for model in owned_models():
        if model.__area__ in {"people", "trail"} or model.__append_only__:
            continue
        kept = [one for one in sa.inspect(model).column_attrs if one.columns[0].type.python_type is str]
        keys = [
            one.key
            for one in kept
            if not isinstance(one.columns[0].type, sa.Enum) and (getattr(one.columns[0].type, "length", 0) or 999) > 100
        ]
        for row in db.session().scalars(sa.select(model)):
            for key in keys:
                setattr(row, key, PLANTED)
                planted += 1
    db.session().flush()
    return planted


def test_accounts_tell_of_a_second_factor_and_never_which(app: Flask, operator: Person, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        secret = "JBSWY3DPEHPK3PXP"
        db.session().add(TotpFactor(user_id=cast.reader.id, secret=secret, last_step=0, added_at=clock.now()))
        hashes = db.session().scalars(sa.select(User.password_hash)).all()
        db.commit()
    page = text(Visitor(app, operator), f"/operator/accounts?q={cast.reader.email}")
    assert cast.reader.email in page
    assert cast.owner.email not in page
    assert secret not in page
    assert not [one for one in hashes if one in page]


def test_disabled_person_is_out_at_once_and_comes_back_when_enabled(app: Flask, operator: Person, cast: Cast) -> None:
    reader, visitor = Visitor(app, cast.reader), Visitor(app, operator)
    assert reader.get("/organisations").status_code == 200
    assert visitor.post(f"/operator/accounts/{cast.reader.id}/disable").status_code == 302
    assert reader.get("/organisations").status_code == 302
    assert Visitor(app).sign_in(cast.reader.email).status_code == 422
    assert visitor.post(f"/operator/accounts/{cast.reader.id}/enable").status_code == 302
    assert Visitor(app).sign_in(cast.reader.email, PASSWORD).status_code == 302
    with app.app_context():
        db.begin(writes=False)
        events = db.session().execute(sa.select(AccountEvent.user_id, AccountEvent.action, AccountEvent.changes)).all()
    told = {(one.action, one.changes.get("account")) for one in events if one.user_id == operator.id}
    assert ("operator.disabled_account", str(cast.reader.id)) in told
    assert ("operator.enabled_account", str(cast.reader.id)) in told


def test_operator_does_not_lock_themselves_out(app: Flask, operator: Person) -> None:
    visitor = Visitor(app, operator)
    visitor.post(f"/operator/accounts/{operator.id}/disable")
    assert visitor.get("/operator/").status_code == 200


def test_disabling_asks_for_proof_of_a_moment_ago(app: Flask, operator: Person, cast: Cast) -> None:
    visitor = Visitor(app, operator)
    path = f"/operator/accounts/{cast.reader.id}/disable"
    assert visitor.token
    with app.app_context():
        db.begin(writes=True)
        db.session().execute(sa.update(LoginSession).values(proved_at=clock.now() - timedelta(hours=2)))
        db.commit()
    assert visitor.post(path).headers["Location"].startswith("/prove")
    with app.app_context():
        db.begin(writes=False)
        assert db.session().get_one(User, cast.reader.id).disabled_at is None


def test_unknown_account_is_not_there(app: Flask, operator: Person) -> None:
    path = "/operator/accounts/01a1c9a0-0000-7000-8000-000000000000/disable"
    assert Visitor(app, operator).post(path).status_code == 404


def test_operator_has_all_judged_again_and_sees_how_many_wait(app: Flask, cast: Cast, operator: Person) -> None:
    with app.app_context():
        sweep.run()
    visitor = Visitor(app, operator)
    assert "0 van 5 organisaties" in text(visitor, "/operator/health")
    answer = visitor.post("/operator/judge")
    assert answer.status_code == 302
    assert "5 van 5 organisaties" in text(visitor, "/operator/health")
    with app.app_context():
        assert len(sweep.run().judged) == 5
        told = db.session().scalars(sa.select(AccountEvent.action).where(AccountEvent.user_id == operator.id))
        assert "operator.judged_everybody" in set(told)
    assert "0 van 5 organisaties" in text(visitor, "/operator/health")


def test_health_tells_of_the_newest_run_of_each_job(app: Flask, operator: Person) -> None:
    at = clock.now()
    with app.app_context():
        db.begin(writes=True)
        for kind, days, state in (
            ("sweep", 0, WorkState.DONE),
            ("sweep", 1, WorkState.DONE),
            ("anchor", 0, WorkState.TAKEN),
            ("forget", 0, WorkState.FAILED),
        ):
            ended = None if state is WorkState.TAKEN else at
            row = DueWork(kind=kind, about=EVERYTHING, period=at.date() - timedelta(days=days), state=state, due_at=at)
            row.started_at, row.done_at, row.failures, row.error = at, ended, 0, ""
            db.session().add(row)
        db.commit()
    page = text(Visitor(app, operator), "/operator/health")
    assert page.count('<th scope="row">sweep</th>') == 1
    assert page.count('<th scope="row">anchor</th>') == 1
    assert page.count("opgegeven") == 1
    assert "sqlite" in page or "postgresql" in page


def test_lists_take_as_many_queries_however_long_they_are(
    app: Flask, operator: Person, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    visitor = Visitor(app, operator)
    text(visitor, "/operator/")

    def cost(path: str) -> int:
        with count_queries() as sent:
            text(visitor, path)
        return len([one for one in sent if "set_config" not in one])

    few = [cost(path) for path in PAGES]
    with app.app_context():
        db.begin(writes=True)
        for number in range(30):
            db.session().add(
                User(email=f"p{number}@people.example", name=f"P{number}", password_hash="x", created_at=JOINED)
            )
        db.commit()
    assert [cost(path) for path in PAGES] == few
    assert max(few) <= 14


def test_an_address_with_signs_of_patterns_finds_only_itself(app: Flask, operator: Person, cast: Cast) -> None:
    assert cast.owner.email not in text(Visitor(app, operator), "/operator/accounts?q=%25")


def test_travelling_past_the_idle_time_ends_the_operator_too(app: Flask, operator: Person) -> None:
    visitor = Visitor(app, operator)
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert visitor.get("/operator/").status_code == 302
