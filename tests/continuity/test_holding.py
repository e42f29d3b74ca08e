"""Once the period began, nobody at the supplier changes on what the foundation delivers: not by any page it has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.deed.services import end_deed
from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    Agreement,
    CaseStage,
    Client,
    ConditionCheck,
    Counterparty,
    DeedInvitation,
    DeedVersion,
    HandoverDelivery,
    HandoverItem,
    Registration,
    SchemeChange,
    SchemeContact,
    SchemeParty,
    SchemeState,
    TriggerCase,
)
from continuity.registrants import cases
from continuity.registrants.cases import Decider
from continuity.registrations import holding
from continuity.registrations.services import ContactValues, save_contact
from continuity.services import put_away
from core import db
from tenants.owned import Area, TenantOwned
from tenants.permissions import Permission
from tenants.tokens.scopes import TOKEN_POLICIES
from tests.cast import Cast
from tests.continuity.asking import DECLARED, NOW, client_in, owner_in, start
from tests.continuity.filled_forms import filled
from tests.continuity.test_room import Visitors
from tests.continuity.test_triggers import BANKRUPT
from tests.continuity.world import TODAY, Scoped, World
from tests.races.meanwhile import meanwhile
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("unannounced")
LONG_AGO = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
STAND: tuple[type[TenantOwned], ...] = (
    Registration, Agreement, Counterparty, SchemeContact, DeedVersion, Client, Acceptance, ConditionCheck,
    DeedInvitation, HandoverItem, HandoverDelivery,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody at the supplier sends: where, and what is filled in otherwise. page: there is one with the form."""

    endpoint: str
    path: str
    sent: Mapping[str, Any]
    page: bool = True


ARCHIVED = {"clients": "client_id", "agreements": "agreement_id", "handovers": "item_id"}
PRESSES = (
    *(Press("archive", f"/{name}/{{{row}}}/archive", {}, page=False) for name, row in ARCHIVED.items()),
    Press("registration_archive", "/archive", {}, page=False),
    Press("registration_edit", "/edit", {"service_name": "Another service"}),
    Press("register_step", "/register/type", {"service_name": "Another service", "buys_hosting": "y"}),
    Press("register_step", "/register/scope", {"description": "Nothing at all"}),
    Press("register_step", "/register/counterparty", {"phone": "020 765 4321"}),
    Press("counterparty_edit", "/counterparty", {"phone": "020 765 4321"}),
    *(Press("contact_edit", f"/contacts/{one}", {"name": "A friend", "phone": "020 765 4321"})
      for one in ("company", "foundation", "partner")),
    Press("money", "/money", {"monthly_cost": "1"}),
    Press("agreement_add", "/agreements/new", {"kind": "supply", "party": "A friend"}),
    Press("agreement_edit", "/agreements/{agreement_id}", {"party": "A friend"}),
    Press("deed_publish", "/deeds/{draft_id}/publish", {"version": "1"}, page=False),
    Press("deed_close", "/deeds/{deed_id}/end", {"version": "2", "why": "We stop."}, page=False),
    Press("client_edit", "/clients/{client_id}", {"email": "a.friend@elsewhere.example"}),
    Press("acceptance", "/clients/{client_id}/deeds/{deed_id}", {"ended_on": "2026-11-19", "ended_why": "We stop."}),
    Press("condition_check", "/clients/{client_id}/deeds/{deed_id}/conditions/0", {"met_on": ""}, page=False),
    Press("client_ask", "/clients/{client_id}/invitation/revoke", {}, page=False),
    Press("client_unclaim", "/clients/{client_id}/organisation/end", {}, page=False),
    Press("handovers_propose", "/handovers/proposed", {}, page=False),
    Press("handover_add", "/handovers/new", {"label": "Nothing of worth", "kind": "document"}),
    Press("handover_edit", "/handovers/{item_id}/edit", {"label": "Nothing of worth"}),
    Press("handover_deliver", "/handovers/{item_id}/deliver", {"specification": "Nothing of worth"}),
)  # fmt: skip
# What else a supplier may send, and why it may go on.
GOES_ON = {
    "restore": "puts back what was put away; tested beside putting away",
    "registration_restore": "one at work is never put away",
    "register": "another service",
    "certificate_make": "shows how it stands, and changes nothing",
    "certificate_revoke": "a page for the public, on which nobody relies to be delivered to",
    "handover_seal": "delivers, as handover_deliver does",
    "handovers_changed": "warns the foundation that what it holds is out of date",
    "handover_changed": "warns the foundation that what it holds is out of date",
    "counterparty_ask": "goes to the address that stands, and the counterparty answers itself",
    "counterparty_ask_back": "the counterparty is bound by what it signed",
    "scheme_end": "no way leads there from a scheme at work",
    "scheme_notice": "no end is announced of a scheme at work; tested with the announcement",
    "scheme_notice_back": "no end is taken back of a scheme at work; tested with the announcement",
    "deed_add": "a draft binds nobody",
    "deed_edit": "a draft binds nobody",
    "clients_invite": "whoever comes late is admitted by the foundation, or not",
    "client_add": "whoever comes late is admitted by the foundation, or not",
    "clients_import": "whoever comes late is admitted by the foundation, or not",
    "officers_compare": "which keys it trusts is its own affair",
    "opening_take_back": "an opening by its own leave; one of a scheme at work asks for none",
    "opening_decide": "an opening by its own leave; one of a scheme at work asks for none",
}


