"""An organisation here sees the cover it has as a client, once both sides say so, and not a word of other clients."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import Client, CoverClaim
from core import clock, db
from tenants.models import Tenant, TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.world import World
from tests.mailbox import letters_to
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
MAIL = "henk@zonneschijn.example"


@pytest.fixture
def path(app: Flask, world: World, cast: Cast, scope_of: Scoped, visitor: Visitors) -> str:
    """The link of the bakery, a client that accepted, by which it may show that it is this client."""
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one().email = MAIL
    again = f"{world.path}/clients/{world.client_id}/invitation/again"
    assert visitor(world.editor).post(again).status_code == 302
    found = re.search(r"(/deed/[^/\s]+)", str(letters_to(app, MAIL)[-1].get_content()))
    assert found
    return found.group(1)


def claimed(scope_of: Scoped, cast: Cast, client_id: UUID) -> int | None:
    with scope_of(cast.supplier):
        return db.session().scalar(sa.select(Client.organisation_id).where(Client.id == client_id))


def test_the_owner_claims_by_the_link_and_either_side_ends_it(
    path: str, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    owner = visitor(cast.owner)
    home, answer = f"/o/{cast.bakery.slug}/", f"/o/{cast.bakery.slug}{path}"
    assert "Covered by" not in owner.get(home).get_data(as_text=True)
    assert answer in owner.get(f"{path}/organisation").get_data(as_text=True)
    for _press in range(2):
        assert owner.post(answer).status_code == 302
    assert claimed(scope_of, cast, world.client_id) == cast.bakery.id
    page = owner.get(home).get_data(as_text=True)
    assert f"Covered by {cast.supplier.name}?" in page
    assert "The current deed is accepted" in page
    assert "€" not in page.partition("Covered by")[2].partition("</section>")[0], "nobody's fees are told"
    with scope_of(cast.bakery):
        (claim_id,) = db.session().scalars(sa.select(CoverClaim.id))
        assert "cover.claimed" in set(db.session().scalars(sa.select(TrailEntry.action)))
    standing = f"{world.path}/clients/{world.client_id}"
    editor = visitor(world.editor)
    assert cast.bakery.name in editor.get(f"{standing}/standing").get_data(as_text=True)
    # The supplier ends it: the organisation is told so, and sees nothing more.
    assert editor.post(f"{standing}/organisation/end").status_code == 302
    page = owner.get(home).get_data(as_text=True)
    assert "no longer names you as its client" in page
    assert "The current deed is accepted" not in page
    assert owner.post(f"/o/{cast.bakery.slug}/cover-claims/{claim_id}/end").status_code == 302
    assert "Covered by" not in owner.get(home).get_data(as_text=True)


def test_nobody_else_claims_what_is_claimed_or_bears_another_number(
    path: str, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    assert visitor(cast.reader).post(f"/o/{cast.bakery.slug}{path}").status_code == 403
    assert visitor(cast.supplier_owner).post(f"/o/{cast.supplier.slug}{path}").status_code == 422
    assert visitor(cast.owner).post(f"/o/{cast.bakery.slug}{path}").status_code == 302
    answer = visitor(cast.stranger).post(f"/o/{cast.other.slug}{path}")
    assert answer.status_code == 422
    assert "tied to another organisation" in answer.get_data(as_text=True)
    with scope_of(cast.other):
        assert db.session().scalars(sa.select(CoverClaim)).all() == []
        db.session().get_one(Tenant, cast.other.id).kvk = "87654321"
    with scope_of(cast.supplier):
        client = db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one()
        client.organisation_id, client.kvk = None, "12345678"
    answer = visitor(cast.stranger).post(f"/o/{cast.other.slug}{path}")
    assert "KvK number of this organisation is not the one" in answer.get_data(as_text=True)


def test_a_claim_that_the_supplier_does_not_answer_shows_nothing(
    world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    with scope_of(cast.other):
        db.session().add(
            CoverClaim(
                supplier_id=cast.supplier.id,
                client_id=world.client_id,
                service="Webhosting Plus",
                claimed_by="X",
                claimed_at=clock.now(),
            )
        )
    page = visitor(cast.stranger).get(f"/o/{cast.other.slug}/").get_data(as_text=True)
    assert "no longer names you as its client" in page
    assert "The current deed is accepted" not in page
