"""Agreements that follow each other, days of notice, and the word of a counterparty by a link without an account."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from continuity.agreements.notice import notice_day
from continuity.models import Agreement, Counterparty, NoticeUnit, Registration, SchemeState
from core import clock, db
from core.i18n import Language
from tenants.models import SchemeLink, User
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import TODAY, World, version
from tests.mailbox import last_letter, link_in
from tests.visitor import Visitor

Visitors = Callable[[Person | None], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
SAYS = {"verdict": "yes", "name": "A. Bos", "function": "director", "why": ""}


@pytest.mark.once
@pytest.mark.parametrize(
    ("ends_on", "length", "unit", "found"),
    [
        pytest.param(date(2027, 5, 31), 3, NoticeUnit.MONTHS, date(2027, 2, 28), id="clamped to February"),
        pytest.param(date(2028, 5, 31), 3, NoticeUnit.MONTHS, date(2028, 2, 29), id="a leap year"),
        pytest.param(date(2027, 3, 31), 1, NoticeUnit.MONTHS, date(2027, 2, 28), id="one month"),
        pytest.param(date(2027, 3, 31), 30, NoticeUnit.DAYS, date(2027, 3, 1), id="thirty days"),
        pytest.param(date(2027, 3, 31), 0, NoticeUnit.DAYS, date(2027, 3, 31), id="no notice"),
        pytest.param(None, 3, NoticeUnit.MONTHS, None, id="no end"),
        pytest.param(date(2027, 3, 31), None, NoticeUnit.MONTHS, None, id="no period"),
    ],
)
def test_notice_is_counted_back_from_the_end(
    ends_on: date | None, length: int | None, unit: NoticeUnit, found: date | None
) -> None:
    assert notice_day(ends_on, length, unit) == found


def test_renewed_agreement_begins_after_the_earlier_one_which_stays(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner = visitor(cast.supplier_owner)
    path = f"{world.path}/agreements/new?follows={world.agreement_id}"
    page = owner.get(path).get_data(as_text=True)
    assert 'value="2027-11-02"' in page
    sent = {
        "version": "0",
        "kind": "framework",
        "party": "Stichting Zekerheid",
        "follows_id": str(world.agreement_id),
        "starts_on": "2027-11-02",
        "ends_on": "2028-05-31",
        "notice_length": "3",
        "notice_unit": "months",
        "first_signed_on": "2026-11-20",
        "first_signed_by": "S. Owner, director",
    }
    assert owner.post(f"{world.path}/agreements/new", sent).status_code == 302
    wrong = {**sent, "kind": "supply"}
    assert owner.post(f"{world.path}/agreements/new", wrong).status_code == 422
    page = owner.get(f"{world.path}/agreements").get_data(as_text=True)
    assert "S. Owner, director" in page
    assert "29 February 2028" in page
    with scope_of(cast.supplier):
        rows = db.session().scalars(sa.select(Agreement).order_by(Agreement.starts_on)).all()
        assert [row.follows_id for row in rows] == [None, world.agreement_id]
        assert rows[0].ends_on == date(2027, 11, 1)


def test_signed_supply_agreement_is_noted_with_the_counterparty(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    sent = {
        "version": "0",
        "kind": "supply",
        "party": "Bulk Hosting",
        "first_signed_on": "2026-11-19",
        "second_signed_on": "2026-11-20",
        "second_signed_by": "J. de Wit, director",
    }
    assert visitor(cast.supplier_owner).post(f"{world.path}/agreements/new", sent).status_code == 302
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Counterparty)).one()
        assert (row.signed_on, row.signed_by) == (date(2026, 11, 20), "J. de Wit, director")
        owner = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        assert owner.state is SchemeState.OFFERED


def asked(app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> str:
    """Have the counterparty asked by mail; return the address of its page."""
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Counterparty)).one()
        row.email, row.willing_on, row.willing_by = "j.dewit@bulk.example", None, ""
    owner = visitor(cast.supplier_owner)
    assert owner.post(f"{world.path}/counterparty/ask").status_code == 302
    return link_in(last_letter(app, "j.dewit@bulk.example"))


def held(cast: Cast, scope_of: Scoped) -> Any:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Counterparty)).one()
        db.session().expunge(row)
        return row


def test_counterparty_says_by_its_link_that_it_is_willing_and_looking_says_nothing(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    path, guest = asked(app, cast, world, visitor, scope_of), visitor(None)
    page = guest.get(path).get_data(as_text=True)
    for told in ("Webhosting Plus", "Stichting Zekerheid", "3 months", "about nothing else that the supplier delivers"):
        assert told in page, told
    assert held(cast, scope_of).willing_on is None
    assert guest.post(path, {**SAYS, "name": " "}).status_code == 422
    assert guest.post(path, SAYS).status_code == 303
    row = held(cast, scope_of)
    assert (row.willing_on, row.willing_by) == (TODAY, "A. Bos, director")
    assert guest.post(path, {**SAYS, "verdict": "no"}).status_code == 200
    assert held(cast, scope_of).willing_on == TODAY
    with scope_of(cast.supplier):
        owner = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        assert owner.state is SchemeState.COUNTERPARTY_WILLING


def test_counterparty_with_an_account_is_asked_in_its_own_language(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    for language in Language:
        with scope_of(cast.supplier):
            db.session().scalars(sa.select(Counterparty)).one().email = cast.stranger.email
            db.session().scalars(sa.select(User).where(User.email == cast.stranger.email)).one().language = language
        assert visitor(cast.supplier_owner).post(f"{world.path}/counterparty/ask").status_code == 302
        with scope_of(cast.supplier):
            (link,) = db.session().scalars(sa.select(SchemeLink).where(SchemeLink.revoked_at.is_(None)))
            assert link.language is language


def test_refusal_takes_the_willingness_away_and_is_shown_with_its_reason(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    path = asked(app, cast, world, visitor, scope_of)
    sent = {**SAYS, "verdict": "no", "why": "Too few people"}
    assert visitor(None).post(path, sent).status_code == 303
    row = held(cast, scope_of)
    assert (row.willing_on, row.refused_on, row.refused_by) == (None, TODAY, "A. Bos, director")
    page = visitor(cast.supplier_owner).get(f"{world.path}/counterparty").get_data(as_text=True)
    assert "Too few people" in page


@pytest.mark.parametrize("why", ["revoked", "replaced", "too old", "another foundation"])
def test_link_that_no_longer_counts_says_so_and_writes_nothing(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, why: str
) -> None:
    path, owner = asked(app, cast, world, visitor, scope_of), visitor(cast.supplier_owner)
    if why == "revoked":
        assert owner.post(f"{world.path}/counterparty/ask/withdrawal").status_code == 302
    elif why == "replaced":
        assert owner.post(f"{world.path}/counterparty/ask").status_code == 302
    elif why == "another foundation":
        with scope_of(cast.supplier):
            row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
            row.foundation_id = cast.other_foundation.id
    with time_machine.travel(clock.now() + timedelta(days=31 if why == "too old" else 0), tick=False):
        assert visitor(None).get(path).status_code == 410
        assert visitor(None).post(path, SAYS).status_code == 410
    assert held(cast, scope_of).willing_on is None


def test_nobody_is_asked_without_an_address_or_a_foundation(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    owner = visitor(cast.supplier_owner)
    owner.post(f"{world.path}/counterparty/ask")
    assert "no e-mail address" in owner.get(f"{world.path}/counterparty").get_data(as_text=True)
    with scope_of(cast.supplier):
        assert db.session().scalars(sa.select(SchemeLink)).all() == []


def test_counterparty_page_keeps_by_whom(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> None:
    owner, path = visitor(cast.supplier_owner), f"{world.path}/counterparty"
    sent = {
        "name": "Bulk Hosting",
        "knows_on": "2026-11-01",
        "knows_by": "R. Smit, sales",
        "willing_on": "2026-11-02",
        "willing_by": "J. de Wit",
        "signed_on": "2026-11-03",
        "signed_by": "J. de Wit, director",
        "version": version(owner, path),
    }
    assert owner.post(path, sent).status_code == 302
    row = held(cast, scope_of)
    assert (row.knows_by, row.signed_by) == ("R. Smit, sales", "J. de Wit, director")