def standing() -> list[tuple[str, ...]]:
    """Return all that must stand, row by row."""
    found = []
    for model in STAND:
        names = sorted({column.key for column in sa.inspect(model).column_attrs} - {"version", "state"})
        for row in db.session().scalars(sa.select(model)):
            found.append((model.__name__, *(str(getattr(row, name)) for name in names)))
    return sorted(found)


# What is kept otherwise, or takes nothing from anybody.
ELSEWHERE = {
    "archive/clients/{client_id}": "the day on which it was put away is that of the press",
    "client_edit/clients": "kept with the client's own changes",
    "client_ask/clients/{client_id}/invitation": "a link: the approval mails another one",
    "client_unclaim/clients/{client_id}/organisation": "its page: the approval mails a link",
    "registration_archive": "one in force is never put away",
}


def moments() -> int:
    """Return of how many changes the moment is kept."""
    return db.session().scalars(sa.select(sa.func.count(SchemeChange.id))).one()


@pytest.fixture
def invited(cast: Cast, world: World, scope_of: Scoped) -> World:
    """The world, with a client that was invited and is an organisation here."""
    with scope_of(cast.supplier):
        client = client_in(world)
        client.organisation_id = cast.bakery.id
        db.session().add(
            DeedInvitation(client_id=client.id, deed_version_id=world.deed_id, email="henk@zonneschijn.example",
                           language="en", sent_by="Owner", sent_at=LONG_AGO, reminders=0)
        )  # fmt: skip
        # What is proposed is not on the list any more.
        proposed = sa.select(HandoverItem).where(
            HandoverItem.registration_id == world.registration_id, HandoverItem.id != world.item_id
        )
        for item in db.session().scalars(proposed):
            item.archived_at = LONG_AGO
        db.session().flush()
    return world


def press(visitor: Visitor, world: World, one: Press) -> int:
    ids = {name: getattr(world, name) for name in ("client_id", "agreement_id", "item_id", "deed_id", "draft_id")}
    path = world.path + one.path.format(**ids)
    shown = filled(visitor.get(path).get_data(as_text=True)) if one.page else {}
    sent = {**shown, **one.sent}
    sent.pop("csrf_token", None)
    return visitor.post(path, sent).status_code


@pytest.mark.parametrize("one", PRESSES, ids=lambda one: one.endpoint + one.path.rsplit("/", 1)[-1])
def test_what_a_supplier_changes_by_a_page_stands_once_the_period_began(
    cast: Cast, invited: World, visitor: Visitors, scope_of: Scoped, one: Press
) -> None:
    owner = visitor(cast.supplier_owner)
    with scope_of(cast.supplier):
        start(invited, cast)
        before = standing()
    status = press(owner, invited, one)
    assert status in {302, 422}, "told, not broken"
    with scope_of(cast.supplier):
        assert standing() == before
        # The same press counts while there is no period: this test can fail.
        row = owner_in(invited)
        row.declared_bankrupt_on, row.state = None, SchemeState.COUNTERPARTY_WILLING
        db.session().scalars(sa.select(TriggerCase)).one().stage = CaseStage.FALSE_ALARM
        before, kept = standing(), moments()
    press(owner, invited, one)
    with scope_of(cast.supplier):
        assert standing() != before
        assert (moments() > kept) is (one.endpoint + one.path.rsplit("/", 1)[0] not in ELSEWHERE), "and with the moment"


