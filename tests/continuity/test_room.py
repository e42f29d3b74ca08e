"""The foundation's room: whatever waits stands in it, of its own registrants alone, in as few queries for many."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from continuity.models import (
    Agreement,
    By,
    Declaration,
    DeclarationKind,
    HandoverDelivery,
    KeyState,
    NoticeStage,
    OfficerKey,
    Registration,
    SchemeNotice,
    SchemeParty,
    SchemeState,
    SealedTo,
    SupplierReminder,
)
from continuity.registrations.services import ContactValues, save_contact
from core import clock, db
from core.mail.outbox import OutboxMail
from tests.cast import Cast, Person
from tests.continuity.world import TODAY, Scoped, World, delivered, service
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]
ROOM = "/o/foundation/registrants/room"


def test_room_shows_what_waits_and_nothing_of_another_foundation(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        agreement = db.session().scalars(sa.select(Agreement).where(Agreement.id == world.agreement_id)).one()
        agreement.ends_on, agreement.notice_on = TODAY + timedelta(days=60), None
        service("Nieuwe dienst", cast.foundation.id)
        db.session().add(
            SealedTo(delivery_id=world.delivery_id, name="Olga Officer", fingerprint="0" * 32, probe=b"", probe_hash="")
        )
        db.session().add(
            Declaration(
                client_id=world.client_id, deed_version_id=world.deed_id, kind=DeclarationKind.LATE, name="Kim",
                declared_as="owner", authority=None, addressee=None, note="", email="", declared_at=clock.now(),
                deed_sha256="", file_name="", file_type="", file_sha256="", receipt_sha256="", answers_id=None,
            )
        )  # fmt: skip
    with scope_of(cast.foundation):
        db.session().add(
            OfficerKey(
                user_id=cast.foundation_owner.id, name="Pia Pending", recipient="age1x", fingerprint="1" * 32,
                state=KeyState.PENDING, proof_sealed="", proof_hash="", made_at=clock.now(),
            )
        )  # fmt: skip
    officer = visitor(cast.foundation_reader)
    page = officer.get(ROOM).get_data(as_text=True).split("<main")[1]
    for told in (
        "Administrators of the servers",
        "Draadwerk IT",
        "never handed over",
        "Pia Pending",
        "1 sealed delivery waits",
        "1 client waits",
        "Fewer than two officers",
        "ends on 21 January 2027",
        "No deed offered yet",
    ):
        assert told in page, told
    assert not any(foreign in page for foreign in ("Serverbeheer", "Something else"))
    assert "ends on" not in officer.get(f"{ROOM}?within=30").get_data(as_text=True)
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(HandoverDelivery).where(HandoverDelivery.id == world.delivery_id)).one()
        row.confirmed_on = TODAY
    assert "Nothing waits to be confirmed." in officer.get(ROOM).get_data(as_text=True)
    empty = visitor(cast.other_foundation_owner).get("/o/other-foundation/registrants/room")
    assert empty.status_code == 200
    assert "Draadwerk IT" in empty.get_data(as_text=True)
    assert "Webhosting Plus" not in empty.get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "days_ago", "told"),
    [
        (SchemeState.TRIGGERED, 0, "Not delivered yet"),
        (SchemeState.RUNNING, 40, "The foundation delivers"),
        (SchemeState.RUNNING, 100, "The period is over: close it"),
        (SchemeState.CLOSED, 100, None),
    ],
)
def test_room_begins_with_the_bankrupt_suppliers_until_their_scheme_is_closed(
    state: SchemeState, days_ago: int, told: str | None, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.state, row.declared_bankrupt_on = state, TODAY - timedelta(days=days_ago)
    page = visitor(cast.foundation_owner).get(ROOM).get_data(as_text=True).split("<main")[1]
    if told is None:
        assert "Suppliers that fell away" not in page
        return
    begun = page.split('id="begun"')[1].split("</section>")[0]
    assert page.index('id="begun"') < page.index('id="deliveries"')
    assert told in begun
    assert f"/registrants/{world.registration_id}/scheme" in begun
    first_on = TODAY - timedelta(days=days_ago)
    assert f"Continuity from {first_on.day} {first_on:%B %Y}" in begun.replace("\xa0", " ")
    elsewhere = visitor(cast.other_foundation_owner).get("/o/other-foundation/registrants/room").get_data(as_text=True)
    assert "Suppliers that fell away" not in elsewhere


@pytest.mark.parametrize(
    ("days", "state", "stage", "told"),
    [
        (90, SchemeState.ACTIVE, NoticeStage.GIVEN, "<span>Announced</span>"),
        (0, SchemeState.ACTIVE, NoticeStage.GIVEN, "<span>Announced</span>"),
        (-1, SchemeState.ACTIVE, NoticeStage.GIVEN, "The last day is over: end it"),
        (90, SchemeState.ACTIVE, NoticeStage.TAKEN_BACK, None),
        (-1, SchemeState.TERMINATED, NoticeStage.ENDED, None),
        (90, SchemeState.RUNNING, NoticeStage.GIVEN, None),
    ],
)
def test_room_tells_which_schemes_end_as_was_announced(
    days: int, state: SchemeState, stage: NoticeStage, told: str | None, cast: Cast, world: World, visitor: Visitors,
    scope_of: Scoped,
) -> None:  # fmt: skip
    last_on = TODAY + timedelta(days=days)
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.state, row.declared_bankrupt_on = state, TODAY if state is SchemeState.RUNNING else None
        notice = SchemeNotice(registration_id=row.id, role=By.SUPPLIER, given_at=clock.now(), given_by="One")
        notice.stage, notice.last_on, notice.reason = stage, last_on, "A reason for clients"
        db.session().add(notice)
    page = visitor(cast.foundation_reader).get(ROOM).get_data(as_text=True).split("<main")[1]
    assert ('id="announced"' in page) is (told is not None)
    elsewhere = visitor(cast.other_foundation_owner).get("/o/other-foundation/registrants/room").get_data(as_text=True)
    assert "Schemes that end" not in elsewhere
    if told is None:
        return
    part = page.split('id="announced"')[1].split("</section>")[0].replace("\xa0", " ")
    assert told in part
    assert f"In force up to and including {last_on.day} {last_on:%B %Y}" in part
    assert f"/registrants/{world.registration_id}/scheme" in part


def test_the_home_of_a_foundation_begins_with_the_suppliers_that_fell_away(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    def main(person: Person, slug: str) -> str:
        return visitor(person).get(f"/o/{slug}/").get_data(as_text=True).split("<main")[1]

    assert "Suppliers that fell away" not in main(cast.foundation_owner, "foundation")
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        row.state, row.declared_bankrupt_on = SchemeState.TRIGGERED, TODAY
    page = main(cast.foundation_owner, "foundation")
    begun = page.split("Suppliers that fell away")[1].split("</ul>")[0]
    assert page.index("Suppliers that fell away") < page.index(ROOM)
    assert "Not delivered yet" in begun
    assert f"/registrants/{world.registration_id}/scheme" in begun
    assert "Suppliers that fell away" not in main(cast.other_foundation_owner, "other-foundation")
    assert "Suppliers that fell away" not in main(world.editor, "supplier")


def test_the_home_of_a_foundation_begins_with_what_waits(cast: Cast, world: World, visitor: Visitors) -> None:
    page = visitor(cast.foundation_owner).get("/o/foundation/").get_data(as_text=True).split("<main")[1]
    assert page.index(ROOM) < page.index("See all findings" if "See all findings" in page else "Start the plan")
    assert ROOM not in visitor(world.editor).get("/o/supplier/").get_data(as_text=True)


def test_the_page_of_a_registrant_leads_at_once_to_filing_what_happened(
    cast: Cast, world: World, visitor: Visitors
) -> None:
    path = f"/o/foundation/registrants/{world.registration_id}"
    assert f'{path}/bankruptcy">' in visitor(cast.foundation_owner).get(path).get_data(as_text=True)
    assert f'{path}/bankruptcy">' not in visitor(cast.foundation_reader).get(path).get_data(as_text=True)


def test_room_costs_no_more_queries_for_many_registrants(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, count_queries: Counting
) -> None:
    officer, counted, page = visitor(cast.foundation_owner), [], ""
    for organisation in (None, cast.bakery, cast.other):
        if organisation:
            with scope_of(organisation):
                for number in range(30):
                    delivered(service(f"Dienst {number} van {organisation.name}", cast.foundation.id), "A login")
        with count_queries() as sent:
            page = officer.get(ROOM).get_data(as_text=True)
        counted.append(len(sent))
    assert counted[0] == counted[1] == counted[2] <= 25
    assert len(page.encode()) < 60_000
    first, second = (
        officer.get(f"/o/foundation/registrants/?page={number}").get_data(as_text=True) for number in (1, 9)
    )
    assert (first.count('<tr><th scope="row"'), second.count('<tr><th scope="row"')) == (50, 11)


def test_late_suppliers_are_reminded_by_one_mail_a_day(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id)).one()
        save_contact(row, SchemeParty.COMPANY, None, ContactValues("Rik", "", "rik@draadwerk.example", None), seen=1)
        second = service("Tweede dienst", cast.foundation.id)
        delivered(second, "Another login")
    with scope_of(cast.bakery):
        service("Broodserver", cast.foundation.id)
    officer = visitor(cast.foundation_owner)
    chosen = {"suppliers": [str(cast.supplier.id), str(cast.bakery.id)]}
    page = officer.post(f"{ROOM}/reminders", chosen, follow_redirects=True).get_data(as_text=True)
    assert "1 supplier was reminded" in page
    assert "No address is known of the contact at: Bakkerij Zonneschijn" in page
    assert "Today" in page
    again = officer.post(f"{ROOM}/reminders", chosen, follow_redirects=True).get_data(as_text=True)
    assert "Not again today: Draadwerk IT" in again
    with scope_of(cast.supplier):
        (mail,) = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == "handovers_late"))
        assert mail.recipient == "rik@draadwerk.example"
        assert all(name in (mail.text or "") for name in ("Webhosting Plus", "Tweede dienst", "never handed over"))
        assert "Serverbeheer" not in (mail.text or "")
        assert f"/o/{cast.supplier.slug}/continuity/\n" in (mail.text or ""), "the way to where it is done"
        assert db.session().scalars(sa.select(SupplierReminder.items)).one() > 1
    for suppliers in ([], ["999"], [str(cast.foundation.id)]):
        refused = officer.post(f"{ROOM}/reminders", {"suppliers": suppliers}, follow_redirects=True)
        assert "Tick at least one supplier" in refused.get_data(as_text=True)
    assert visitor(cast.foundation_reader).post(f"{ROOM}/reminders", chosen).status_code == 403
