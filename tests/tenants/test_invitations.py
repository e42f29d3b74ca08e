"""Invitations: only who reads the mailbox gets in, once, as far as the letter says, and only while it is meant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from core import clock, db
from core.i18n import Language
from tenants.models import Engagement, Invitation, MailedLink, Membership, Role, TrailEntry, User
from tenants.relations import places_of
from tests.cast import Cast, Organisation
from tests.mailbox import last_letter, letters_to, link_in
from tests.visitor import Visitor

NEW = "nieuw@people.example"
ACCOUNT = {"name": "Nina Nieuw", "password": "fiets langs de waterkant"}


def invite(app: Flask, cast: Cast, email: str = NEW, role: str = "editor") -> str:
    """Invite somebody and return the path of the link in their mail."""
    assert Visitor(app, cast.owner).post("/o/bakery/people/invite", {"email": email, "role": role}).status_code == 302
    return link_in(last_letter(app, email))


def engage(app: Flask, cast: Cast, email: str, **more: Any) -> str:
    """Invite an auditor and return the path of the link in their mail."""
    form = {"email": email, "reference": "Audit 2026", "plan": "y", "starts_on": today(), "ends_on": today(30)} | more
    answer = Visitor(app, cast.owner).post("/o/bakery/people/engage", form)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return link_in(last_letter(app, email))


def today(later: int = 0) -> str:
    return (clock.today() + timedelta(days=later)).isoformat()


def role_of(app: Flask, email: str, slug: str) -> str | None:
    with app.app_context():
        db.begin(writes=False)
        user = db.session().scalar(sa.select(User).where(User.email == email))
        found = [place.capacity.value for place in places_of(user.id) if place.slug == slug] if user else []
        db.rollback()
    return found[0] if found else None


def test_new_person_chooses_a_password_and_is_in(app: Flask, cast: Cast) -> None:
    link = invite(app, cast)
    guest = Visitor(app)
    page = guest.get(link)
    assert cast.bakery.name in page.get_data(as_text=True)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert guest.post(link, ACCOUNT).status_code == 302
    guest.person, guest._token = cast.editor, ""
    assert guest.get("/o/bakery/plan/").status_code == 200
    assert role_of(app, NEW, "bakery") == "editor"
    assert Visitor(app).post("/sign-in", {"email": NEW, "password": ACCOUNT["password"]}).status_code == 302


def test_opening_the_link_changes_nothing(app: Flask, cast: Cast) -> None:
    link = invite(app, cast)
    for _ in range(3):
        assert Visitor(app).get(link).status_code == 200
        assert Visitor(app).client.head(link).status_code == 200
    assert role_of(app, NEW, "bakery") is None
    assert Visitor(app).post(link, ACCOUNT).status_code == 302


def test_link_works_once(app: Flask, cast: Cast) -> None:
    link = invite(app, cast)
    assert Visitor(app).post(link, ACCOUNT).status_code == 302
    for visitor in (Visitor(app), Visitor(app, cast.stranger)):
        assert visitor.get(link).status_code == 410
        assert visitor.post(link, ACCOUNT).status_code == 410


def test_of_many_who_accept_at_once_one_gets_in(app: Flask, cast: Cast) -> None:
    link = invite(app, cast)
    guests = [Visitor(app) for _ in range(4)]
    tokens = [guest.token for guest in guests]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda pair: pair[0].client.post(link, data={"csrf_token": pair[1], **ACCOUNT}).status_code,
                zip(guests, tokens, strict=True),
            )
        )
    assert answers.count(302) >= 1
    assert 500 not in answers
    with app.app_context():
        db.begin(writes=False)
        assert db.session().scalar(sa.select(sa.func.count()).where(User.email == NEW)) == 1
    assert role_of(app, NEW, "bakery") == "editor"


def test_link_is_dead_after_seven_days_and_after_it_was_withdrawn_or_sent_again(
    app: Flask, cast: Cast, scope_of: Callable[[Organisation], Any]
) -> None:
    link = invite(app, cast)
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        assert Visitor(app).get(link).status_code == 410
        assert "Too old" in Visitor(app, cast.owner).get("/o/bakery/people/").get_data(as_text=True)
    with scope_of(cast.bakery):
        invitation_id = db.session().scalars(sa.select(Invitation.id)).one()
    owner = Visitor(app, cast.owner)
    assert owner.post(f"/o/bakery/people/invitations/{invitation_id}/resend").status_code == 302
    newer = link_in(last_letter(app, NEW))
    assert newer != link
    assert Visitor(app).get(link).status_code == 410
    assert Visitor(app).get(newer).status_code == 200
    assert owner.post(f"/o/bakery/people/invitations/{invitation_id}/withdraw").status_code == 302
    assert Visitor(app).get(newer).status_code == 410
    assert Visitor(app).post(newer, ACCOUNT).status_code == 410


def test_person_with_an_account_accepts_by_one_post_when_signed_in_as_the_one_invited(app: Flask, cast: Cast) -> None:
    link = invite(app, cast, cast.stranger.email)
    anonymous = Visitor(app)
    assert "/sign-in?next=/invitation/" in anonymous.get(link).get_data(as_text=True)
    anonymous.post(link, ACCOUNT)
    assert role_of(app, cast.stranger.email, "bakery") is None
    wrong = Visitor(app, cast.reader)
    assert "Deze uitnodiging is voor een ander adres" in wrong.get(link).get_data(as_text=True)
    wrong.post(link)
    assert role_of(app, cast.reader.email, "bakery") == "reader"
    assert Visitor(app, cast.stranger).post(link).status_code == 302
    assert role_of(app, cast.stranger.email, "bakery") == "editor"


def test_address_that_nobody_invited_gets_the_same_page_for_any_made_up_link(app: Flask) -> None:
    for token in ("x", "a" * 32, "a" * 5000, "%00"):
        assert Visitor(app).get(f"/invitation/{token}").status_code == 410


def test_link_for_one_purpose_opens_no_other(app: Flask, cast: Cast) -> None:
    token = invite(app, cast).rpartition("/")[2]
    assert Visitor(app).get(f"/reset/{token}").status_code == 410
    assert Visitor(app, cast.owner).get(f"/account/email/{token}").status_code == 410


def test_database_keeps_only_the_hash_of_a_link_and_seals_the_address(app: Flask, cast: Cast) -> None:
    token = invite(app, cast).rpartition("/")[2]
    with app.app_context(), db.engine().connect() as connection:
        kept = connection.execute(sa.select(MailedLink.token_hash)).scalars().all()
    assert len(kept) == 1
    assert token not in kept
    assert len(token) >= 32


def test_host_of_a_request_never_stands_in_a_letter(app: Flask, cast: Cast) -> None:
    visitor = Visitor(app, cast.owner)
    form = {"email": NEW, "role": "reader"}
    visitor.post("/o/bakery/people/invite", form, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in str(last_letter(app, NEW))
    assert app.config["SETTINGS"].base_url in last_letter(app, NEW).get_content()


@pytest.mark.parametrize(("language", "words"), [(Language.DUTCH, "nl"), (Language.ENGLISH, "en")])
def test_letter_speaks_the_language_of_who_reads_it(app: Flask, cast: Cast, language: Language, words: str) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(User, cast.stranger.id).language = language
        db.commit()
    invite(app, cast, cast.stranger.email)
    letter = last_letter(app, cast.stranger.email)
    assert letter["Content-Language"] == words
    assert cast.bakery.name in letter["Subject"]


def test_name_with_a_line_end_stays_one_line_of_the_letter(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.begin(writes=True)
        db.session().get_one(User, cast.owner.id).name = "Olga\r\n\r\nBcc: all@people.example"
        db.commit()
    invite(app, cast)
    assert "Olga Bcc: all@people.example" in last_letter(app, NEW).get_content()


def test_same_address_is_not_invited_twice_nor_a_member_at_all(app: Flask, cast: Cast) -> None:
    invite(app, cast)
    owner = Visitor(app, cast.owner)
    for email in (NEW, NEW.upper(), cast.reader.email, cast.owner.email, "not an address", "a@b.example, c@d.example"):
        answer = owner.post("/o/bakery/people/invite", {"email": email, "role": "owner"})
        assert answer.status_code == 422, email
    assert role_of(app, cast.reader.email, "bakery") == "reader"


def test_address_is_written_to_three_times_an_hour_at_most(
    app: Flask, cast: Cast, scope_of: Callable[[Organisation], Any]
) -> None:
    invite(app, cast)
    with scope_of(cast.bakery):
        invitation_id = db.session().scalars(sa.select(Invitation.id)).one()
    owner = Visitor(app, cast.owner)
    for _ in range(5):
        owner.post(f"/o/bakery/people/invitations/{invitation_id}/resend")
    assert len(letters_to(app, NEW)) == 3


def test_auditor_reads_what_was_opened_until_the_last_day_is_over(app: Flask, cast: Cast) -> None:
    link = engage(app, cast, cast.stranger.email)
    letter = last_letter(app, cast.stranger.email).get_content()
    assert "Audit 2026" in letter
    assert Visitor(app, cast.stranger).post(link).status_code == 302
    with app.app_context():
        db.begin(writes=False)
        user = db.session().get_one(User, cast.stranger.id)
        (place,) = (one for one in places_of(user.id) if one.slug == "bakery")
        db.rollback()
    assert place.capacity.value == "auditor"
    assert place.may("plan.read")
    assert not place.may("continuity.read")
    over = clock.now() + timedelta(days=31)
    with time_machine.travel(over, tick=False):
        assert role_of(app, cast.stranger.email, "bakery") is None


def test_days_of_an_assignment_count_in_the_zone_of_the_organisation(
    app: Flask, cast: Cast, scope_of: Callable[[Organisation], Any]
) -> None:
    link = engage(app, cast, cast.stranger.email, starts_on="2027-03-01", ends_on="2027-03-28")
    assert Visitor(app, cast.stranger).post(link).status_code == 302
    with scope_of(cast.bakery):
        row = db.session().scalars(sa.select(Engagement)).one()
        # In Amsterdam: winter time on the first day, summer time after the last.
        assert row.starts_at.isoformat() == "2027-02-28T23:00:00+00:00"
        assert row.ends_at.isoformat() == "2027-03-28T22:00:00+00:00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": today(2), "ends_on": today(1)},
        {"starts_on": today(-9), "ends_on": today(-1)},
        {"ends_on": today(4000)},
        {"ends_on": ""},
        {"plan": ""},
        {"reference": " "},
        {"starts_on": "9999-01-01", "ends_on": "9999-12-31"},
    ],
    ids=["ends first", "past", "for ever", "no end", "reads nothing", "no name", "no day after it"],
)
def test_assignment_that_makes_no_sense_is_refused(app: Flask, cast: Cast, wrong: dict[str, str]) -> None:
    form = {"email": NEW, "reference": "Audit", "plan": "y", "starts_on": today(), "ends_on": today(30)} | wrong
    assert Visitor(app, cast.owner).post("/o/bakery/people/engage", form).status_code == 422
    assert letters_to(app, NEW) == []


def test_assignment_that_is_over_can_no_longer_be_accepted(
    app: Flask, cast: Cast, scope_of: Callable[[Organisation], Any]
) -> None:
    link = engage(app, cast, cast.stranger.email, ends_on=today(1))
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert Visitor(app, cast.stranger).post(link).status_code == 410
    with scope_of(cast.bakery):
        assert db.session().scalars(sa.select(Engagement)).all() == []


def test_whoever_loses_the_right_to_invite_lets_nobody_in_afterwards(
    app: Flask, cast: Cast, scope_of: Callable[[Organisation], Any]
) -> None:
    with scope_of(cast.bakery):
        editor = db.session().scalars(sa.select(Membership).where(Membership.user_id == cast.editor.id)).one()
        editor.role = Role.OWNER
        membership_id = editor.id
    second = Visitor(app, cast.editor)
    assert second.post("/o/bakery/people/invite", {"email": NEW, "role": "owner"}).status_code == 302
    link = link_in(last_letter(app, NEW))
    assert Visitor(app, cast.owner).post(f"/o/bakery/people/members/{membership_id}/end").status_code == 302
    assert Visitor(app).post(link, ACCOUNT).status_code == 410


def erased(app: Flask, who: Visitor, email: str) -> None:
    assert who.post("/account/data/erase", {"email": email}).status_code == 302


def disabled(app: Flask, who: Visitor, email: str) -> None:
    assert app.test_cli_runner().invoke(args=["user", "disable", email]).exit_code == 0


def demoted(app: Flask, who: Visitor, email: str) -> None:
    added = app.test_cli_runner().invoke(args=["member", "add", email, "bakery", "--role", "editor"])
    assert added.exit_code == 0


@pytest.mark.parametrize("leave", [erased, disabled, demoted])
def test_whoever_is_no_owner_any_more_lets_nobody_in_however_that_came(
    app: Flask, cast: Cast, scope_of: Callable[[Organisation], Any], leave: Callable[[Flask, Visitor, str], None]
) -> None:
    with scope_of(cast.bakery):
        db.session().scalars(sa.select(Membership).where(Membership.user_id == cast.editor.id)).one().role = Role.OWNER
    second = Visitor(app, cast.editor)
    assert second.post("/o/bakery/people/invite", {"email": NEW, "role": "owner"}).status_code == 302
    link = link_in(last_letter(app, NEW))
    leave(app, second, cast.editor.email)
    assert Visitor(app).get(link).status_code == 410
    assert Visitor(app).post(link, ACCOUNT).status_code == 410
    # Another owner may mean it all the same, and sends it once more in their own name.
    with scope_of(cast.bakery):
        waiting = [one.id for one in db.session().scalars(sa.select(Invitation)) if one.withdrawn_at is None]
    for one in waiting:
        again = Visitor(app, cast.owner).post(f"/o/bakery/people/invitations/{one}/resend")
        assert again.status_code == 302
        assert Visitor(app).get(link_in(last_letter(app, NEW))).status_code == 200


def test_trail_tells_who_invited_and_who_came(app: Flask, cast: Cast, scope_of: Callable[[Organisation], Any]) -> None:
    link = invite(app, cast)
    Visitor(app).post(link, ACCOUNT)
    with scope_of(cast.bakery):
        told = {
            (entry.action, entry.subject): entry.actor
            for entry in db.session().scalars(sa.select(TrailEntry).order_by(TrailEntry.seq))
            if entry.user_id is not None
        }
    assert told["created", "invitation"] == cast.owner.name
    assert told["invitation.accepted", "invitation"] == ACCOUNT["name"]
    assert told["created", "membership"] == ACCOUNT["name"]
    assert link.rpartition("/")[2] not in str(told)