def test_every_page_of_a_supplier_is_held_or_goes_on_for_a_reason(app: Flask) -> None:
    mine = {Permission.CONTINUITY_EDIT, Permission.HANDOVER_DELIVER, Permission.OPENING_DECIDE}
    found = {
        rule.endpoint.rpartition(".")[2]
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and getattr(app.view_functions[rule.endpoint], "door", None) in mine
    }
    assert found == {one.endpoint for one in PRESSES} | set(GOES_ON)


def test_no_program_of_a_supplier_writes_in_its_scheme() -> None:
    assert [one.scope for one in TOKEN_POLICIES if Area.CONTINUITY in one.writes] == []


@pytest.mark.parametrize("period", [True, False])
def test_what_was_put_away_before_stays_away_once_the_period_began(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, period: bool
) -> None:
    owner = visitor(cast.supplier_owner)
    with scope_of(cast.supplier):
        client_in(world).archived_at = LONG_AGO
        if period:
            start(world, cast)
    assert owner.post(f"{world.path}/clients/{world.client_id}/restore").status_code == 302
    with scope_of(cast.supplier):
        assert (client_in(world).archived_at is None) is not period


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda world: put_away(client_in(world), at=NOW), id="a client is put away"),
        pytest.param(
            lambda world: save_contact(
                owner_in(world), SchemeParty.FOUNDATION, None, ContactValues("A friend", "", "", None), seen=1
            ),
            id="the foundation gets another telephone number",
        ),
        pytest.param(lambda world: end_deed(deed_in(world), "We stop", seen=2, today=TODAY), id="the deed ends"),
    ],
)
def test_of_a_change_and_the_approval_at_once_the_change_is_first_or_refused(
    cast: Cast,
    world: World,
    scope_of: Scoped,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[World], object],
) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    with scope_of(cast.supplier):
        row = owner_in(world)
        cases.file_case(row, BANKRUPT, one, seen=row.version, at=NOW)

    def approve() -> None:
        with scope_of(cast.supplier):
            found = db.session().scalars(sa.select(TriggerCase)).one()
            cases.approve_case(owner_in(world), found, other, seen=found.version, at=NOW)

    with meanwhile(monkeypatch, holding, "take_turn", approve) as approved, scope_of(cast.supplier):
        # What the page read before the turn came.
        assert owner_in(world).declared_bankrupt_on is None
        refused = False
        try:
            change(world)
        except Refused:
            refused = True
    assert refused is approved.first
    with scope_of(cast.supplier):
        assert owner_in(world).declared_bankrupt_on == DECLARED
        if refused:
            assert client_in(world).archived_at is None
            assert db.session().scalars(sa.select(Acceptance.ended_on)).all() == [None]


def deed_in(world: World) -> DeedVersion:
    """Return the version that the client accepted, in the open scope of its supplier."""
    return db.session().scalars(sa.select(DeedVersion).where(DeedVersion.id == world.deed_id)).one()


def test_the_foundation_itself_says_whom_clients_call_there(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
    officer, page = visitor(cast.foundation_owner), f"{world.registrant_path}/contact"
    assert visitor(cast.foundation_reader).get(page).status_code == 403
    assert visitor(cast.supplier_owner).get(page).status_code == 404
    assert "Nobody is named" in officer.get(world.registrant_path).get_data(as_text=True)
    sent = {"phone": "020 123 4567"}
    for name in ("Marijke", "Saskia"):
        sent = {**filled(officer.get(page).get_data(as_text=True)), "name": name, "phone": "020 123 4567"}
        assert officer.post(page, sent).status_code == 302
    assert officer.post(page, {**sent, "name": "Too late"}).status_code == 409, "somebody saved since"
    with scope_of(cast.supplier):
        found = db.session().scalars(sa.select(SchemeContact).where(SchemeContact.party == SchemeParty.FOUNDATION))
        (row,) = found
        assert (row.name, row.phone) == ("Saskia", "+31201234567")
    assert "Saskia" in officer.get(world.registrant_path).get_data(as_text=True)
