"""Each event is told once in effect, signed, without a word of anybody's; who cannot be reached is let go at last."""

import hmac
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from audits.reminders.ladder import Rung
from audits.reminders.models import Reminder
from audits.sweeping import sweep
from audits.webhooks import jobs, noting, retention, services
from audits.webhooks.models import DeliveryState, HookEvent, Webhook, WebhookDelivery, WebhookState
from audits.webhooks.services import WebhookValues
from core import clock, db, outward
from core.background.work import DueWork
from core.ids import new_id
from core.mail import OutboxMail
from plans.models import Contact
from tenants.models import Engagement, TrailEntry
from tenants.scope import close_scope, open_scope, scoped, whole
from tests.audits.small_rules import rule_set
from tests.cast import JOINED, Cast
from tests.conftest import Stable, running
from tests.visitor import Visitor
from tests.webhooks.receiver import Receiver, receiving

S = DeliveryState
EVERY = frozenset({HookEvent.OPENED, HookEvent.CLOSED, HookEvent.LAPSING})
NAMES = ("Ans Bakker", "Bert Korst", "Cor Deeg")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """One receiver for all tests of this module."""
    with receiving(tmp_path_factory.mktemp("receiver")) as receiver:
        yield receiver


@pytest.fixture
def receiver(server: Receiver) -> Receiver:
    """The receiver, well behaved again."""
    server.status, server.sleeps, server.received = 204, 0, []
    return server


@pytest.fixture
def app(stable: Stable, tmp_path: Path, server: Receiver) -> Iterator[Flask]:
    """The service, which may call the receiver on this machine."""
    with running(stable, f"cast_{os.getpid()}", tmp_path, TEST_LOOPBACK_CA=server.trusted) as app:
        yield app


@pytest.fixture
def hook(app: Flask, cast: Cast, receiver: Receiver) -> tuple[UUID, str]:
    """A webhook of the bakery, which keeps some contacts without a telephone; its id and secret."""
    hook_id = new_id()
    with app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add_all(Contact(name=name, phone="") for name in NAMES)
        secret = services.make(WebhookValues("Desk", receiver.address, EVERY), hook_id, cast.owner.id, at=clock.now())
    return hook_id, secret


def judge(app: Flask, cast: Cast) -> None:
    with app.app_context():
        sweep.run([cast.bakery.id], rule_set=rule_set())


def deliver(app: Flask) -> None:
    with app.app_context():
        jobs.deliver()


def states(app: Flask, cast: Cast) -> Counter[DeliveryState]:
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        return Counter(db.session().scalars(sa.select(WebhookDelivery.state)))


def answer_phones(app: Flask, cast: Cast) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        for contact in db.session().scalars(sa.select(Contact).where(Contact.name.in_(NAMES))):
            contact.phone = "+31201234567"


def signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    told = re.fullmatch(r"t=(\d+)((?:,v1=[0-9a-f]{64})+)", headers["Waarborg-Signature"])
    assert told
    mark = hmac.digest(secret.encode(), told[1].encode() + b"." + body, "sha256").hex()
    return mark in told[2] and abs(int(told[1]) - clock.now().timestamp()) < 300


def test_what_is_opened_and_closed_is_told_once_signed_and_without_a_word_of_theirs(
    app: Flask, cast: Cast, receiver: Receiver, hook: tuple[UUID, str]
) -> None:
    judge(app, cast)
    judge(app, cast)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _number: deliver(app), range(3)))
    told = [json.loads(body) for _headers, body in receiver.received]
    assert [one["event"] for one in told] == ["opened"] * len(NAMES)
    assert len(set(receiver.ids)) == len(NAMES)
    assert all(signed(headers, body, hook[1]) for headers, body in receiver.received)
    assert all(one["organisation"] == "bakery" and one["finding"]["subject_kind"] == "contact" for one in told)
    assert not any(name.encode() in body for _headers, body in receiver.received for name in NAMES)
    answer_phones(app, cast)
    judge(app, cast)
    deliver(app)
    closed = [json.loads(body) for _headers, body in receiver.received[len(NAMES) :]]
    assert {one["finding"]["id"] for one in closed} == {one["finding"]["id"] for one in told}
    assert {one["event"] for one in closed} == {"closed"}
    assert states(app, cast) == {DeliveryState.DELIVERED: 2 * len(NAMES)}


def test_a_change_that_is_dropped_is_told_to_nobody(
    app: Flask, cast: Cast, receiver: Receiver, hook: tuple[UUID, str]
) -> None:
    happened = [noting.Happened(cast.bakery.id, HookEvent.OPENED, new_id())]
    with app.app_context():
        db.begin(writes=True)
        open_scope(whole(cast.bakery.id))
        noting.note(happened, at=clock.now())
        db.rollback()
        close_scope()
    deliver(app)
    assert not receiver.received


