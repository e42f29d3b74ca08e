"""The page Security: factors, sessions, password; proving oneself again; what never stays open."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from tenants.models import AccountEvent, LoginSession, RecoveryCode, TotpFactor, User
from tenants.sign_in import factors
from tests.cast import PASSWORD, Cast, Person
from tests.mailbox import last_letter
from tests.tenants.sign_in_steps import code, give_app, sessions_of, signed_in_with_app, token_of, wrong_code
from tests.visitor import Visitor

NEW = "een heel andere lange zin"


def weak(app: Flask, person: Person) -> Visitor:
    """Somebody signed in by password alone."""
    visitor = Visitor(app)
    assert visitor.sign_in(person.email).status_code == 302
    visitor.person = person
    return visitor


def later(minutes: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


def events(app: Flask, person: Person) -> list[str]:
    with app.app_context():
        db.begin(writes=False)
        query = sa.select(AccountEvent.action).where(AccountEvent.user_id == person.id).order_by(AccountEvent.seq)
        return list(db.session().scalars(query))


def test_work_for_others_waits_for_a_second_step(app: Flask, cast: Cast) -> None:
    visitor = weak(app, cast.supplier_owner)
    answer = visitor.get("/o/supplier/settings")
    assert answer.location == "/security/second-factor?next=%2Fo%2Fsupplier%2Fsettings"
    page = visitor.get(answer.location).get_data(as_text=True)
    assert "/security/app?next=/o/supplier/settings" in page
    with app.app_context():
        db.begin(writes=False)
        assert factors.needs_second_factor(cast.supplier_owner.id)
        assert factors.needs_second_factor(cast.foundation_reader.id)
        assert not factors.needs_second_factor(cast.owner.id)


def test_whoever_has_the_second_step_is_asked_for_it_and_goes_on(app: Flask, cast: Cast) -> None:
    visitor = weak(app, cast.supplier_owner)
    give_app(app, cast.supplier_owner)
    answer = visitor.get("/security/second-factor?next=/o/supplier/settings")
    assert answer.location == "/prove?next=/o/supplier/settings"
    assert visitor.post(answer.location, {"code": code()}).location == "/o/supplier/settings"
    assert visitor.get("/o/supplier/settings").status_code == 200
    assert visitor.get("/security/second-factor?next=/o/supplier/settings").location == "/o/supplier/settings"


def test_password_is_no_proof_for_a_session_that_still_owes_its_second_step(app: Flask, cast: Cast) -> None:
    visitor = weak(app, cast.supplier_owner)
    give_app(app, cast.supplier_owner)
    assert 'name="password"' not in visitor.get("/prove").get_data(as_text=True)
    assert visitor.post("/prove", {"password": PASSWORD}).status_code == 422
    assert [row.strong for row in sessions_of(app, cast.supplier_owner)] == [False]


@pytest.mark.parametrize(
    "path", ["/security/app", "/security/passkeys/new", "/security/recovery-codes", "/security/password"]
)
def test_session_that_owes_its_second_step_changes_nothing_about_signing_in(app: Flask, cast: Cast, path: str) -> None:
    visitor = weak(app, cast.owner)
    give_app(app, cast.owner)
    assert visitor.get(path).location == f"/prove?next={path}"
    assert visitor.post(path, {"present": PASSWORD, "password": NEW}).location.startswith("/prove?next=/security/")


@pytest.mark.parametrize("path", ["/security/app", "/security/passkeys/new", "/security/recovery-codes"])
def test_factors_are_changed_by_somebody_who_proved_themselves_lately(app: Flask, cast: Cast, path: str) -> None:
    visitor = weak(app, cast.owner)
    assert visitor.get(path).status_code == 200
    with later(11):
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/prove?next=")
        assert visitor.post("/prove", {"password": "guess"}).status_code == 422
        assert visitor.get(path).status_code == 303
        assert visitor.post("/prove", {"password": PASSWORD}, query_string={"next": path}).location == path
        assert visitor.get(path).status_code == 200


def test_proof_renews_the_token_and_ends_the_copy_of_the_old_one(app: Flask, cast: Cast) -> None:
    visitor, thief = weak(app, cast.owner), Visitor(app)
    before, copied = token_of(visitor), visitor.client.get_cookie("waarborg")
    assert copied is not None
    visitor.post("/prove", {"password": PASSWORD})
    assert token_of(visitor) not in {"", before}
    thief.client.set_cookie("waarborg", copied.value)
    assert "/sign-in" in thief.get("/organisations").location
    assert visitor.get("/organisations").status_code in {200, 302}
    assert len(sessions_of(app, cast.owner)) == 1


def test_proof_does_not_stretch_the_longest_time_of_a_session(app: Flask, cast: Cast) -> None:
    visitor, begun = weak(app, cast.owner), clock.now()
    for minutes in range(20, 720, 20):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            assert visitor.post("/prove", {"password": PASSWORD}).status_code == 303
    with time_machine.travel(begun + timedelta(minutes=721), tick=False):
        assert "/sign-in" in visitor.get("/organisations").location


def test_code_proves_once_and_a_wrong_one_never(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    with time_machine.travel(clock.now(), tick=False):
        visitor = signed_in_with_app(app, cast.owner)
        for shown, status in ((code(), 422), (wrong_code(), 422), (code(off=1), 303), (code(off=1), 422)):
            assert visitor.post("/prove", {"code": shown}).status_code == status


def test_password_change_ends_every_other_session_and_renews_this_one(app: Flask, cast: Cast) -> None:
    here, there = weak(app, cast.owner), weak(app, cast.owner)
    before = token_of(here)
    assert here.post("/security/password", {"present": PASSWORD, "password": NEW}).location == "/security/"
    assert here.get("/security/").status_code == 200
    assert token_of(here) != before
    assert "/sign-in" in there.get("/security/").location
    assert Visitor(app).sign_in(cast.owner.email, PASSWORD).status_code == 422
    assert Visitor(app).sign_in(cast.owner.email, NEW).status_code == 302
    assert "/reset" in last_letter(app, cast.owner.email).get_content(), "whoever did not change it is told how to"


@pytest.mark.parametrize(
    ("present", "chosen", "field"),
    [
        pytest.param("guess", NEW, "present", id="wrong present password"),
        pytest.param(PASSWORD, "short", "password", id="too short"),
        pytest.param(PASSWORD, "Wachtwoord2026!", "password", id="common"),
        pytest.param(PASSWORD, "owner houdt van fietsen", "password", id="own name"),
        pytest.param(PASSWORD, "", "password", id="nothing"),
    ],
)
def test_password_that_may_not_be_changes_nothing(
    app: Flask, cast: Cast, present: str, chosen: str, field: str
) -> None:
    here, there = weak(app, cast.owner), weak(app, cast.owner)
    answer = here.post("/security/password", {"present": present, "password": chosen})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert there.get("/security/").status_code == 200
    assert Visitor(app).sign_in(cast.owner.email, PASSWORD).status_code == 302


def test_sessions_are_listed_and_end_one_by_one_or_all(app: Flask, cast: Cast) -> None:
    here = weak(app, cast.owner)
    others = []
    for agent in ("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "Mozilla/5.0 (iPhone) Safari/605.1", ""):
        other = Visitor(app)
        form = {"email": cast.owner.email, "password": PASSWORD}
        other.post("/sign-in", form, headers={"User-Agent": agent})
        others.append(other)
    page = here.get("/security/").get_data(as_text=True)
    assert "Firefox on Windows" in page or "Firefox op Windows" in page
    ends = re.findall(r'action="(/security/sessions/[0-9a-f-]+/end)"', page)
    assert len(ends) == 3
    assert here.post(ends[0]).status_code == 303
    assert here.post(ends[0]).status_code == 404, "it has ended"
    assert sum("/sign-in" in (one.get("/security/").location or "") for one in others) == 1
    here.post("/security/sessions/end-others")
    assert all("/sign-in" in (one.get("/security/").location or "") for one in others)
    assert here.get("/security/").status_code == 200


def test_nobody_ends_somebody_elses_session_or_passkey(app: Flask, cast: Cast) -> None:
    owner, editor = weak(app, cast.owner), weak(app, cast.editor)
    theirs = sessions_of(app, cast.owner)[0].id
    assert editor.post(f"/security/sessions/{theirs}/end").status_code == 404
    assert editor.post(f"/security/passkeys/{theirs}/remove").status_code == 404
    editor.post("/security/sessions/end-others")
    assert owner.get("/security/").status_code == 200


def test_signing_in_again_in_one_browser_ends_its_earlier_session(app: Flask, cast: Cast) -> None:
    visitor = weak(app, cast.owner)
    visitor.sign_in(cast.owner.email)
    assert [row.ended_at is None for row in sessions_of(app, cast.owner)] == [False, True]


def test_last_second_step_stays_while_the_work_needs_one(app: Flask, cast: Cast) -> None:
    give_app(app, cast.supplier_owner)
    visitor = signed_in_with_app(app, cast.supplier_owner)
    visitor.post("/security/app/remove")
    with app.app_context():
        db.begin(writes=False)
        assert db.session().get(TotpFactor, cast.supplier_owner.id) is not None
    assert visitor.get("/o/supplier/settings").status_code == 200


def test_second_step_that_nothing_needs_can_go_and_takes_its_codes_along(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner, codes=True)
    visitor = signed_in_with_app(app, cast.owner)
    visitor.post("/security/app/remove")
    with app.app_context():
        db.begin(writes=False)
        assert db.session().get(TotpFactor, cast.owner.id) is None
        assert db.session().scalars(sa.select(RecoveryCode).where(RecoveryCode.user_id == cast.owner.id)).all() == []
    assert [row.strong for row in sessions_of(app, cast.owner)] == [False]


def test_new_recovery_codes_void_the_old_ones(app: Flask, cast: Cast) -> None:
    old = give_app(app, cast.owner, codes=True)
    visitor = signed_in_with_app(app, cast.owner)
    page = visitor.post("/security/recovery-codes").get_data(as_text=True)
    new = re.findall(r'class="key-text">([a-z2-9-]{19})<', page)
    assert len(new) == 10
    for shown, status in ((old[0], 422), (new[0], 302)):
        other = Visitor(app)
        other.sign_in(cast.owner.email)
        assert other.post("/sign-in/second-step", {"code": shown}).status_code == status


def test_recovery_codes_alone_are_no_second_step(app: Flask, cast: Cast) -> None:
    visitor = weak(app, cast.owner)
    assert visitor.post("/security/recovery-codes").status_code == 303
    with app.app_context():
        db.begin(writes=False)
        assert db.session().scalar(sa.select(sa.func.count(RecoveryCode.id))) == 0


def test_trail_tells_what_happened_to_the_account(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner)
    Visitor(app).sign_in(cast.owner.email, "guess")
    with time_machine.travel(clock.now(), tick=False):
        visitor = signed_in_with_app(app, cast.owner)
        visitor.post("/prove", {"code": wrong_code()})
        visitor.post("/prove", {"password": PASSWORD})
        visitor.post("/security/app/remove")
        visitor.post("/security/password", {"present": PASSWORD, "password": NEW})
        visitor.post("/sign-out")
    assert events(app, cast.owner) == [
        "sign_in.failed", "sign_in", "step_up.failed", "step_up", "factor.removed", "password.changed", "sign_out",
    ]  # fmt: skip


def test_commands_disable_enable_and_reset_and_the_person_is_out_at_once(app: Flask, cast: Cast) -> None:
    give_app(app, cast.owner, codes=True)
    runner, visitor = app.test_cli_runner(), signed_in_with_app(app, cast.owner)
    assert runner.invoke(args=["user", "disable", cast.owner.email]).exit_code == 0
    assert "/sign-in" in visitor.get("/security/").location
    assert Visitor(app).sign_in(cast.owner.email).status_code == 422
    assert runner.invoke(args=["user", "enable", cast.owner.email]).exit_code == 0
    assert "/sign-in" in visitor.get("/security/").location, "what ended stays ended"
    told = runner.invoke(args=["user", "factor-reset", cast.owner.email]).output
    assert PASSWORD not in told
    assert Visitor(app).sign_in(cast.owner.email).location == "/"
    told_of = ["account.disabled", "sign_in.failed", "account.enabled", "factor.reset", "sign_in"]
    assert events(app, cast.owner)[-5:] == told_of
    assert runner.invoke(args=["user", "disable", "nobody@people.example"]).exit_code == 1


def test_operators_come_and_go_by_command(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    for verb, needed in (("add", True), ("add", True), ("remove", False), ("remove", False), ("add", True)):
        assert runner.invoke(args=["operator", verb, cast.stranger.email]).exit_code == 0
        with app.app_context():
            db.begin(writes=False)
            assert factors.needs_second_factor(cast.stranger.id) is needed


def test_weak_password_is_refused_wherever_one_is_chosen(bare_app: Flask) -> None:
    runner = bare_app.test_cli_runner()
    refused = runner.invoke(args=["user", "add", "eva@zon.example", "--name", "Eva Zon"], input="Welkom123456\n")
    assert refused.exit_code == 1
    made = runner.invoke(args=["user", "add", "eva@zon.example", "--name", "Eva Zon"], input=f"{NEW}\n")
    assert made.exit_code == 0
    with bare_app.app_context():
        db.begin(writes=False)
        assert db.session().scalar(sa.select(sa.func.count(User.id))) == 1
        assert db.session().scalar(sa.select(sa.func.count(LoginSession.id))) == 0
