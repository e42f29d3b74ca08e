"""A person's own data: all of it told, erased at their wish, kept where others must be able to prove something."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import Registration, SchemeState, SchemeType
from core import clock, db, mail
from core.db import Base
from core.i18n import Language
from core.mail.outbox import MailState
from core.settings import ROOT
from plans.models import Contact
from tenants.models import (
    AccountEvent,
    Engagement,
    Frequency,
    Invitation,
    LinkedIdentity,
    LinkPurpose,
    LoginSession,
    Membership,
    Passkey,
    Role,
    Seat,
    Tenant,
    TotpFactor,
    TrailEntry,
    User,
)
from tenants.owned import Area
from tenants.person_data import queries, words
from tenants.person_data.queries import UNTOLD
from tenants.person_data.services import mark_of
from tenants.person_data.telling import HEADINGS, HIDDEN, TITLES
from tenants.scope import scoped, whole
from tenants.services import add_member
from tenants.trail.telling import tell
from tenants.trail.verifying import Verdict, verify
from tests.cast import JOINED, PASSWORD, Cast, Organisation, Person
from tests.visitor import Visitor

FAR_OFF = datetime(2099, 1, 1, tzinfo=UTC)
ADDRESS = "/account/data"
Inside = Callable[[Organisation], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Busy:
    """The service, and the browser in which the editor signed in before there was a second factor."""

    app: Flask
    visitor: Visitor


def erase(app: Flask, person: Person, typed: str | None = None) -> int:
    return erase_in(Visitor(app, person), person.email if typed is None else typed)


def erase_in(visitor: Visitor, typed: str) -> int:
    return visitor.post(f"{ADDRESS}/erase", {"email": typed}).status_code


def verdicts(app: Flask) -> list[Verdict]:
    with app.app_context():
        return list(verify({}))


@pytest.fixture
def busy(app: Flask, cast: Cast) -> Busy:
    """The editor of the bakery worked there, audits another organisation, has factors, links and mail."""
    visitor = Visitor(app, cast.editor)
    answer = visitor.post(f"/o/{cast.bakery.slug}/registers/contacts/new", {"name": "Brandweer"})
    assert answer.status_code == 302
    assert visitor.get(f"/o/{cast.supplier.slug}/").status_code == 404
    with app.app_context():
        with scoped(whole(cast.bakery.id)):
            db.session().add(
                Invitation(
                    email=cast.editor.email,
                    seat=Seat.MEMBER,
                    role=Role.EDITOR,
                    reference="",
                    plan=False,
                    continuity=False,
                    invited_by=cast.owner.id,
                    sent_at=JOINED,
                    accepted_at=JOINED,
                    accepted_by=cast.editor.id,
                )
            )
        with scoped(whole(cast.other.id)):
            db.session().add(
                Engagement(
                    auditor_id=cast.editor.id,
                    reference="Jaarcontrole",
                    plan=True,
                    continuity=False,
                    starts_at=JOINED,
                    ends_at=FAR_OFF,
                )
            )
        db.begin(writes=True)
        at = clock.now()
        db.session().add_all(
            [
                TotpFactor(user_id=cast.editor.id, secret="JBSWY3DPEHPK3PXP", last_step=0, added_at=at),
                Passkey(
                    user_id=cast.editor.id, name="Telefoon", credential_id=b"c", public_key=b"p", sign_count=0,
                    added_at=at,
                ),
                LinkedIdentity(
                    organisation_id=cast.bakery.id, issuer="https://i.example", subject="s", user_id=cast.editor.id,
                    linked_at=at,
                ),
            ]
        )  # fmt: skip
        mail.queue(to=cast.editor.email, subject="Hallo", text="Hallo", language=Language.DUTCH, kind="letter")
        db.commit()
        tell()
    return Busy(app, visitor)


def test_every_table_that_names_a_person_is_told_or_belongs_to_an_organisation(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=False)
        told = {part.name for part in queries.held(cast.owner.id, cast.owner.email)}
        db.rollback()
    # Rows of organisations that only say who did something there, or hold a key there.
    of_organisations = {
        "management_grant",
        "invitation",
        "trail_entry",
        "client_invitation",
        "client_list",
        "officer_key",
        "api_token",
        "webhook",
        "evidence_step",
        "reminder_told",
        "reminder_hold",
        "reminder_recipient",
        "report_schedule",
        "schedule_person",
        "made_report",
        "handover_opening",
        "trigger_case",
        "waiver",
    }
    for table in Base.metadata.tables.values():
        if any(key.target_fullname == "user.id" for key in table.foreign_keys):
            assert table.name in told | of_organisations, table.name


def test_what_is_not_told_exists_and_is_not_told(busy: Busy, cast: Cast) -> None:
    for name in UNTOLD:
        table, _dot, column = name.partition(".")
        assert column in Base.metadata.tables[table].columns
    with busy.app.app_context():
        db.begin(writes=False)
        for part in queries.held(cast.editor.id, cast.editor.email):
            for line in part.lines:
                assert not [key for key in line if f"{part.name}.{key}" in UNTOLD]
        db.rollback()


def test_own_data_hold_everything_and_nothing_of_others(busy: Busy, cast: Cast) -> None:
    visitor = busy.visitor
    told = json.loads(visitor.get(f"{ADDRESS}/json").get_data())
    assert told["user"][0]["email"] == cast.editor.email
    assert {one["organisation"] for one in told["membership"]} == {cast.bakery.name}
    assert {one["organisation"] for one in told["engagement"]} == {cast.other.name}
    for name in ("login_session", "totp_factor", "passkey", "linked_identity", "account_event", "outbox_mail"):
        assert told[name], name
    everything = json.dumps(told)
    assert "JBSWY3DPEHPK3PXP" not in everything
    for other in (cast.owner, cast.reader, cast.stranger):
        assert other.email not in everything
        assert str(other.id) not in everything
    assert "Telefoon" in visitor.get(f"{ADDRESS}/").get_data(as_text=True)


@pytest.mark.once
def test_page_has_words_for_every_value_the_service_writes() -> None:
    asked = re.compile(r"account_event\([^,]+, \"([a-z_.]+)\"")
    sources = [
        path.read_text()
        for folder in ("tenants", "plans", "continuity", "audits")
        for path in (ROOT / folder).rglob("*.py")
    ]
    parts_of_letters = {"foot", "request_page"}
    letters = {path.name.partition(".")[0] for path in (ROOT / "templates" / "mail").iterdir()} - parts_of_letters
    assert {action for source in sources for action in asked.findall(source)} <= set(words.EVENTS)
    assert letters <= set(words.LETTERS)
    assert set(LinkPurpose) == set(words.PURPOSES)
    assert set(MailState) == set(words.MAIL_STATES)
    assert set(Role) == set(words.ROLES)
    assert set(Frequency) == set(words.FREQUENCIES)
    assert set(Language) == set(words.LANGUAGES)


def test_own_data_are_told_in_words_not_in_codes(busy: Busy) -> None:
    page = busy.visitor.get(f"{ADDRESS}/").get_data(as_text=True)
    for code in ("sign_in", "editor", "waiting"):
        assert f">{code}<" not in page
    assert "how: " not in page
    assert "127.0.0.1" in page


def test_nobody_sees_these_pages_without_signing_in(app: Flask) -> None:
    for path in ("/", "/json", "/erase"):
        assert "/sign-in" in Visitor(app).get(ADDRESS + path).headers["Location"]


def test_erased_account_opens_nothing_and_names_nobody(busy: Busy, scope_of: Inside, cast: Cast) -> None:
    assert erase_in(busy.visitor, cast.editor.email) == 302
    assert busy.visitor.get("/organisations").status_code == 302
    assert Visitor(busy.app).sign_in(cast.editor.email).status_code == 422
    with busy.app.app_context():
        db.begin(writes=False)
        user = db.session().get_one(User, cast.editor.id)
        assert (user.name, user.erased_at is not None) == (mark_of(user.id), True)
        for model in (TotpFactor, Passkey, LinkedIdentity):
            assert db.session().scalars(sa.select(model).where(model.user_id == user.id)).all() == []
        sessions = db.session().scalars(sa.select(LoginSession).where(LoginSession.user_id == user.id)).all()
        assert all(one.ended_at is not None and not one.address and not one.agent for one in sessions)
        db.rollback()
    with scope_of(cast.bakery):
        mine = sa.select(Membership.ends_at).where(Membership.user_id == cast.editor.id)
        assert [one is not None and one <= clock.now() for one in db.session().scalars(mine)] == [True]
    with scope_of(cast.other):
        assert db.session().scalars(sa.select(Engagement)).one().ends_at <= clock.now()


def test_name_and_address_are_left_in_no_table_but_what_an_organisation_wrote_down_itself(
    busy: Busy, scope_of: Inside, cast: Cast
) -> None:
    assert erase_in(busy.visitor, cast.editor.email) == 302
    with busy.app.app_context():
        tell()
    left = []
    with scope_of(cast.bakery):
        for mapper in Base.registry.mappers:
            if getattr(mapper.class_, "__area__", "") in {Area.PLAN, Area.CONTINUITY}:
                continue
            for row in db.session().scalars(sa.select(mapper.class_)):
                text = " ".join(str(getattr(row, one.key)) for one in mapper.column_attrs)
                if cast.editor.email in text or cast.editor.name in text:
                    left.append(mapper.class_.__name__)
    assert left == []


def test_trail_keeps_what_was_done_under_a_mark_and_holds(busy: Busy, scope_of: Inside, cast: Cast) -> None:
    before = {one.chain: one.entries for one in verdicts(busy.app)}
    assert erase_in(busy.visitor, cast.editor.email) == 302
    with scope_of(cast.bakery):
        made = sa.select(TrailEntry).where(TrailEntry.subject == "contact", TrailEntry.action == "created")
        entry = db.session().scalars(made).one()
        assert (entry.actor, entry.role, entry.label) == (mark_of(cast.editor.id), "editor", "Brandweer")
        assert entry.changes["name"] == "Brandweer"
        assert entry.salt is None
    after = verdicts(busy.app)
    assert [one.broken for one in after] == [None] * len(after)
    assert all(one.entries >= before[one.chain] for one in after)
    assert sum(one.erased for one in after) >= 3


def test_last_owner_stays_until_somebody_else_is_owner(app: Flask, scope_of: Inside, cast: Cast) -> None:
    page = Visitor(app, cast.owner).get(f"{ADDRESS}/erase").get_data(as_text=True)
    assert cast.bakery.name in page
    assert erase(app, cast.owner) == 422
    assert Visitor(app, cast.owner).get("/organisations").status_code == 200
    with scope_of(cast.bakery):
        add_member(cast.bakery.id, cast.reader.id, Role.OWNER, at=clock.now())
    assert erase(app, cast.owner) == 302


def test_owner_of_an_organisation_that_left_is_free_to_go(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(Tenant, cast.bakery.id).left_at = clock.now()
        db.commit()
    assert erase(app, cast.owner) == 302


def release(cast: Cast, declared_on: date) -> None:
    db.session().add(
        Registration(
            service_name="Hosting De Halm", scheme_type=SchemeType.HOSTING, declared_bankrupt_on=declared_on,
            duration_months=3, state=SchemeState.TRIGGERED,
        )
    )  # fmt: skip


@pytest.mark.parametrize("former", [False, True], ids=["member", "former member"])
def test_release_holds_whoever_acted_there_and_says_until_when(
    app: Flask, scope_of: Inside, cast: Cast, former: bool
) -> None:
    with scope_of(cast.bakery):
        release(cast, clock.today())
        if former:
            query = sa.select(Membership).where(Membership.user_id == cast.reader.id)
            db.session().scalars(query).one().ends_at = clock.now() - timedelta(days=1)
    assert "Hosting De Halm" in Visitor(app, cast.reader).get(f"{ADDRESS}/erase").get_data(as_text=True)
    assert erase(app, cast.reader) == 422
    assert Visitor(app).sign_in(cast.reader.email, PASSWORD).status_code == 302
    assert erase(app, cast.stranger) == 422, "the only owner of another organisation"


def test_release_long_ago_holds_nobody(app: Flask, scope_of: Inside, cast: Cast) -> None:
    with scope_of(cast.bakery):
        release(cast, clock.today() - timedelta(days=500))
    assert erase(app, cast.reader) == 302


def test_another_address_erases_nothing(app: Flask, cast: Cast) -> None:
    for typed in ("", cast.owner.email, "x"):
        assert erase(app, cast.reader, typed) == 422
    assert Visitor(app, cast.reader).get("/organisations").status_code == 200


def test_erased_address_may_begin_anew_without_any_right_of_before(app: Flask, cast: Cast) -> None:
    assert erase(app, cast.reader) == 302
    made = app.test_cli_runner().invoke(
        args=["user", "add", cast.reader.email, "--name", "Nieuw"], input="een heel ander paard staat buiten\n"
    )
    assert made.exit_code == 0, made.output
    visitor = Visitor(app)
    assert visitor.sign_in(cast.reader.email, "een heel ander paard staat buiten").status_code == 302
    assert visitor.get(f"/o/{cast.bakery.slug}/").status_code == 404


def test_erasure_of_one_leaves_the_others_as_they_were(busy: Busy, scope_of: Inside, cast: Cast) -> None:
    with busy.app.app_context(), scoped(whole(cast.bakery.id)):
        db.session().add(Contact(name="Blijft"))
    assert erase_in(busy.visitor, cast.editor.email) == 302
    with scope_of(cast.bakery):
        assert set(db.session().scalars(sa.select(Contact.name))) == {"Brandweer", "Blijft"}
    with busy.app.app_context():
        db.begin(writes=False)
        actors = set(db.session().scalars(sa.select(AccountEvent.actor).where(AccountEvent.user_id == cast.owner.id)))
        assert db.session().get_one(User, cast.owner.id).name == cast.owner.name
        assert mark_of(cast.editor.id) not in actors
        db.rollback()
    assert Visitor(busy.app, cast.owner).get(f"/o/{cast.bakery.slug}/").status_code == 200


def test_every_column_on_the_page_has_a_name(busy: Busy, cast: Cast) -> None:
    with busy.app.test_request_context():
        db.begin(writes=False)
        parts = queries.held(cast.editor.id, cast.editor.email)
        db.rollback()
    for model in (User, LoginSession, TotpFactor, Passkey, LinkedIdentity, AccountEvent, Membership, Engagement):
        columns = {one.key for one in sa.inspect(model).column_attrs}  # type: ignore[attr-defined]
        secret = {key for key in columns if f"{model.__tablename__}.{key}" in UNTOLD}
        assert columns - secret - HIDDEN <= set(HEADINGS), model
    assert {part.name for part in parts} == set(TITLES)