def slow(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "STEP_SECONDS", 0.2)
    receiver.sleeps = 0.6


def refusing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.status = 503


def sending_elsewhere(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.status = 302


@pytest.mark.once
@pytest.mark.parametrize("misbehave", [slow, refusing, sending_elsewhere])
def test_whoever_misbehaves_is_tried_again_later_in_the_same_order(
    app: Flask,
    cast: Cast,
    receiver: Receiver,
    hook: tuple[UUID, str],
    monkeypatch: pytest.MonkeyPatch,
    misbehave: object,
) -> None:
    judge(app, cast)
    assert callable(misbehave)
    with monkeypatch.context() as patched:
        misbehave(receiver, patched)
        deliver(app)
        deliver(app)
    assert states(app, cast) == {DeliveryState.WAITING: len(NAMES)}
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        assert sorted(db.session().scalars(sa.select(WebhookDelivery.attempts))) == [0, 0, 1], (
            "the others wait behind it"
        )
    receiver.status, receiver.sleeps, receiver.received = 200, 0, []
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        deliver(app)
        assert all(signed(headers, body, hook[1]) for headers, body in receiver.received)
    assert states(app, cast) == {DeliveryState.DELIVERED: len(NAMES)}
    assert len(set(receiver.ids)) == len(receiver.ids) == len(NAMES)


@pytest.mark.parametrize(
    "address", ["https://example..org/", "https://localhost/caf\N{LATIN SMALL LETTER E WITH ACUTE}"]
)
def test_an_address_that_cannot_be_called_keeps_nobody_else_waiting(
    app: Flask, cast: Cast, receiver: Receiver, hook: tuple[UUID, str], address: str
) -> None:
    with app.app_context(), scoped(whole(cast.bakery.id)):
        # Such an address was taken once, and stands in the database still.
        services.make(WebhookValues("Elsewhere", address, EVERY), new_id(), cast.owner.id, at=clock.now())
    judge(app, cast)
    deliver(app)
    assert len(set(receiver.ids)) == len(receiver.ids) == len(NAMES)
    assert states(app, cast) == {DeliveryState.DELIVERED: len(NAMES), DeliveryState.WAITING: len(NAMES)}


def test_a_telling_that_cannot_be_written_keeps_nobody_else_waiting(
    app: Flask, cast: Cast, receiver: Receiver, hook: tuple[UUID, str]
) -> None:
    judge(app, cast)
    with app.app_context():
        with scoped(whole(cast.bakery.id)):
            noting.add([(hook[0], noting.Happened(cast.bakery.id, HookEvent.OPENED, new_id()))], at=clock.now())
        deliver(app)
        assert len(receiver.ids) == len(NAMES)
        db.begin(writes=False)
        left = db.session().scalars(sa.select(DueWork).where(DueWork.kind == noting.KIND, DueWork.failures > 0)).all()
        assert [one.error for one in left] == ["NoResultFound"]
        db.rollback()


def test_whoever_cannot_be_reached_for_days_is_told_no_more_and_its_owner_hears_of_it(
    app: Flask, cast: Cast, receiver: Receiver, hook: tuple[UUID, str]
) -> None:
    receiver.status = 500
    judge(app, cast)
    at = clock.now()
    for pause in (timedelta(0), *jobs.PAUSES, timedelta(days=1)):
        at += pause + timedelta(minutes=2)
        with time_machine.travel(at):
            deliver(app)
    assert states(app, cast) == {DeliveryState.GIVEN_UP: 1, DeliveryState.DROPPED: len(NAMES) - 1}
    with app.app_context():
        with scoped(whole(cast.bakery.id), writes=False):
            assert db.session().scalars(sa.select(Webhook.state)).one() is WebhookState.FAILED
        db.begin(writes=False)
        mails = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == "webhook_off")).all()
        assert [one.recipient for one in mails] == [cast.owner.email]
        assert f"/webhooks/{hook[0]}" in (mails[0].text or "")
        db.rollback()
    asked = len(receiver.received)
    answer_phones(app, cast)
    judge(app, cast)
    deliver(app)
    assert len(receiver.received) == asked


def test_what_comes_close_to_lapsing_is_told_once(
    app: Flask, cast: Cast, receiver: Receiver, hook: tuple[UUID, str]
) -> None:
    today = clock.today()
    with app.app_context():
        with scoped(whole(cast.bakery.id)):
            for rung, passed in ((Rung.SIXTY_BEFORE, True), (Rung.THIRTY_BEFORE, False)):
                db.session().add(
                    Reminder(
                        rule_code="backup.restore", subject_key="plan::", until=today, rung=rung, passed=passed,
                        noted_on=today,
                    )
                )  # fmt: skip
            db.session().flush()
            noting.note_lapsing({cast.bakery.id: today}, at=clock.now())
        with pytest.raises(sa.exc.IntegrityError), scoped(whole(cast.bakery.id)):
            noting.note_lapsing({cast.bakery.id: today}, at=clock.now())
    deliver(app)
    (told,) = [json.loads(body) for _headers, body in receiver.received]
    assert told["lapsing"] == {"code": "backup.restore", "until": today.isoformat(), "step": "30_before"}


