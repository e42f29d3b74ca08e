"""Sealed deliveries: what is taken, who shows that their key fits, and what happens when a key goes."""

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

import pyrage
import pytest
import sqlalchemy as sa

from continuity import loading
from continuity.errors import Refused
from continuity.models import HandoverDelivery, OfficerKey, Registration, SchemeParty, SealedTo, TrustedKey
from continuity.registrations.services import ContactValues, save_contact
from continuity.sealing.envelope import LARGEST, look_over, parts_of
from core import db
from core.mail import OutboxMail
from tenants.models import TrailEntry
from tests.cast import JOINED, Cast, Organisation, Person
from tests.continuity.envelopes import Identity, Officer, officer, parts_for, sealed, tar, trust
from tests.continuity.world import World, trigger
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
CONTACT = ContactValues("L. Smit", "", "lieke@supplier.example", None)
SPECIFICATION = "Administrators of web-01 and web-02, with recovery codes."


@dataclass(frozen=True, slots=True)
class Keys:
    """Two officers whose keys the supplier compared."""

    first: Officer
    second: Officer


@pytest.fixture
def keys(cast: Cast, world: World, scope_of: Scoped) -> Keys:
    """Two officers whose keys the supplier compared."""
    with scope_of(cast.foundation):
        found = Keys(officer(cast.foundation_owner), officer(cast.foundation_reader))
    with scope_of(cast.supplier):
        trust(cast.foundation.id, found.first, found.second)
    return found


def send(supplier: Visitor, world: World, data: bytes, version: str = "1") -> int:
    sent = {
        "version": version,
        "delivered_by": "S. Owner",
        "specification": SPECIFICATION,
        "envelope": (io.BytesIO(data), "delivery.tar"),
    }
    answer = supplier.post(f"{world.path}/handovers/{world.item_id}/seal", sent)
    return int(answer.status_code)


def newest(cast: Cast, world: World, scope_of: Scoped) -> HandoverDelivery:
    with scope_of(cast.supplier):
        query = sa.select(HandoverDelivery).where(HandoverDelivery.handover_item_id == world.item_id)
        row = db.session().scalars(query.order_by(HandoverDelivery.number.desc())).first()
        assert row is not None
        db.session().expunge(row)
        return row


def test_sealed_delivery_is_kept_with_its_hash_and_opens_for_the_two_together(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, keys: Keys
) -> None:
    supplier, data = visitor(cast.supplier_owner), tar(parts_for(keys.first, keys.second)[0])
    assert send(supplier, world, data) == 302
    assert send(supplier, world, data) == 409
    row = newest(cast, world, scope_of)
    digest = hashlib.sha256(data).hexdigest()
    assert (row.number, row.file_sha256, row.file_size) == (2, digest, len(data))
    receipt = f"{world.path}/handovers/{world.item_id}/deliveries/{row.id}"
    page = supplier.get(receipt).get_data(as_text=True)
    assert digest in page
    assert SPECIFICATION in page
    assert page.count("Not shown yet") == 2
    assert supplier.get(f"{receipt}/file").get_data() == data
    with scope_of(cast.supplier):
        told = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "handover.sealed")).one()
        assert told.changes["sha256"] == digest


def test_each_officer_shows_alone_that_their_key_fits_and_two_make_it_openable(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, keys: Keys
) -> None:
    parts, codes = parts_for(keys.first, keys.second)
    assert send(visitor(cast.supplier_owner), world, tar(parts)) == 302
    officer_ = visitor(cast.foundation_owner)
    path = f"{world.registrant_path}/deliveries/{newest(cast, world, scope_of).id}"
    ticks = {"complete": "y", "readable": "y", "key_fits": "y"}
    answer = officer_.post(path, ticks)
    assert answer.status_code == 422
    assert "Two officers have to show first" in answer.get_data(as_text=True)
    shown = officer_.get(f"{path}/key").get_data(as_text=True).split('data-sealed="')[1].split('"')[0]
    assert pyrage.decrypt(shown.encode(), [keys.first.identity]).decode() == codes[keys.first.fingerprint]
    assert officer_.post(f"{path}/key", {"code": codes[keys.second.fingerprint]}).status_code == 422
    assert officer_.post(f"{path}/key", {"code": codes[keys.first.fingerprint]}).status_code == 302
    assert officer_.post(f"{path}/key", {"code": codes[keys.first.fingerprint]}).status_code == 422
    assert officer_.post(path, ticks).status_code == 422
    with scope_of(cast.supplier):
        other = db.session().scalars(sa.select(SealedTo).where(SealedTo.opened_at.is_(None))).one()
        assert other.fingerprint == keys.second.fingerprint
        other.opened_at = db.session().scalars(sa.select(SealedTo.opened_at).where(SealedTo.id != other.id)).one()
    assert officer_.post(path, ticks).status_code == 302


