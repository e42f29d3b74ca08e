"""Keys of officers: registered by their public half, proved, replaced, lost; what suppliers see of them."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pyrage
import pytest
import sqlalchemy as sa

from continuity.errors import Refused
from continuity.models import KeyState, OfficerKey, TrustedKey
from continuity.officers.services import Reach, end_key, prove_key
from core import db
from core.age import fingerprint_of, in_groups
from tenants.models import Role, TrailEntry
from tenants.services import add_member
from tests.cast import JOINED, Cast, Organisation, Person
from tests.continuity.world import World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
KEYS = "/o/foundation/officers"


def new_identity() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


def register(visitor: Visitor, identity: pyrage.x25519.Identity) -> str:
    """Register a key as a browser does; return the address at which it is proved."""
    answer = visitor.post(f"{KEYS}/new", {"key": str(identity.to_public()), "kept": "y"})
    assert answer.status_code == 302
    return str(answer.location)


def sealed_code(visitor: Visitor, path: str) -> bytes:
    """Return what the page seals to the key."""
    page = visitor.get(path).get_data(as_text=True)
    return page.split('data-sealed="')[1].split('"')[0].encode()


@pytest.mark.once
@pytest.mark.parametrize("state", KeyState)
def test_key_goes_from_waiting_into_use_and_out_of_use_once(state: KeyState) -> None:
    """The other steps, and what they do to the copies, are walked below; here is every one that does not exist."""
    nobody, over = Reach(1, frozenset()), state in (KeyState.RETIRED, KeyState.LOST)
    row = OfficerKey(state=state, proof_hash="", ended_at=JOINED if over else None)
    with pytest.raises(Refused) as refused:
        prove_key(row, "a code", nobody, at=JOINED)
    assert (refused.value.field == "code") is (state is KeyState.PENDING), "only a key that waits is held to its code"
    for ending in (KeyState.RETIRED, KeyState.LOST) if over else ():
        with pytest.raises(Refused):
            end_key(row, ending, nobody, by="X", at=JOINED)
    assert row.state is state


def prove(visitor: Visitor, path: str, identity: pyrage.x25519.Identity) -> int:
    code = pyrage.decrypt(sealed_code(visitor, path), [identity]).decode()
    return int(visitor.post(path, {"code": code}).status_code)


def test_key_is_in_use_once_its_holder_opened_what_was_sealed_to_it(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer, identity = visitor(cast.foundation_owner), new_identity()
    path = register(officer, identity)
    assert officer.post(path, {"code": "0" * 32}).status_code == 422
    assert prove(officer, path, identity) == 302
    assert officer.get(path).status_code == 409
    fingerprint = fingerprint_of(str(identity.to_public()))
    page = officer.get(f"{KEYS}/").get_data(as_text=True)
    assert in_groups(fingerprint) in page
    assert "1 officer has a key in use" in page
    with scope_of(cast.foundation):
        row = db.session().scalars(sa.select(OfficerKey)).one()
        assert (row.state, row.user_id) == (KeyState.ACTIVE, cast.foundation_owner.id)
    with scope_of(cast.supplier):
        copy = db.session().scalars(sa.select(TrustedKey)).one()
        assert (copy.fingerprint, copy.pinned_at) == (fingerprint, None)
        told = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.subject == "trusted_key")).one()
        assert told.user_id == cast.foundation_owner.id


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("age1qqqq", id="too short"),
        pytest.param("AGE-SECRET-KEY-1" + "Q" * 58, id="the secret half"),
        pytest.param("age1" + "q" * 58, id="wrong checksum"),
        pytest.param("age1pq1" + "q" * 55, id="another kind of key"),
        pytest.param("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", id="a key of ssh"),
    ],
)
def test_only_a_public_key_is_taken(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, typed: str) -> None:
    answer = visitor(cast.foundation_owner).post(f"{KEYS}/new", {"key": typed, "kept": "y"})
    assert answer.status_code == 422
    assert 'id="key-error"' in answer.get_data(as_text=True)
    with scope_of(cast.foundation):
        assert db.session().scalars(sa.select(OfficerKey)).all() == []


def test_key_serves_one_officer_once(cast: Cast, world: World, visitor: Visitors) -> None:
    officer, identity = visitor(cast.foundation_owner), new_identity()
    register(officer, identity)
    answer = officer.post(f"{KEYS}/new", {"key": str(identity.to_public()).upper(), "kept": "y"})
    assert answer.status_code == 422
    assert "stands here already" in answer.get_data(as_text=True)


def test_new_key_of_an_officer_takes_the_place_of_the_former(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer = visitor(cast.foundation_owner)
    for identity in (new_identity(), new_identity()):
        assert prove(officer, register(officer, identity), identity) == 302
    with scope_of(cast.foundation):
        states = sorted(row.state for row in db.session().scalars(sa.select(OfficerKey)))
        assert states == [KeyState.ACTIVE, KeyState.RETIRED]
    with scope_of(cast.supplier):
        ended = {row.ended_as for row in db.session().scalars(sa.select(TrustedKey))}
        assert ended == {None, KeyState.RETIRED}


def test_lost_key_is_lost_for_every_supplier_and_once(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    officer, identity = visitor(cast.foundation_owner), new_identity()
    prove(officer, register(officer, identity), identity)
    with scope_of(cast.foundation):
        path = f"{KEYS}/{db.session().scalars(sa.select(OfficerKey.id)).one()}/end"
    assert officer.post(path, {}).status_code == 422
    assert officer.post(path, {"state": "active"}).status_code == 422
    assert officer.post(path, {"state": "lost"}).status_code == 302
    assert officer.post(path, {"state": "retired"}).status_code == 409
    with scope_of(cast.supplier):
        assert db.session().scalars(sa.select(TrustedKey)).one().ended_as is KeyState.LOST


def test_nobody_proves_the_key_of_somebody_else(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> None:
    identity = new_identity()
    with scope_of(cast.foundation):
        row = OfficerKey(
            user_id=cast.foundation_reader.id,
            name="Reader",
            recipient=str(identity.to_public()),
            fingerprint="0" * 32,
            state=KeyState.PENDING,
            proof_sealed="",
            proof_hash=hashlib.sha256(b"0").hexdigest(),
            made_at=JOINED,
        )
        db.session().add(row)
        key_id: UUID = row.id
    answer = visitor(cast.foundation_owner).post(f"{KEYS}/{key_id}/prove", {"code": "0"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        pytest.param("end", {}, id="leaves"),
        pytest.param("", {"role": "reader"}, id="may only look from now on"),
    ],
)
def test_key_ends_with_the_officer_in_the_same_transaction(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, path: str, sent: dict[str, str]
) -> None:
    with scope_of(cast.foundation):
        seat = add_member(cast.foundation.id, cast.foundation_reader.id, Role.EDITOR, at=JOINED).id
    officer, identity = visitor(cast.foundation_reader), new_identity()
    assert prove(officer, register(officer, identity), identity) == 302
    register(officer, new_identity())
    page = f"/o/foundation/people/members/{seat}"
    answer = visitor(cast.foundation_owner).post(f"{page}/{path}".rstrip("/"), sent)
    assert answer.status_code == 302
    with scope_of(cast.foundation):
        rows = db.session().scalars(sa.select(OfficerKey)).all()
        assert {(row.state, row.ended_by) for row in rows} == {(KeyState.RETIRED, cast.foundation_owner.name)}
        assert len(rows) == 2
    with scope_of(cast.supplier):
        assert db.session().scalars(sa.select(TrustedKey)).one().ended_as is KeyState.RETIRED


def test_key_stays_where_somebody_leaves_another_organisation(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped
) -> None:
    with scope_of(cast.supplier):
        seat = add_member(cast.supplier.id, cast.foundation_owner.id, Role.READER, at=JOINED).id
    officer, identity = visitor(cast.foundation_owner), new_identity()
    assert prove(officer, register(officer, identity), identity) == 302
    assert visitor(cast.supplier_owner).post(f"/o/supplier/people/members/{seat}/end").status_code == 302
    with scope_of(cast.foundation):
        assert db.session().scalars(sa.select(OfficerKey)).one().state is KeyState.ACTIVE