def test_an_owner_adds_one_tries_it_out_renews_its_secret_and_removes_it(
    app: Flask, cast: Cast, receiver: Receiver
) -> None:
    owner, home = Visitor(app, cast.owner), f"/o/{cast.bakery.slug}/webhooks/"
    assert Visitor(app, cast.editor).get(home).status_code == 403
    for wrong in ("http://hooks.example/", "https://", "ftp://x", "https://user:secret@hooks.example/"):
        assert owner.post(f"{home}new", {"name": "Desk", "address": wrong, "events": "opened"}).status_code == 422
    sent = {"name": "Desk", "address": receiver.address, "events": "lapsing", "hook_id": str(new_id())}
    first = re.search(r"whsec_[\w-]{43}", owner.post(f"{home}new", sent).get_data(as_text=True))
    assert first
    page = f"{home}{sent['hook_id']}"
    assert first[0] not in owner.get(page).get_data(as_text=True)
    second = re.search(r"whsec_[\w-]{43}", owner.post(f"{page}/secret").get_data(as_text=True))
    assert second
    assert owner.post(f"{page}/test").status_code == 302
    deliver(app)
    (headers, body), *more = receiver.received
    assert not more
    assert signed(headers, body, second[0])
    assert signed(headers, body, first[0]), "what knows the secret of before only is not cut off at once"
    assert "Told" in owner.get(page).get_data(as_text=True)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        again = Visitor(app, cast.owner)
        assert again.post(f"{page}/test").status_code == 302
        deliver(app)
    assert not signed(*receiver.received[1], first[0])
    for to, state in (("off", "Switch on"), ("off", "Switch on"), ("on", "Switch off")):
        assert owner.post(f"{page}/switch", {"to": to}).status_code == 302
        assert state in owner.get(page).get_data(as_text=True)
    assert owner.post(f"{page}/switch").status_code == 404
    assert [owner.post(f"{page}/test").status_code for _number in range(10)] == [302] * 10
    assert "Try again later" in owner.get(page).get_data(as_text=True)
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        assert db.session().scalar(sa.select(sa.func.count(WebhookDelivery.id))) == services.TESTS_AN_HOUR
    assert owner.post(f"{page}/remove").status_code == 302
    assert owner.get(page).status_code == 404
    # Nor does removing it and adding the same address anew give ten more.
    sent["hook_id"] = str(new_id())
    assert owner.post(f"{home}new", sent).status_code == 200
    assert owner.post(f"{home}{sent['hook_id']}/test").status_code == 302
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        assert db.session().scalar(sa.select(sa.func.count(WebhookDelivery.id))) == services.TESTS_AN_HOUR


def test_old_tellings_go_but_for_what_waits_and_what_an_auditor_may_ask(
    app: Flask, cast: Cast, receiver: Receiver, hook: tuple[UUID, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 2)
    old, every = clock.now() - retention.KEPT - timedelta(minutes=1), list(DeliveryState)
    with app.app_context(), scoped(whole(cast.bakery.id)):
        for state in [*every, DeliveryState.DELIVERED]:
            for happened_at in (old, old + timedelta(minutes=2)):
                db.session().add(
                    WebhookDelivery(
                        webhook_id=hook[0], event=HookEvent.TEST, about_id=new_id(), happened_at=happened_at,
                        state=state, attempts=1, turn=0, tried_at=None, answer="",
                    )
                )  # fmt: skip
        engagement = Engagement(
            auditor_id=cast.stranger.id, reference="2027", plan=True, continuity=True, starts_at=JOINED,
            ends_at=clock.now() + timedelta(hours=1),
        )  # fmt: skip
        db.session().add(engagement)
    with app.app_context():
        retention.thin_out()
    assert states(app, cast).total() == 10, "an auditor may ask"
    with app.app_context():
        with scoped(whole(cast.bakery.id)):
            db.session().scalars(sa.select(Engagement)).one().ends_at = clock.now()
        for _again in range(2):
            retention.thin_out()
    assert states(app, cast) == Counter(dict.fromkeys(every, 1) | {S.WAITING: 2, S.DELIVERED: 2})
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        entries = sa.select(TrailEntry.changes).where(TrailEntry.action == "tellings.removed")
        told = sum((Counter({name: told[name] for name in told if name != "until"})
                    for told in db.session().scalars(entries)), Counter())  # fmt: skip
    assert told == {"delivered": 2, "given_up": 1, "dropped": 1}
