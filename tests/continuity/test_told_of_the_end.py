"""Whoever accepted is told of an announced end: by its own link, and by hand where no letter reaches it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from continuity.clients.services import ClientValues, add_client
from continuity.ending import services
from continuity.errors import Refused
from continuity.models import Acceptance, By, DeedInvitation, SchemeNotice
from core import db
from core.i18n import Language, written_in
from tenants.models import MailedLink
from tests.cast import Cast
from tests.continuity.asking import NOW, client_in, owner_in
from tests.continuity.test_accepting import GOOD, Asked
from tests.continuity.test_accepting import asked as asked
from tests.continuity.test_ending import CLIENT, FIRST, REASON, SENT, announced, step
from tests.continuity.test_newer_deed import offer_another
from tests.continuity.test_room import Visitors
from tests.continuity.test_setting_back import only
from tests.continuity.world import EARLIER, TODAY, Scoped, World
from tests.mailbox import letters_to
from tests.visitor import Visitor

AFTER = FIRST + timedelta(days=1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def accepted(asked: Asked) -> str:
    """Accept the deed by the link, and return the link."""
    path = asked.link()
    assert asked.guest.post(path + "/", {**GOOD, "code": asked.code(path)}).status_code == 303
    return path


@pytest.mark.parametrize(
    ("role", "who", "in_dutch"),
    [
        pytest.param(By.SUPPLIER, "Draadwerk IT, your supplier, announced", "uw leverancier", id="by the supplier"),
        pytest.param(
            By.FOUNDATION, "Stichting Zekerheid, the foundation, announced", "de stichting", id="by the foundation"
        ),
    ],
)
def test_the_page_behind_the_link_tells_the_last_day_who_told_and_what_to_do(
    asked: Asked, cast: Cast, world: World, scope_of: Scoped, role: By, who: str, in_dutch: str
) -> None:
    path = asked.link()
    assert "This scheme ends" not in asked.guest.get(f"{path}/").get_data(as_text=True)
    with scope_of(cast.supplier):
        announced(world, role=role)
    told = asked.guest.get(f"{path}/").get_data(as_text=True)
    assert "This scheme ends. The last day is 22 February 2027" in told
    assert "Whoever accepts is covered up to and including that day" in told
    assert all(one in told for one in (who, REASON, "before that day what comes in its place"))
    assert asked.guest.post(path + "/", {**GOOD, "code": asked.code(path)}).status_code == 303
    told = asked.guest.get(f"{path}/").get_data(as_text=True)
    assert "Up to and including that day nothing changes" in told
    assert "You need do nothing more" not in told
    asked.guest.client.set_cookie("language", "nl")
    told = asked.guest.get(f"{path}/").get_data(as_text=True)
    assert "Deze regeling stopt. De laatste dag is 22 februari 2027" in told
    assert in_dutch in told


def test_the_page_tells_that_it_is_over_and_forgets_what_was_taken_back(
    asked: Asked, cast: Cast, world: World, scope_of: Scoped
) -> None:
    path = accepted(asked)
    with scope_of(cast.supplier):
        row = announced(world)
        services.take_back(owner_in(world), row, role=By.SUPPLIER, by="x", seen=1, today=FIRST, at=NOW)
    assert "22 February 2027" not in asked.guest.get(f"{path}/").get_data(as_text=True)
    with scope_of(cast.supplier):
        announced(world)
    with time_machine.travel(noon(AFTER), tick=False):
        for confirmed in (False, True):
            told = asked.guest.get(f"{path}/").get_data(as_text=True)
            assert "This scheme was in force up to and including 22 February 2027" in told
            assert "you can no longer ask for continuity" in told
            assert "You need do nothing more" not in told
            assert ("The scheme has ended since" in told) is confirmed
            if not confirmed:
                with scope_of(cast.supplier):
                    step(world, AFTER)


def test_nobody_accepts_once_the_last_day_is_over_although_nobody_confirmed_it(
    asked: Asked, cast: Cast, world: World, scope_of: Scoped
) -> None:
    path = asked.link()
    code = asked.code(path)
    with scope_of(cast.supplier):
        announced(world)
    for day, status in ((AFTER, 422), (FIRST, 303)):
        with time_machine.travel(noon(day), tick=False):
            with scope_of(cast.supplier):
                for one in db.session().scalars(sa.select(DeedInvitation)):
                    one.code_until = noon(day) + timedelta(minutes=5)
                for link in db.session().scalars(sa.select(MailedLink)):
                    link.expires_at = noon(AFTER) + timedelta(days=1)
            guest = Visitor(asked.app)
            told = guest.get(f"{path}/").get_data(as_text=True)
            assert ("the deed can no longer be accepted" in told) is (day == AFTER)
            answer = guest.post(path + "/", {**GOOD, "code": code})
            assert answer.status_code == status
            assert guest.post(f"{path}/code").status_code == (422 if day == AFTER else 303)


def test_an_end_is_not_taken_back_once_its_last_day_is_over(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        announced(world)
    with scope_of(cast.supplier), written_in(Language.ENGLISH), pytest.raises(Refused, match="last day is over"):
        services.take_back(
            owner_in(world), only(SchemeNotice), role=By.SUPPLIER, by="x", seen=1, today=AFTER, at=noon(AFTER)
        )
    with time_machine.travel(noon(AFTER), tick=False):
        told = visitor(cast.supplier_owner).get(f"{world.path}/state").get_data(as_text=True)
    assert "The foundation still has to end it" in told
    assert "Take the announced end back" not in told


def test_who_announces_reads_in_words_whom_no_letter_reaches(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner, officer = visitor(cast.supplier_owner), visitor(cast.foundation_owner)
    page = f"{world.path}/state/notice"
    for told in (owner.get(page), officer.get(f"{world.registrant_path}/scheme/notice")):
        words = told.get_data(as_text=True)
        assert "No client that accepted has an e-mail address here" in words
        assert "Tell it yourself, by letter or by phone" in words
        assert "Bakkerij Zonneschijn" in words
        assert "0 clients" not in words
    with scope_of(cast.supplier):
        deed_id = only(Acceptance).deed_version_id
        other = add_client(
            owner_in(world), ClientValues("Fietsen De Ketting", "", CLIENT, None, EARLIER, Language.ENGLISH)
        )
        made = Acceptance(client_id=other.id, deed_version_id=deed_id, accepted_on=EARLIER, accepted_by="Owner")
        db.session().add(made)
    words = owner.get(page).get_data(as_text=True)
    assert "1 client is written to at once" in words
    assert "Fietsen De Ketting" not in words
    assert owner.post(page, SENT).status_code == 302
    assert len(letters_to(app, CLIENT)) == 1
    for told in (owner.get(f"{world.path}/state"), officer.get(f"{world.registrant_path}/scheme")):
        assert "Bakkerij Zonneschijn" in told.get_data(as_text=True)
        assert "Fietsen De Ketting" not in told.get_data(as_text=True)


def test_nobody_accepted_nobody_is_written_to(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        only(Acceptance).ended_on = TODAY
    words = visitor(cast.supplier_owner).get(f"{world.path}/state/notice").get_data(as_text=True)
    assert "No client accepted the deed yet" in words
    assert "Tell it yourself" not in words


def test_who_offers_a_newer_deed_knows_how_many_have_to_accept_anew(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    page = f"{world.path}/deeds/{world.draft_id}"
    words = visitor(world.editor).get(page).get_data(as_text=True)
    assert "1 client accepted an earlier version and has to accept this one anew" in words
    with scope_of(cast.supplier):
        client_in(world).archived_at = NOW
    assert "accept this one anew" not in visitor(world.editor).get(page).get_data(as_text=True)


def test_a_client_reads_that_a_newer_deed_takes_no_right_away(
    asked: Asked, cast: Cast, world: World, scope_of: Scoped
) -> None:
    path = accepted(asked)
    assert "There is a newer version" not in asked.guest.get(f"{path}/").get_data(as_text=True)
    with scope_of(cast.supplier):
        offer_another(world)
    told = asked.guest.get(f"{path}/").get_data(as_text=True)
    assert "It stays valid: you keep the right that it gives" in told
    assert "You count as covered again once you accept that one too" in told
    cover = asked.editor.get(f"{world.path}/clients/{asked.client_id}/cover").get_data(as_text=True)
    assert "which stays valid; version 2 is not accepted yet" in cover
    with scope_of(cast.supplier):
        made = Acceptance(
            client_id=asked.client_id, deed_version_id=world.draft_id, accepted_on=TODAY, accepted_by="Vos"
        )
        db.session().add(made)
    assert "There is a newer version" not in asked.guest.get(f"{path}/").get_data(as_text=True)