def test_foundation_takes_a_sealed_file_after_the_bankruptcy_alone(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, keys: Keys
) -> None:
    data = tar(parts_for(keys.first, keys.second)[0])
    assert send(visitor(cast.supplier_owner), world, data) == 302
    officer_, row = visitor(cast.foundation_owner), newest(cast, world, scope_of)
    path = f"{world.registrant_path}/deliveries/{row.id}/file"
    assert officer_.get(path).status_code == 409
    with scope_of(cast.supplier):
        trigger(world)
    assert officer_.get(path).get_data() == data
    with scope_of(cast.supplier):
        told = db.session().scalars(sa.select(TrailEntry).where(TrailEntry.action == "handover.downloaded")).one()
        assert (told.user_id, told.changes["sha256"]) == (cast.foundation_owner.id, row.file_sha256)


def test_key_that_goes_asks_to_seal_again_what_was_sealed_to_it(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, keys: Keys
) -> None:
    supplier = visitor(cast.supplier_owner)
    assert send(supplier, world, tar(parts_for(keys.first, keys.second)[0])) == 302
    with scope_of(cast.foundation):
        mine = sa.select(OfficerKey.id).where(OfficerKey.fingerprint == keys.second.fingerprint)
        key_id = db.session().scalars(mine).one()
    ended = visitor(cast.foundation_owner).post(f"/o/foundation/officers/{key_id}/end", {"state": "lost"})
    assert ended.status_code == 302
    with scope_of(cast.supplier):
        gone = {row.fingerprint for row in db.session().scalars(sa.select(SealedTo)) if row.ended_at}
        assert gone == {keys.second.fingerprint}
    row = newest(cast, world, scope_of)
    page = supplier.get(f"{world.path}/handovers/{world.item_id}/deliveries/{row.id}").get_data(as_text=True)
    assert "Key lost: seal again" in page
    assert "Key out of use: seal again" in supplier.get(f"{world.path}/handovers").get_data(as_text=True)
    assert send(supplier, world, tar(parts_for(keys.first, keys.second)[0]), "2") == 422


def short_on(cast: Cast, world: World, scope_of: Scoped) -> date | None:
    """What is judged of it."""
    with scope_of(cast.supplier):
        (_other, fact) = loading.load([cast.supplier.id])[cast.supplier.id].registrations
        return next(one.keys_short_on for one in fact.handovers if one.id == world.item_id)


def test_what_has_to_be_sealed_again_is_listed_for_both_and_asked_for_by_one_mail(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, keys: Keys
) -> None:
    supplier, officer_ = visitor(cast.supplier_owner), visitor(cast.foundation_owner)
    assert send(supplier, world, tar(parts_for(keys.first, keys.second)[0])) == 302
    again, asking = f"{world.path}/reseal", "/o/foundation/officers/reseal"
    for visitor_, path in ((supplier, again), (officer_, asking)):
        assert "Administrators of the servers" not in visitor_.get(path).get_data(as_text=True)
    assert short_on(cast, world, scope_of) is None
    with scope_of(cast.foundation):
        third = officer(world.reader)
    with scope_of(cast.supplier):
        trust(cast.foundation.id, third)
        registration = db.session().scalars(sa.select(Registration).where(Registration.id == world.registration_id))
        save_contact(registration.one(), SchemeParty.COMPANY, None, CONTACT, seen=1)
    assert short_on(cast, world, scope_of) == JOINED.date()
    for visitor_, path in ((supplier, again), (officer_, asking)):
        assert f"Not sealed to: {third.person.name}" in visitor_.get(path).get_data(as_text=True)
    assert officer_.post(asking, {}).status_code == 422
    assert officer_.post(asking, {"deliveries": str(world.elsewhere_delivery_id)}).status_code == 422
    delivery = str(newest(cast, world, scope_of).id)
    for _attempt in range(2):
        assert officer_.post(asking, {"deliveries": delivery}).status_code == 302
    assert cast.foundation_owner.name in supplier.get(again).get_data(as_text=True)
    with scope_of(cast.supplier):
        letters = db.session().scalars(sa.select(OutboxMail).where(OutboxMail.kind == "reseal_asked")).all()
        assert [one.recipient for one in letters] == [CONTACT.email]
        assert "- Administrators of the servers" in (letters[0].text or "")
    sealed_anew = tar(parts_for(keys.first, keys.second, third)[0])
    assert send(supplier, world, sealed_anew, "2") == 302
    assert short_on(cast, world, scope_of) is None
    for visitor_, path in ((supplier, again), (officer_, asking)):
        assert "Administrators of the servers" not in visitor_.get(path).get_data(as_text=True)


