"""What a supplier changed of contracts, contacts and the rest since what happened to it: set back, and held beside."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.acceptance.services import AcceptanceValues, save_acceptance
from continuity.agreements.services import AgreementValues, add_agreement, change_agreement
from continuity.deed.services import end_deed
from continuity.errors import Refused
from continuity.handovers.services import DeliveryValues, deliver
from continuity.models import (
    Acceptance,
    Agreement,
    AgreementKind,
    ChangeStage,
    Client,
    Counterparty,
    HandoverItem,
    Registration,
    SchemeChange,
    SchemeContact,
    SchemeParty,
    TriggerCase,
)
from continuity.registrants import cases
from continuity.registrants.cases import Decider
from continuity.registrations import holding, setting_back
from continuity.registrations.queries import contacts
from continuity.registrations.services import (
    ContactValues,
    CounterpartyValues,
    change_money,
    keep_contact,
    save_contact,
    save_counterparty,
)
from continuity.services import put_away
from core import db
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.continuity.asking import NOW, OFFICER, client_in, owner_in
from tests.continuity.test_changing import OLD, approve
from tests.continuity.test_holding import deed_in
from tests.continuity.test_room import Visitors
from tests.continuity.world import EARLIER, TODAY, Scoped, World, version
from tests.mailbox import letters_to
from tests.races.meanwhile import meanwhile

pytestmark = pytest.mark.usefixtures("unannounced")
FRIEND = "A friend"
# The bankruptcy is of 20 November, in Amsterdam.
BEFORE, SINCE = datetime(2026, 11, 19, 22, 59, tzinfo=UTC), datetime(2026, 11, 19, 23, 0, tzinfo=UTC)


def only(model: type[Any]) -> Any:
    """Return the one row of a kind under the first registration, in the open scope."""
    return db.session().scalars(sa.select(model)).one()


def contract(party: str = FRIEND) -> AgreementValues:
    return AgreementValues(
        AgreementKind.FRAMEWORK,
        party,
        "2026-14",
        EARLIER,
        EARLIER,
        EARLIER,
        date(2026, 11, 19),
        None,
        Decimal("1"),
        False,
    )


def change_all(world: World) -> None:
    """Change one of each as the supplier, in the open scope."""
    owner, agreement = owner_in(world), only(Agreement)
    change_agreement(agreement, contract(), None, seen=agreement.version)
    partner = only(Counterparty)
    told = CounterpartyValues(FRIEND, "", "", "+31207654321", "", None, None, None, "", None)
    save_counterparty(owner, partner, told, seen=partner.version)
    for party in (SchemeParty.PARTNER, SchemeParty.FOUNDATION):
        there = contacts(owner).get(party)
        values = ContactValues(FRIEND, "+31207654321", "", TODAY)
        save_contact(owner, party, there, values, seen=there.version if there else 1)
    change_money(owner, Decimal("1"), 1, seen=owner.version)


def standing(world: World) -> Any:
    """Return what the foundation goes by, in the open scope."""
    owner, agreement, partner = owner_in(world), only(Agreement), only(Counterparty)
    called = {party.value: (row.name, row.phone) for party, row in contacts(owner).items()}
    return (
        agreement.party, agreement.ends_on, agreement.fee, partner.name, partner.phone, partner.willing_on,
        owner.monthly_cost, owner.duration_months, sorted(called.items()),
    )  # fmt: skip


def held() -> dict[str, setting_back.BesidePart]:
    """Return what is held of the registration with a case, by part, in the open scope."""
    same = sa.and_(TriggerCase.tenant_id == Registration.tenant_id, TriggerCase.registration_id == Registration.id)
    row = db.session().scalars(sa.select(Registration).join(TriggerCase, same)).one()
    return {one.change.part.value: one for one in setting_back.held_parts(row)}


def test_foundation_goes_by_what_stood_before_the_day_it_happened(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        stood = standing(world)
        change_all(world)
        said = standing(world)
        assert said != stood
        approve(world, cast)
        # The contact that was added is named no more; of the row nothing else is left.
        assert standing(world)[:-1] == stood[:-1]
        assert dict(standing(world)[-1]) == {**dict(stood[-1]), "foundation": ("", "")}
        found = held()
        assert set(found) == {"agreement", "counterparty", "contact", "registration"}
        assert found["agreement"].differs["party"] == ("Stichting Zekerheid", FRIEND)
        assert found["registration"].differs["duration_months"] == ("3", "1")
        assert found["registration"].change.told_by


@pytest.mark.parametrize(("told_at", "back"), [(BEFORE, False), (SINCE, True)])
def test_the_moment_of_recording_decides_and_no_day_that_was_typed(
    app: Flask, cast: Cast, world: World, scope_of: Scoped, told_at: datetime, back: bool
) -> None:
    with scope_of(cast.supplier):
        client_in(world).email = OLD
        acceptance, deed = only(Acceptance), deed_in(world)
        ended = AcceptanceValues(EARLIER, "Owner", "director", date(2026, 11, 10), None, None, "Its contract ended.")
        save_acceptance(owner_in(world), client_in(world), deed, acceptance, ended, seen=acceptance.version)
        recorded_at(told_at)
        approve(world, cast)
        assert (acceptance.ended_on is None) is back
        assert ("acceptance" in held()) is back
    assert len(letters_to(app, OLD)) == (1 if back else 0)


def recorded_at(at: datetime) -> None:
    """Have the changes that were recorded just now be recorded at another moment, in the open scope."""
    for one in db.session().scalars(sa.select(SchemeChange).where(SchemeChange.told_at == NOW)):
        one.told_at = at
    db.session().flush()


def test_who_was_added_by_hand_since_holds_nothing_until_an_officer_takes_it_over(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        friend = Client(registration_id=world.registration_id, name=FRIEND)
        db.session().add(friend)
        db.session().flush()
        values = AcceptanceValues(EARLIER, FRIEND, "director", None)
        made = save_acceptance(owner_in(world), friend, deed_in(world), None, values, seen=1)
        added = add_agreement(owner_in(world), contract(), None)
        approve(world, cast)
        assert (made.ended_on, added.archived_at is None) == (EARLIER, False)
        change = held()["acceptance"].change
        setting_back.decide(change, ["ended_on"], officer=OFFICER, seen=change.version, at=NOW)
        assert made.ended_on is None
        assert (change.stage, change.taken, change.decided_by) == (ChangeStage.TAKEN, "ended_on", OFFICER)


def test_what_was_put_away_since_is_back(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        item = db.session().scalars(sa.select(HandoverItem).where(HandoverItem.id == world.item_id)).one()
        for row in (only(Agreement), item):
            put_away(row, at=NOW)
        approve(world, cast)
        assert (only(Agreement).archived_at, item.archived_at) == (None, None)
        assert set(held()) == {"agreement", "item"}


def test_what_somebody_else_wrote_over_it_stays(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        owner = owner_in(world)
        save_contact(owner, SchemeParty.FOUNDATION, None, ContactValues(FRIEND, "+31207654321", "", None), seen=1)
        row = contacts(owner)[SchemeParty.FOUNDATION]
        said = ContactValues("Marijke", "+31201234567", "", None)
        keep_contact(owner, SchemeParty.FOUNDATION, row, said, seen=row.version)
        approve(world, cast)
        assert (row.name, row.phone) == ("Marijke", "+31201234567")
        assert held() == {}


def test_a_deed_that_was_ended_since_is_offered_on(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        deed = deed_in(world)
        end_deed(deed, "We stop", seen=deed.version, today=TODAY)
        assert (deed.closed_on, only(Acceptance).ended_on) == (TODAY, TODAY)
        approve(world, cast)
        assert (deed.closed_on, deed.closed_as, deed.closed_why, only(Acceptance).ended_on) == (None, None, "", None)
        assert held()["deed"].change.after["closed_why"] == "We stop"


def test_a_false_alarm_lets_the_word_of_the_supplier_count(cast: Cast, world: World, scope_of: Scoped) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    with scope_of(cast.supplier):
        change_all(world)
        said = standing(world)
        approve(world, cast)
        own = contacts(owner_in(world))[SchemeParty.FOUNDATION]
        keep_contact(
            owner_in(world), SchemeParty.FOUNDATION, own, ContactValues("Marijke", "", "", None), seen=own.version
        )
        case = only(TriggerCase)
        cases.ask_back(case, "Annulled", one, seen=case.version, at=NOW)
        cases.approve_back(owner_in(world), case, other, seen=case.version, at=NOW)
        assert standing(world)[:-1] == said[:-1]
        assert own.name == "Marijke", "what the foundation wrote since stays"
        assert set(db.session().scalars(sa.select(SchemeChange.stage))) == {ChangeStage.MADE, ChangeStage.LET_THROUGH}


def test_an_officer_sees_both_and_takes_over_what_it_ticks(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        change_all(world)
        approve(world, cast)
        change_id = held()["agreement"].change.id
    officer, listed = visitor(cast.foundation_owner), f"{world.registrant_path}/changes"
    page = f"{listed}/parts/{change_id}"
    assert "5 other changes to look at" in officer.get("/o/foundation/registrants/room").get_data(as_text=True)
    shown = officer.get(listed).get_data(as_text=True)
    assert "Stichting Zekerheid" in shown
    assert FRIEND in shown
    assert visitor(cast.foundation_reader).get(listed).status_code == 200
    for person, code in ((cast.foundation_reader, 403), (cast.supplier_owner, 404), (cast.other_foundation_owner, 404)):
        assert visitor(person).get(page).status_code == code
        assert visitor(person).post(page, {"version": "1", "over": "party"}).status_code == code
    seen = version(officer, page)
    assert officer.post(page, {"version": seen, "over": "kind"}).status_code == 422, "it does not differ"
    assert officer.post(page, {"version": "7", "over": "party"}).status_code == 409
    assert officer.post(page, {"version": seen, "over": "party"}).status_code == 302
    assert officer.post(page, {"version": seen, "over": "fee"}).status_code == 404, "decided on"
    with scope_of(cast.supplier):
        row = only(Agreement)
        assert (row.party, row.fee, row.ends_on) == (FRIEND, Decimal("25.00"), date(2027, 11, 1))


def test_a_delivery_of_since_stands_beside_the_one_before_it(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        item = db.session().scalars(sa.select(HandoverItem).where(HandoverItem.id == world.item_id)).one()
        fresh = deliver(item, DeliveryValues(date(2026, 11, 10), FRIEND, "Nothing of worth"), seen=1)
        approve(world, cast)
        assert held() == {}
        fresh_id = fresh.id
    shown = visitor(cast.foundation_owner).get(f"{world.registrant_path}/changes").get_data(as_text=True)
    for delivery_id in (fresh_id, world.delivery_id):
        assert f"/deliveries/{delivery_id}" in shown
    assert "Before it: delivery 1" in shown


def test_what_is_held_is_decided_on_once_and_as_it_was_seen(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        change_all(world)
        approve(world, cast)
        change = held()["agreement"].change
        with pytest.raises(EditConflict):
            setting_back.decide(change, [], officer=OFFICER, seen=change.version + 1, at=NOW)
        setting_back.decide(change, [], officer=OFFICER, seen=change.version, at=NOW)
        with pytest.raises(Refused):
            setting_back.decide(change, ["party"], officer=OFFICER, seen=change.version, at=NOW)
        assert (change.stage, only(Agreement).party) == (ChangeStage.LEFT, "Stichting Zekerheid")


def test_database_holds_one_word_of_a_row(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        change_all(world)
        approve(world, cast)
        first = held()["agreement"].change
        columns = {column.key for column in sa.inspect(SchemeChange).column_attrs} - {"id", "version"}
        db.session().add(SchemeChange(**{name: getattr(first, name) for name in columns}))
        with pytest.raises(sa.exc.IntegrityError, match="scheme_change"):
            db.session().flush()
        db.session().rollback()


def _contact(world: World) -> None:
    row = only(SchemeContact)
    save_contact(owner_in(world), SchemeParty.PARTNER, row, ContactValues(FRIEND, "", "", None), seen=row.version)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_contact, id="contact"),
        pytest.param(
            lambda _world: change_agreement(only(Agreement), contract(), None, seen=only(Agreement).version),
            id="contract",
        ),
    ],
)
def test_of_a_change_and_the_approval_at_once_what_stood_before_is_used(
    cast: Cast,
    world: World,
    scope_of: Scoped,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[World], object],
) -> None:
    with scope_of(cast.supplier):
        stood = standing(world)

    def trigger() -> None:
        with scope_of(cast.supplier):
            approve(world, cast)

    with meanwhile(monkeypatch, holding, "take_turn", trigger), scope_of(cast.supplier), suppress(Refused):
        change(world)
    with scope_of(cast.supplier):
        assert standing(world) == stood
