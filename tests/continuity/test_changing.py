"""What is told of a client: as it was known before what happened, and what its supplier says since held beside it."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.clients import changing
from continuity.clients.services import ClientValues, add_client, change_client
from continuity.errors import Refused
from continuity.models import Acceptance, ChangeStage, Client, ClientChange, DeedInvitation, SchemeState, TriggerCase
from continuity.registrants import cases
from continuity.registrants.cases import Decider
from continuity.registrations import holding
from continuity.requests.inviting import write_to
from core import db
from tenants.owned import EditConflict
from tests.cast import Cast
from tests.continuity.asking import NOW, OFFICER, client_in, owner_in, start
from tests.continuity.linked import LINK, bankrupt, code_of, links, texts
from tests.continuity.test_room import Visitors
from tests.continuity.test_triggers import BANKRUPT
from tests.continuity.world import Scoped, World, version
from tests.mailbox import letters_to
from tests.races.meanwhile import meanwhile
from tests.visitor import Visitor

OLD, NEW = "henk@zonneschijn.example", "a.friend@elsewhere.example"
HOUR = timedelta(hours=1)
# The bankruptcy is of 20 November, in Amsterdam.
BEFORE, SINCE = datetime(2026, 11, 19, 22, 0, tzinfo=UTC), datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


def say(world: World, email: str, *, at: datetime = NOW) -> bool:
    """Change the address of the client as its supplier, in the open scope."""
    row = client_in(world)
    values = ClientValues(row.name, row.kvk, email, row.monthly_fee, row.invited_on, row.language)
    return change_client(owner_in(world), row, values, seen=row.version, at=at)


def approve(world: World, cast: Cast) -> None:
    """Have two officers trigger the scheme, in the open scope of its supplier."""
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    row = owner_in(world)
    case = cases.file_case(row, BANKRUPT, one, seen=row.version, at=NOW)
    cases.approve_case(row, case, other, seen=case.version, at=NOW)


def held() -> list[tuple[str, str]]:
    """Return the address that was known and the one that is held, of each change that is held."""
    found = db.session().scalars(sa.select(ClientChange).where(ClientChange.stage == ChangeStage.HELD))
    return [(one.before["email"], one.after["email"]) for one in found]


@pytest.mark.parametrize(("told_at", "counts"), [(BEFORE, NEW), (SINCE, OLD)])
def test_letters_go_to_the_address_as_it_was_known_before_the_day_it_happened(
    app: Flask, cast: Cast, world: World, scope_of: Scoped, told_at: datetime, counts: str
) -> None:
    with scope_of(cast.supplier):
        client_in(world).email = OLD
        assert not say(world, "office@zonneschijn.example", at=told_at)
        assert not say(world, NEW, at=told_at + HOUR / 2)
        approve(world, cast)
        assert client_in(world).email == counts
        assert held() == ([] if counts == NEW else [(OLD, NEW)])
    assert len(letters_to(app, counts)) == 1
    assert letters_to(app, OLD if counts == NEW else NEW) == []


def test_who_was_put_away_or_lost_its_acceptance_since_that_day_is_written_to(
    app: Flask, cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        row = client_in(world)
        row.email, row.archived_at = OLD, SINCE
        acceptance = db.session().scalars(sa.select(Acceptance)).one()
        acceptance.ended_on, acceptance.ended_why = SINCE.date(), "We stop."
        gone = add_client(owner_in(world), ClientValues("Slagerij Vos", "", "vos@vos.example", None, None))
        gone.archived_at = BEFORE
        db.session().flush()
        approve(world, cast)
        assert client_in(world).archived_at is None
        assert db.session().get_one(Client, (gone.tenant_id, gone.id)).archived_at == BEFORE
        assert acceptance.ended_on is None
    assert len(letters_to(app, OLD)) == 1


def test_a_supplier_is_told_that_its_word_is_passed_on_and_the_newest_one_is_held(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    bankrupt(cast, world, visitor, scope_of)
    owner, path = visitor(cast.supplier_owner), f"{world.path}/clients/{world.client_id}"
    for address in ("first@elsewhere.example", NEW):
        sent = {"name": "Bakkerij Zonneschijn", "email": address, "version": version(owner, path)}
        assert owner.post(path, sent).status_code == 302
        assert "Passed on to the foundation" in owner.get(f"{world.path}/clients").get_data(as_text=True)
    with scope_of(cast.supplier):
        assert client_in(world).email == OLD
        assert held() == [(OLD, NEW)]
        write_to(owner_in(world), None, by=OFFICER, at=NOW, rest=timedelta(0))
    assert letters_to(app, NEW) == []
    assert len(letters_to(app, OLD)) == 2
    # Saying again what is known takes the word back.
    sent = {"name": "Bakkerij Zonneschijn", "email": OLD, "monthly_fee": "40", "version": version(owner, path)}
    assert owner.post(path, sent).status_code == 302
    with scope_of(cast.supplier):
        assert held() == []


def test_an_officer_sees_both_and_takes_over_what_it_ticks(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    bankrupt(cast, world, visitor, scope_of)
    (mailed,) = links(app)
    with scope_of(cast.supplier):
        row = client_in(world)
        values = ClientValues("Bakkerij Maneschijn", row.kvk, NEW, row.monthly_fee, None, row.language)
        assert change_client(owner_in(world), row, values, seen=row.version, at=NOW)
        change_id = changing.held_under(owner_in(world))[0].change.id
    officer, listed = visitor(cast.foundation_owner), f"{world.registrant_path}/changes"
    assert "1 client to look at" in officer.get("/o/foundation/registrants/room").get_data(as_text=True)
    page = f"{listed}/{change_id}"
    shown = officer.get(listed).get_data(as_text=True)
    assert OLD in shown
    assert NEW in shown
    reader, supplier = visitor(cast.foundation_reader), visitor(cast.supplier_owner)
    assert reader.get(listed).status_code == 200
    assert (reader.get(page).status_code, supplier.get(page).status_code) == (403, 404)
    seen = version(officer, page)
    assert officer.post(page, {"version": seen, "over": "kvk"}).status_code == 422, "it does not differ"
    assert officer.post(page, {"version": seen, "over": "email"}).status_code == 302
    assert officer.get(page).status_code == 404, "decided on"
    assert "to look at" not in officer.get("/o/foundation/registrants/room").get_data(as_text=True)
    with scope_of(cast.supplier):
        assert (client_in(world).name, client_in(world).email) == ("Bakkerij Zonneschijn", NEW)
        change = db.session().scalars(sa.select(ClientChange)).one()
        assert (change.stage, change.taken, change.decided_by) == (
            ChangeStage.TAKEN,
            "email",
            cast.foundation_owner.name,
        )
        assert db.session().scalars(sa.select(DeedInvitation.email)).all() == [NEW]
    assert Visitor(app).get(f"{mailed}/continuity/").status_code == 410, "the other address opens nothing any more"
    (letter,) = texts(app, NEW)
    found = LINK.search(letter)
    assert found
    assert Visitor(app).get(f"{found.group(1)}/continuity/").status_code == 200


def test_what_was_said_otherwise_meanwhile_is_not_taken_over(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        assert say(world, NEW)
        change = changing.held_under(owner_in(world))[0].change
        seen = change.version
        assert say(world, "second.friend@elsewhere.example", at=NOW + HOUR)
        with pytest.raises(EditConflict):
            changing.decide(change, ["email"], officer=OFFICER, seen=seen, at=NOW)
        changing.decide(change, [], officer=OFFICER, seen=change.version, at=NOW)
        assert (change.stage, client_in(world).email) == (ChangeStage.LEFT, "")
        with pytest.raises(Refused):
            changing.decide(change, ["email"], officer=OFFICER, seen=change.version, at=NOW)


def test_a_false_alarm_lets_the_word_of_the_supplier_count(cast: Cast, world: World, scope_of: Scoped) -> None:
    one, other = (Decider(person.id, person.name) for person in (cast.foundation_owner, cast.supplier_owner))
    with scope_of(cast.supplier):
        start(world, cast)
        assert say(world, NEW)
        case = db.session().scalars(sa.select(TriggerCase)).one()
        cases.ask_back(case, "Annulled", one, seen=case.version, at=NOW)
        cases.approve_back(owner_in(world), case, other, seen=case.version, at=NOW)
        assert (client_in(world).email, held()) == (NEW, [])
        assert not say(world, OLD)
        assert client_in(world).email == OLD


def test_database_holds_one_word_of_a_client(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        start(world, cast)
        assert say(world, NEW)
        first = db.session().scalars(sa.select(ClientChange)).one()
        columns = {column.key for column in sa.inspect(ClientChange).column_attrs} - {"id", "version"}
        db.session().add(ClientChange(**{name: getattr(first, name) for name in columns}))
        with pytest.raises(sa.exc.IntegrityError, match="client_change"):
            db.session().flush()
        db.session().rollback()


def test_of_an_address_and_the_approval_at_once_the_letter_goes_to_the_one_that_was_known(
    app: Flask, cast: Cast, world: World, scope_of: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope_of(cast.supplier):
        client_in(world).email = OLD

    def trigger() -> None:
        with scope_of(cast.supplier):
            approve(world, cast)

    with meanwhile(monkeypatch, holding, "take_turn", trigger), scope_of(cast.supplier):
        say(world, NEW)
    with scope_of(cast.supplier):
        assert (client_in(world).email, held()) == (OLD, [(OLD, NEW)])
    assert (len(letters_to(app, OLD)), letters_to(app, NEW)) == (1, [])


def test_a_client_says_by_its_link_where_it_is_written_to_and_both_addresses_hear_of_it(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    bankrupt(cast, world, visitor, scope_of)
    (path,) = links(app)
    guest, page, mine = Visitor(app), f"{path}/continuity/address", "henk@home.example"
    with scope_of(cast.supplier):
        assert say(world, NEW)
    assert "another e-mail address" in guest.get(f"{path}/continuity/").get_data(as_text=True)
    sent = {"name": "Henk", "email": mine, "again": mine, "code": "12345678"}
    for wrong in (sent, {**sent, "again": NEW}, {**sent, "email": ""}, {**sent, "name": ""}):
        assert guest.post(page, wrong).status_code == 422
    code = code_of(app, guest, path)
    assert guest.post(page, {**sent, "email": OLD, "again": OLD, "code": code}).status_code == 422
    code = code_of(app, guest, path)
    assert guest.post(page, {**sent, "code": code}).status_code == 303
    with scope_of(cast.supplier):
        assert (client_in(world).email, held()) == (mine, [])
        assert db.session().scalars(sa.select(DeedInvitation.email)).all() == [mine]
    (told,) = texts(app, mine)
    assert LINK.search(told)
    assert any("goes to another address" in one for one in texts(app))
    assert not any(mine in one for one in texts(app)), "whoever reads the old mailbox learns no new address"
    assert texts(app, NEW) == []
    assert guest.get(f"{path}/continuity/").status_code == 200


def test_where_a_client_is_written_to_is_its_suppliers_to_say_until_the_period_begins(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    bankrupt(cast, world, visitor, scope_of)
    (path,) = links(app)
    with scope_of(cast.supplier):
        row = owner_in(world)
        row.declared_bankrupt_on, row.state = None, SchemeState.ACTIVE
    assert Visitor(app).get(f"{path}/continuity/address").status_code == 404
