"""Sealed columns: many cells at once are sealed and opened as each of them would be alone."""

from collections.abc import Callable
from itertools import product
from typing import Any, cast

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Dialect

from core.vault import columns
from core.vault.columns import (
    HEAD,
    Owned,
    Sealed,
    SealedBytes,
    SealedJson,
    SealedType,
    open_owned,
    seal_all,
    seal_owned,
)
from core.vault.sealing import NONCE_BYTES, SealError

PLACE = "contact.phone"
# Format, owner, version of the key, nonce; and what tells that nothing was changed.
AROUND = 1 + 8 + 4 + 12 + 16


class Keys:
    """A ring of two owners, the first of which has a key of before; `asked` tells which keys were looked for."""

    def __init__(self) -> None:
        self.kept = {of: AESGCM(AESGCM.generate_key(256)) for of in ((1, 1), (1, 2), (2, 1))}
        self.given: dict[bytes, AESGCM] = {}
        self.asked: list[tuple[int, int]] = []
        self.newest = 2

    def reading(self, owner: int, version: int) -> AESGCM:
        self.asked.append((owner, version))
        if (owner, version) not in self.kept:
            raise SealError(f"there is no key {version} of owner {owner}")
        return self.given.setdefault(HEAD.pack(1, owner, version), self.kept[owner, version])

    def opening(self, head: bytes) -> AESGCM | None:
        return self.given.get(head)

    def writing(self, owner: int | None) -> tuple[bytes, AESGCM]:
        owner = owner or 1
        version = self.newest if owner == 1 else 1
        return HEAD.pack(1, owner, version), self.kept[owner, version]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Keys:
    found = Keys()
    monkeypatch.setattr(columns, "ring", lambda: found)
    return found


def opener(kind: SealedType) -> Callable[[Any], Any]:
    return kind.result_processor(cast(Dialect, None), None)


def bound(kind: SealedType, value: Any) -> bytes | None:
    return kind.process_bind_param(value, cast(Dialect, None))


@pytest.mark.parametrize("plains", [*product((b"one", b"", None), repeat=2), (b"a", b"b", b"c"), (b"",), (None,), ()])
def test_many_are_sealed_as_each_alone(keys: Keys, plains: tuple[bytes | None, ...]) -> None:
    sealed = seal_all(plains, PLACE)
    assert len(sealed) == len(plains)
    for plain, one in zip(plains, sealed, strict=True):
        if not plain:
            assert one == plain, "what is empty stays empty, and nothing stays nothing"
            continue
        assert one is not None
        assert len(one) == len(plain) + AROUND
        assert HEAD.unpack_from(one) == (1, 1, 2)
        assert open_owned(one, PLACE) == plain
        with pytest.raises(SealError, match="moved here"):
            open_owned(one, "contact.email")
    nonces = [one[HEAD.size : HEAD.size + NONCE_BYTES] for one in sealed if one]
    assert len(set(nonces)) == len(nonces), "a nonce that comes twice gives both texts away"


def test_many_of_another_owner_are_sealed_under_its_key(keys: Keys) -> None:
    (one,) = seal_all([b"x"], PLACE, 2)
    assert one is not None
    assert HEAD.unpack_from(one) == (1, 2, 1)
    assert bound(Sealed(PLACE), Owned(2, "x"))[: HEAD.size] == one[: HEAD.size]  # type: ignore[index]
    assert bound(Sealed(PLACE), Owned(2, None)) is None
    assert opener(SealedBytes(PLACE))(bound(SealedBytes(PLACE), b"\xff\x00")) == b"\xff\x00"
    assert bound(Sealed(PLACE), Owned(2, "")) == b""


