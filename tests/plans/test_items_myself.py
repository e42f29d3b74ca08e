"""Whoever runs the firm alone takes every place in one go."""

import re

import sqlalchemy as sa
from flask import Flask

from core import clock, db
from plans.items.myself import HEADS
from plans.items.queries import seated
from plans.items.services import SeatValues, assign
from plans.models import Contact, Department
from plans.seats import ITEM_SEATS, TEAM_ITEM
from tests.cast import Cast
from tests.grants.scene import grant
from tests.plans.items_scene import ScopeOf, SignIn, add_contact, page
from tests.plans.test_items_answers import hidden

ALONE, MYSELF = "I do all of this myself", "/myself"


def sitting(item_id: str = TEAM_ITEM) -> dict[str, object]:
    return {row.seat: row.contact_id for row in seated([item_id]).values()}


def test_one_press_fills_every_empty_place_and_asks_for_the_telephone(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    browser, at = visitor(cast.owner), page(cast.bakery, TEAM_ITEM)
    shown = browser.get(at + "?path=on").get_data(as_text=True)
    assert ALONE in shown
    assert "Deputy of" not in shown, "while there are not two people nobody can be a deputy"
    answer = browser.post(at + MYSELF + "?path=on")
    assert answer.status_code == 302
    assert "/registers/contacts/" in answer.headers["Location"]
    assert "path=runbook.team" in answer.headers["Location"], "the way back to the step is kept"
    form = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Fill in your telephone number" in form
    today = f'name="confirmed_on" type="date" value="{clock.today()}"'
    assert today in form, "whoever fills in their own number has checked it"
    assert today not in browser.get(answer.headers["Location"].partition("?")[0]).get_data(as_text=True)
    with scope_of(cast.bakery):
        me = db.session().scalars(sa.select(Contact)).one()
        assert (me.name, me.email, me.is_staff) == (cast.owner.name, cast.owner.email, True)
        assert sitting() == {seat.name: me.id for seat in ITEM_SEATS[TEAM_ITEM]}
    assert ALONE not in browser.get(at).get_data(as_text=True)


def test_who_sits_there_stays_and_nobody_is_added_twice(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    with scope_of(cast.bakery):
        me, henk = add_contact("Somebody", email=cast.editor.email.upper()), add_contact("Henk")
        assign(TEAM_ITEM, {"management": SeatValues(henk), "gdpr-officer": SeatValues(None, me)})
    browser, at = visitor(cast.editor), page(cast.bakery, TEAM_ITEM)
    shown = browser.get(at).get_data(as_text=True)
    assert "Deputy of" in shown
    answer = browser.post(at + MYSELF, {"seen": hidden(shown)})
    assert answer.headers["Location"].endswith(at)
    with scope_of(cast.bakery):
        wanted = {"it-administrator": me, "department-head": me, "management": henk, "gdpr-officer": None}
        assert sitting() == wanted, "a deputy is somebody else"
        assert len(db.session().scalars(sa.select(Contact.id)).all()) == 2


def test_who_is_overtaken_overwrites_nobody(visitor: SignIn, cast: Cast, scope_of: ScopeOf) -> None:
    browser, at = visitor(cast.owner), page(cast.bakery, TEAM_ITEM)
    assert ALONE in browser.get(at).get_data(as_text=True)
    with scope_of(cast.bakery):
        henk = add_contact("Henk")
        assign(TEAM_ITEM, {"management": SeatValues(henk)})
    answer = browser.post(at + MYSELF, {"seen": ""})
    assert answer.status_code == 409
    assert "Somebody else saved this" in answer.get_data(as_text=True)
    with scope_of(cast.bakery):
        assert sitting() == {"management": henk}
        assert len(db.session().scalars(sa.select(Contact.id)).all()) == 1, "nobody was added either"


def test_one_place_is_asked_in_its_own_words(visitor: SignIn, cast: Cast) -> None:
    voice = "runbook.external-voice"
    shown = visitor(cast.owner).get(page(cast.bakery, voice)).get_data(as_text=True)
    assert "I do this myself" in shown
    assert ALONE not in shown
    assert ALONE not in visitor(cast.reader).get(page(cast.bakery, TEAM_ITEM)).get_data(as_text=True)
    assert visitor(cast.reader).post(page(cast.bakery, voice, MYSELF)).status_code == 403
    assert visitor(cast.owner).post(page(cast.bakery, "backup.encrypted", MYSELF)).status_code == 404


def test_whoever_works_for_the_firm_from_outside_is_nobody_of_it(
    app: Flask, visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    grant(app, cast.bakery, cast.supplier)
    staff = visitor(cast.supplier_owner)
    shown = staff.get(page(cast.bakery, TEAM_ITEM))
    assert (shown.status_code, ALONE in shown.text) == (200, False)
    assert staff.post(page(cast.bakery, TEAM_ITEM, MYSELF)).status_code == 403
    with scope_of(cast.bakery):
        assert sitting() == {}


def test_one_press_puts_whoever_is_alone_at_the_head_of_every_department(
    visitor: SignIn, cast: Cast, scope_of: ScopeOf
) -> None:
    with scope_of(cast.bakery):
        me, henk = add_contact("Eva", email=cast.owner.email), add_contact("Henk")
        db.session().add_all(
            Department(name=name, head_id=head, deputy_id=deputy, archived_at=gone)
            for name, head, deputy, gone in (
                ("Bakery", None, None, None),
                ("Shop", henk, None, None),
                ("Office", None, me, None),
                ("Café", None, None, None),
                ("Mill", None, None, clock.now()),
            )
        )
    browser, at = visitor(cast.owner), page(cast.bakery, HEADS)
    assert ALONE in browser.get(at).get_data(as_text=True)
    shown = browser.post(at + MYSELF, follow_redirects=True).get_data(as_text=True)
    assert "Saved: you are in every place that was empty." in shown
    with scope_of(cast.bakery):
        heads = {one.name: one.head_id for one in db.session().scalars(sa.select(Department))}
        assert heads == {"Bakery": me, "Shop": henk, "Office": None, "Café": me, "Mill": None}
    undo = re.findall(r'action="([^"]+/undo)"', shown)
    assert browser.post(undo[0]).status_code == 302
    with scope_of(cast.bakery):
        assert set(db.session().scalars(sa.select(Department.head_id))) == {None, henk}


def test_no_other_register_is_filled_with_oneself(visitor: SignIn, cast: Cast) -> None:
    assert visitor(cast.owner).post(page(cast.bakery, "inventory.tablets", MYSELF)).status_code == 404
    assert visitor(cast.reader).post(page(cast.bakery, HEADS, MYSELF)).status_code == 403
    assert ALONE not in visitor(cast.owner).get(page(cast.bakery, "inventory.tablets")).get_data(as_text=True)