def test_new_key_is_loud_and_nothing_is_sealed_to_it_until_it_was_compared(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, keys: Keys
) -> None:
    supplier = visitor(cast.supplier_owner)
    with scope_of(cast.foundation):
        third = officer(world.reader)
    for path in ("officers", "handovers", f"handovers/{world.item_id}/seal"):
        assert "1 key is new and was not compared" in supplier.get(f"{world.path}/{path}").get_data(as_text=True)
    assert send(supplier, world, tar(parts_for(keys.first, keys.second, third)[0])) == 422
    assert supplier.post(f"{world.path}/officers", {"keys": "0" * 32}).status_code == 422
    assert supplier.post(f"{world.path}/officers", {"keys": third.fingerprint}).status_code == 302
    assert send(supplier, world, tar(parts_for(keys.first, keys.second)[0])) == 422
    assert send(supplier, world, tar(parts_for(keys.first, keys.second, third)[0])) == 302
    with scope_of(cast.supplier):
        copy = db.session().scalars(sa.select(TrustedKey).where(TrustedKey.fingerprint == third.fingerprint)).one()
        assert copy.pinned_by == cast.supplier_owner.name


def test_one_officer_is_not_enough(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> None:
    with scope_of(cast.foundation):
        alone = officer(cast.foundation_owner)
    with scope_of(cast.supplier):
        trust(cast.foundation.id, alone)
    supplier = visitor(cast.supplier_owner)
    page = supplier.get(f"{world.path}/handovers/{world.item_id}/seal").get_data(as_text=True)
    assert "at least two officers" in page
    assert "data-sealer" not in page
    assert send(supplier, world, tar(parts_for(alone)[0])) == 422


@pytest.fixture(scope="module")
def pair() -> tuple[Officer, Officer]:
    """Two officers, for what is only looked over."""
    nobody = Person.__new__(Person)
    return Officer(nobody, Identity.generate()), Officer(nobody, Identity.generate())


def test_each_pair_opens_it_in_its_order_and_nobody_alone(pair: tuple[Officer, Officer]) -> None:
    parts, _codes = parts_for(*pair, secret=b"geheim van web-01")
    first, second = sorted(pair, key=lambda one: one.fingerprint)
    wrapped = parts[f"pairs/{first.fingerprint}-{second.fingerprint}.age"]
    inner = pyrage.decrypt(wrapped, [first.identity])
    once = Identity.from_str(pyrage.decrypt(inner, [second.identity]).decode())
    assert b"geheim van web-01" in pyrage.decrypt(parts["body.age"], [once])
    for data, key in ((wrapped, second), (inner, first), (parts["body.age"], first), (parts["body.age"], second)):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(data, [key.identity])


def _without(parts: dict[str, bytes], name: str) -> bytes:
    return tar({key: value for key, value in parts.items() if key != name})


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda parts, pair: b"", id="nothing"),
        pytest.param(lambda parts, pair: b"no tar", id="no tar"),
        pytest.param(lambda parts, pair: tar(parts)[:2000], id="cut off"),
        pytest.param(lambda parts, pair: bytes(LARGEST + 1), id="too large"),
        pytest.param(lambda parts, pair: _without(parts, "body.age"), id="no body"),
        pytest.param(lambda parts, pair: _without(parts, f"probes/{pair[0].fingerprint}.age"), id="a probe is missing"),
        pytest.param(lambda parts, pair: tar({**parts, "secret.txt": b"open"}), id="something open beside it"),
        pytest.param(lambda parts, pair: tar({**parts, "body.age": b"open" * 300}), id="an open body"),
        pytest.param(
            lambda parts, pair: tar({**parts, "body.age": pyrage.passphrase.encrypt(bytes(600), "word")}),
            id="a body under a passphrase",
        ),
        pytest.param(
            lambda parts, pair: tar(
                {**parts, "body.age": pyrage.encrypt(bytes(600), [one.identity.to_public() for one in pair])}
            ),
            id="a body that one officer opens alone",
        ),
        pytest.param(
            lambda parts, pair: tar(
                {**parts, f"probes/{pair[0].fingerprint}.age": sealed(pair[0].recipient, b"long" * 20)}
            ),
            id="a probe that holds more than a code",
        ),
        pytest.param(
            lambda parts, pair: tar({**parts, f"probes/{pair[0].fingerprint}.sha256": b"the code"}), id="no digest"
        ),
        pytest.param(lambda parts, pair: tar(parts_for(pair[0], pair[0])[0]), id="twice to the same officer"),
    ],
)
def test_what_is_not_sealed_to_each_pair_is_refused(
    pair: tuple[Officer, Officer], spoil: Callable[[dict[str, bytes], tuple[Officer, Officer]], bytes]
) -> None:
    fingerprints = frozenset(one.fingerprint for one in pair)
    parts, _codes = parts_for(*pair)
    assert parts.keys() == parts_of(fingerprints)
    assert look_over(tar(parts), fingerprints).probes.keys() == fingerprints
    with pytest.raises(Refused):
        look_over(spoil(parts, pair), fingerprints)
