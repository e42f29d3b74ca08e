"""A delivery counts by when it was recorded and confirmed, whatever day somebody typed."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from continuity import loading
from continuity.covering.leg import Leg, LegState
from continuity.covering.upkeep import handovers_leg
from continuity.facts import HandoverFact, RegistrationFact
from continuity.handovers.services import DeliveryValues, deliver, newest_delivery, note_change
from continuity.models import HandoverItem
from core import db
from tests.cast import Cast
from tests.continuity.asking import owner_in
from tests.continuity.test_changing import approve
from tests.continuity.test_cover_pages import make_sound
from tests.continuity.test_registrants import TICKS
from tests.continuity.test_room import Visitors
from tests.continuity.world import EARLIER, TODAY, Scoped, World

BACKDATED = date(2026, 11, 10)


def item_in(world: World) -> HandoverItem:
    """Return the login that was handed over, in the open scope."""
    return db.session().scalars(sa.select(HandoverItem).where(HandoverItem.id == world.item_id)).one()


def facts_in(world: World, cast: Cast) -> RegistrationFact:
    found = loading.load([cast.supplier.id])[cast.supplier.id].registrations
    return next(one for one in found if one.id == world.registration_id)


def login_in(world: World, cast: Cast) -> HandoverFact:
    return next(one for one in facts_in(world, cast).handovers if one.id == world.item_id)


def leg_in(world: World, cast: Cast) -> Leg:
    return handovers_leg(facts_in(world, cast), TODAY)


def again(world: World, day: date = BACKDATED) -> None:
    """Record another delivery of the login today, that bears `day`."""
    item = item_in(world)
    last = newest_delivery(item)
    deliver(item, DeliveryValues(day, "A friend", "Nothing of worth"), seen=last.number if last else 0)


def confirm(world: World) -> None:
    """Have the newest delivery of the login confirmed today."""
    row = newest_delivery(item_in(world))
    assert row is not None
    row.confirmed_on = TODAY
    db.session().flush()


def test_what_nobody_confirmed_is_no_cover(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        make_sound(world.registration_id)
        row = newest_delivery(item_in(world))
        assert row is not None
        row.confirmed_on = None
        assert leg_in(world, cast).state is LegState.BROKEN
        confirm(world)
        assert leg_in(world, cast).state is LegState.HOLDS


def test_a_newer_delivery_takes_nothing_from_the_one_that_was_confirmed(
    cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        make_sound(world.registration_id)
        again(world, TODAY)
        assert leg_in(world, cast).state is LegState.SHAKY


def test_a_change_is_not_answered_before_the_foundation_confirms(cast: Cast, world: World, scope_of: Scoped) -> None:
    with scope_of(cast.supplier):
        make_sound(world.registration_id)
        note_change(item_in(world), today=TODAY)
        assert leg_in(world, cast).state is LegState.BROKEN
        again(world, TODAY)
        assert item_in(world).changed_on is None
        assert leg_in(world, cast).state is LegState.BROKEN, "what is confirmed is out of date still"
        confirm(world)
        assert leg_in(world, cast).state is LegState.HOLDS


@pytest.mark.parametrize("confirms", [lambda _world: None, confirm], ids=["not confirmed", "confirmed"])
def test_what_was_recorded_since_the_bankruptcy_leaves_what_was_held_before(
    cast: Cast, world: World, scope_of: Scoped, confirms: Callable[[World], None]
) -> None:
    with scope_of(cast.supplier):
        first = newest_delivery(item_in(world))
        assert first is not None
        first.confirmed_on = EARLIER
        again(world)
        confirms(world)
        approve(world, cast)
        counting = login_in(world, cast).confirmed[-1]
    assert (counting.delivered_on, counting.recorded_on, counting.confirmed_on) == (EARLIER, EARLIER, EARLIER)


def test_officers_confirm_what_lay_there_before_the_bankruptcy(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    path = f"{world.registrant_path}/deliveries/{world.delivery_id}"
    officer = visitor(cast.foundation_owner)
    with scope_of(cast.supplier):
        again(world)
    assert officer.post(path, TICKS).status_code == 422, "a newer one is there, and nobody went bankrupt"
    with scope_of(cast.supplier):
        approve(world, cast)
    assert officer.post(path, TICKS).status_code == 302
    with scope_of(cast.supplier):
        assert [one.recorded_on for one in login_in(world, cast).confirmed] == [EARLIER]


def test_pages_show_both_days_where_they_differ(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> None:
    said = "Recorded on 22 November 2026."
    officer, owner = visitor(cast.foundation_owner), visitor(cast.supplier_owner)
    pages = [(owner, f"{world.path}/handovers"), (officer, world.registrant_path)]
    assert not any(said in person.get(path).get_data(as_text=True) for person, path in pages)
    with scope_of(cast.supplier):
        again(world)
        made = newest_delivery(item_in(world))
        assert made is not None
        place = f"{world.path}/handovers/{world.item_id}"
        pages += [
            (owner, place),
            (owner, f"{place}/deliveries/{made.id}"),
            (officer, f"{world.registrant_path}/deliveries/{made.id}"),
        ]
        assert owner_in(world).declared_bankrupt_on is None
    for person, path in pages:
        assert said in person.get(path).get_data(as_text=True), path