def test_many_open_as_each_alone_whoever_they_are_of_and_under_whichever_key(keys: Keys) -> None:
    kind = Sealed(PLACE)
    keys.newest = 1
    before = seal_owned(b"before", PLACE)
    keys.newest = 2
    values = [before, seal_owned(b"now", PLACE), None, b"", seal_owned(b"theirs", PLACE, 2), seal_owned(b"now", PLACE)]
    assert kind.open_all(values) == ["before", "now", None, "", "theirs", "now"]
    assert keys.asked == [(1, 1), (1, 2), (2, 1)], "a key that was given out is not asked for again"
    assert [opener(kind)(one) for one in values] == ["before", "now", None, "", "theirs", "now"]
    assert [kind.process_result_value(one, cast(Dialect, None)) for one in values[:4]] == ["before", "now", None, ""]
    assert kind.open_all([]) == []
    assert kind.open_all([None, b""]) == [None, ""]
    assert SealedBytes(PLACE).open_all([None, b"", seal_owned(b"\x00", PLACE)]) == [None, b"", b"\x00"]
    assert SealedJson(PLACE).open_all([None, b"", seal_owned(b'{"a":1}', PLACE)]) == [None, {}, {"a": 1}]


@pytest.mark.parametrize("whole", [True, False], ids=["many", "one"])
def test_what_was_changed_or_moved_does_not_open_and_is_named(keys: Keys, *, whole: bool) -> None:
    kind, good = Sealed(PLACE), seal_owned(b"secret", PLACE)

    def open_(value: bytes) -> object:
        return kind.open_all([good, value]) if whole else opener(kind)(value)

    assert open_(good)
    for at in (HEAD.size, HEAD.size + NONCE_BYTES, len(good) - 1):
        changed = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        with pytest.raises(SealError, match=r"contact\.phone of owner 1, key 2: was changed, or moved"):
            open_(changed)
    with pytest.raises(SealError, match="moved"):
        open_(seal_owned(b"secret", "contact.email"))
    with pytest.raises(SealError, match="no key 7 of owner 1"):
        open_(HEAD.pack(1, 1, 7) + good[HEAD.size :])
    for bare in (b"x", b"\x01", b"plain text that nobody sealed", HEAD.pack(2, 1, 2) + good[HEAD.size :]):
        with pytest.raises(SealError, match="these bytes are not sealed"):
            open_(bare)
    # Under another owner's head the right key is not even tried.
    with pytest.raises(SealError, match="owner 2"):
        open_(HEAD.pack(1, 2, 1) + good[HEAD.size :])


def test_a_text_of_the_length_fits_and_none_longer_alone_or_among_many(keys: Keys) -> None:
    kind = Sealed(PLACE, 3)
    assert kind.each_to_bytes(["abc", "", None]) == [b"abc", b"", None]
    assert kind.each_to_bytes([]) == kind.each_to_bytes(iter(())) == []
    assert kind.each_to_bytes([None, ""]) == [None, b""]
    assert kind.to_bytes("abc") == b"abc"
    for refused in (lambda: kind.to_bytes("abcd"), lambda: kind.each_to_bytes(["a", None, "abcd"])):
        with pytest.raises(ValueError, match=r"contact\.phone: 4 characters, of which at most 3 fit"):
            refused()
    assert Sealed(PLACE).each_to_bytes(["x" * 9000]) == [b"x" * 9000]
    # Signs count, not bytes.
    assert kind.each_to_bytes(["€€€"]) == ["€€€".encode()]


def test_json_keeps_its_signs_and_an_empty_object_is_kept_as_nothing(keys: Keys) -> None:
    kind = SealedJson(PLACE)
    assert kind.to_bytes({"naam": "Café", "n": [1, None]}) == '{"naam":"Café","n":[1,null]}'.encode()
    assert bound(kind, {}) == b""
    assert bound(kind, None) is None
    assert bound(kind, []) not in (b"", None)
    assert opener(kind)(bound(kind, [])) == []
    assert opener(kind)(b"") == {}
    assert kind.each_to_bytes([None, {}, [1]]) == [None, b"", b"[1]"]


def test_columns_are_alike_for_the_cache_of_statements_only_at_one_place(keys: Keys) -> None:
    """Two columns share a compiled statement only if they seal for the same place, in the same way."""

    def key(kind: SealedType) -> object:
        return sa.cast(sa.literal(b"x", sa.LargeBinary), kind)._generate_cache_key()

    assert key(Sealed(PLACE, 3)) == key(Sealed(PLACE, 3))
    others = (Sealed("contact.email", 3), Sealed(PLACE, 4), SealedBytes(PLACE), SealedJson(PLACE))
    assert all(key(one) != key(Sealed(PLACE, 3)) for one in others)
