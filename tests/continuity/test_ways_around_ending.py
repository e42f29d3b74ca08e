"""A scheme on which clients rely ends as was announced: no way around that, and nobody keeps the other side in it."""

from datetime import timedelta

import pytest
from flask import Flask

from continuity.ending import services
from continuity.ending.notice import AHEAD_MONTHS
from continuity.ending.services import Announcement
from continuity.errors import Refused
from continuity.models import Acceptance, Agreement, By, NoticeUnit, SchemeState
from continuity.services import put_away
from continuity.ties import SchemeTies
from core import db
from core.clock import add_months
from core.i18n import Language, written_in
from tenants.models import Tenant
from tests.cast import Cast
from tests.continuity.asking import NOW, client_in, owner_in
from tests.continuity.test_ending import CLIENT, FIRST, announced
from tests.continuity.test_room import Visitors
from tests.continuity.test_setting_back import only
from tests.continuity.world import TODAY, Scoped, World
from tests.mailbox import letters_to

LEAVE = "/o/supplier/leave/"


def test_supplier_does_not_leave_by_putting_its_clients_away(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        assert [one.clients for one in SchemeTies().covers(TODAY)] == [1]
        put_away(client_in(world), at=NOW)
    with scope_of(cast.supplier):
        assert [one.clients for one in SchemeTies().covers(TODAY)] == [1]
    owner = visitor(cast.supplier_owner)
    assert "1 client relies on the scheme" in owner.get(LEAVE).get_data(as_text=True)
    assert owner.post(LEAVE, {"slug": "supplier"}).status_code == 422
    with scope_of(cast.supplier):
        assert db.session().get_one(Tenant, cast.supplier.id).left_at is None


def test_supplier_does_not_leave_while_a_scheme_is_in_force_whoever_accepted_it(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        only(Acceptance).ended_on = TODAY
        owner_in(world).state = SchemeState.ACTIVE
    with scope_of(cast.supplier):
        assert [one.clients for one in SchemeTies().covers(TODAY)] == [0]
    owner = visitor(cast.supplier_owner)
    assert "is in force, or clients relied on it until lately. End it first" in owner.get(LEAVE).get_data(as_text=True)
    assert owner.post(LEAVE, {"slug": "supplier"}).status_code == 422


@pytest.mark.parametrize(("length", "unit"), [(3650, NoticeUnit.MONTHS), (3650, NoticeUnit.DAYS)])
def test_a_notice_that_a_supplier_fills_in_keeps_nobody_in_a_scheme_for_ever(
    cast: Cast, world: World, scope_of: Scoped, length: int, unit: NoticeUnit
) -> None:
    """The supplier writes down what the framework agreement says, and the foundation is bound by it as well."""
    with scope_of(cast.supplier):
        row = only(Agreement)
        row.notice_length, row.notice_unit = length, unit
    with scope_of(cast.supplier):
        first = services.first_end(owner_in(world), TODAY)
        assert first == add_months(TODAY, AHEAD_MONTHS)
        announced(world, first, By.FOUNDATION)


def test_nobody_fills_the_mailboxes_of_clients_by_announcing_and_taking_back(
    app: Flask, cast: Cast, world: World, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        client_in(world).email = CLIENT

    def announce(role: By, hours: int = 0) -> None:
        at = NOW + timedelta(hours=hours)
        said = Announcement(FIRST, "Buy elsewhere", role, "Somebody")
        row = services.announce(owner_in(world), said, today=TODAY, at=at)
        services.take_back(owner_in(world), row, role=role, by="Somebody", seen=row.version, today=TODAY, at=at)

    with scope_of(cast.supplier):
        for _time in range(services.MOST_A_DAY):
            announce(By.SUPPLIER)
    with scope_of(cast.supplier), written_in(Language.ENGLISH), pytest.raises(Refused, match="several times today"):
        announce(By.SUPPLIER, hours=23)
    assert len(letters_to(app, CLIENT)) == 2 * services.MOST_A_DAY
    # The other side has its own count, and the next day is another one.
    with scope_of(cast.supplier):
        announce(By.FOUNDATION)
        announce(By.SUPPLIER, hours=24)
