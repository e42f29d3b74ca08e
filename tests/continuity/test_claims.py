"""An organisation here sees the cover it has as a client, once both sides say so, and not a word of other clients."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.acceptance.codes import MOST_TRIES
from continuity.clients.claim_views import ASK
from continuity.clients.inviting import revoke_invitation
from continuity.models import Client, CoverClaim, DeedInvitation
from core import clock, db
from tenants.models import Tenant, TrailEntry
from tests.cast import Cast, Organisation, Person
from tests.continuity.linked import MAIL, claim, code_from
from tests.continuity.world import World
from tests.mailbox import letters_to
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
ANY = {"code": "00000000"}


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
    app: Flask, path: str, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    owner = visitor(cast.owner)
    home, answer = f"/o/{cast.bakery.slug}/", f"/o/{cast.bakery.slug}{path}"
    assert "Covered by" not in owner.get(home).get_data(as_text=True)
    assert answer in owner.get(f"{path}/organisation").get_data(as_text=True)
    code = code_from(app, owner, answer, {ASK: "code"})
    for _press in range(2):
        assert owner.post(answer, {"code": code}).status_code == 302
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


def test_a_forwarded_link_claims_nothing(
    app: Flask, path: str, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    """Whoever got the link from somebody does not read the mailbox that was invited."""
    stranger, answer = visitor(cast.stranger), f"/o/{cast.other.slug}{path}"
    assert 'name="code"' not in stranger.get(answer).get_data(as_text=True)
    code = code_from(app, stranger, answer, {ASK: "code"})
    assert 'name="code"' in stranger.get(answer).get_data(as_text=True)
    assert stranger.post(answer).status_code == 422
    wrong = str((int(code) + 1) % 10**8).zfill(8)
    refused = [stranger.post(answer, {"code": wrong}) for _try in range(MOST_TRIES)]
    assert {one.status_code for one in refused} == {422}
    assert "This code is not right" in refused[0].get_data(as_text=True)
    assert stranger.post(answer, {"code": code}).status_code == 429
    assert claimed(scope_of, cast, world.client_id) is None
    with scope_of(cast.other):
        assert db.session().scalars(sa.select(CoverClaim)).all() == []


def test_a_code_of_a_link_that_was_taken_back_claims_nothing(
    app: Flask, path: str, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    owner, answer = visitor(cast.owner), f"/o/{cast.bakery.slug}{path}"
    code = code_from(app, owner, answer, {ASK: "code"})
    with scope_of(cast.supplier):
        revoke_invitation(db.session().scalars(sa.select(DeedInvitation)).one(), at=clock.now())
    assert owner.post(answer, {"code": code}).status_code == 410
    assert owner.post(answer, {ASK: "code"}).status_code == 303
    assert owner.get(answer).status_code == 410
    assert claimed(scope_of, cast, world.client_id) is None


def test_nobody_else_claims_what_is_claimed_or_bears_another_number(
    app: Flask, path: str, world: World, visitor: Visitors, cast: Cast, scope_of: Scoped
) -> None:
    assert visitor(cast.reader).post(f"/o/{cast.bakery.slug}{path}", ANY).status_code == 403
    assert visitor(cast.reader).post(f"/o/{cast.bakery.slug}{path}", {ASK: "code"}).status_code == 403
    itself = visitor(cast.supplier_owner).post(f"/o/{cast.supplier.slug}{path}", ANY)
    assert itself.status_code == 422
    assert "A supplier is not its own client" in itself.get_data(as_text=True)
    assert claim(app, visitor(cast.owner), f"/o/{cast.bakery.slug}{path}") == 302
    answer = visitor(cast.stranger).post(f"/o/{cast.other.slug}{path}", ANY)
    assert answer.status_code == 422
    assert "tied to another organisation" in answer.get_data(as_text=True)
    with scope_of(cast.other):
        assert db.session().scalars(sa.select(CoverClaim)).all() == []
        db.session().get_one(Tenant, cast.other.id).kvk = "87654321"
    with scope_of(cast.supplier):
        client = db.session().scalars(sa.select(Client).where(Client.id == world.client_id)).one()
        client.organisation_id, client.kvk = None, "12345678"
    answer = visitor(cast.stranger).post(f"/o/{cast.other.slug}{path}", ANY)
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
