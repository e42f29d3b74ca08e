"""An address that a supplier told of a client since what happened to it: nobody asks or withdraws from there."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.clients import inviting
from continuity.clients.inviting import Host
from continuity.models import (
    Acceptance,
    Declaration,
    DeclarationKind,
    DeedInvitation,
)
from core import clock, db
from core.i18n import Language
from tenants.personal_links.services import Sender
from tests.cast import Cast
from tests.continuity.asking import NOW, client_in, owner_in
from tests.continuity.test_changing import NEW, OLD, SINCE, approve, say
from tests.continuity.test_holding import deed_in
from tests.continuity.test_newer_deed import offer_another
from tests.continuity.test_setting_back import only
from tests.continuity.world import TODAY, Scoped, World
from tests.mailbox import letters_to
from tests.visitor import Visitor

LINK = re.compile(r"https?://[^/\s]+(/deed/[^/\s]+)/")
HOUR = timedelta(hours=1)


def invite(world: World, cast: Cast, *, newer: bool = False) -> None:
    """Have the supplier mail the client its page, or ask it to accept the newer deed, in the open scope."""
    host = Host(Sender(cast.supplier.id, "Supplier", "Owner"), Language.ENGLISH, "Hosting")
    if newer:
        asked = inviting.invite(
            owner_in(world), offer_another(world), [world.client_id], host, at=clock.now(), today=TODAY
        )
        assert sum(asked.fates.values()) == 1
    else:
        inviting.send_page(owner_in(world), deed_in(world), client_in(world), host, at=clock.now(), today=TODAY)


@pytest.mark.parametrize(("known", "back"), [("", False), (OLD, False), (OLD, True)])
def test_a_link_that_went_to_an_address_told_since_opens_nothing(
    app: Flask, cast: Cast, world: World, scope_of: Scoped, known: str, *, back: bool
) -> None:
    """The client has no address that would be written to instead, or the link is to another version of the deed."""
    with scope_of(cast.supplier):
        client_in(world).email = known
        say(world, NEW, at=SINCE)
        invite(world, cast, newer=bool(known))
        if back:
            say(world, known, at=SINCE + HOUR)
    (path,) = [found.group(1) for letter in letters_to(app, NEW) if (found := LINK.search(letter.get_content()))]
    assert Visitor(app).get(f"{path}/").status_code == 200
    with scope_of(cast.supplier):
        approve(world, cast)
        assert client_in(world).email == known
        assert NEW not in {one.email for one in db.session().scalars(sa.select(DeedInvitation))}
    assert Visitor(app).get(f"{path}/continuity/").status_code == 410
    assert Visitor(app).post(f"{path}/continuity/code").status_code == 410
    assert len(letters_to(app, NEW)) == 1


@pytest.mark.parametrize(("address", "stands"), [(NEW, True), (OLD, False)])
def test_nobody_withdraws_for_a_client_from_an_address_told_since(
    cast: Cast, world: World, scope_of: Scoped, address: str, *, stands: bool
) -> None:
    with scope_of(cast.supplier):
        client_in(world).email = OLD
        say(world, NEW, at=SINCE)
        declare(world, DeclarationKind.WITHDRAW, address)
        only(Acceptance).ended_on = SINCE.date()
        approve(world, cast)
        assert (only(Acceptance).ended_on is None) is stands


@pytest.mark.parametrize("by_link", [True, False])
def test_who_withdrew_once_and_accepted_again_is_not_put_out_by_its_supplier(
    cast: Cast, world: World, scope_of: Scoped, *, by_link: bool
) -> None:
    with scope_of(cast.supplier):
        client_in(world).email = OLD
        declare(world, DeclarationKind.WITHDRAW, OLD, days=60)
        if by_link:
            declare(world, DeclarationKind.ACCEPT, OLD, days=30)
        row = only(Acceptance)
        row.accepted_on = (NOW - timedelta(days=30)).date()
        row.ended_on, row.ended_why = SINCE.date(), "We stop."
        approve(world, cast)
        assert only(Acceptance).ended_on is None


def declare(world: World, kind: DeclarationKind, email: str, *, days: int = 0) -> None:
    """Write down what was declared of the deed by a code that went to an address, so many days before the trigger."""
    deed = deed_in(world)
    row = Declaration(
        client_id=world.client_id, deed_version_id=deed.id, kind=kind, name="Henk", declared_as="Owner",
        authority=None, addressee=None, note="Why", email=email, declared_at=NOW - timedelta(days=days),
        deed_sha256=deed.sha256, file_name="", file_type="", file_sha256="", receipt_sha256="", answers_id=None,
    )  # fmt: skip
    db.session().add(row)
    db.session().flush()
