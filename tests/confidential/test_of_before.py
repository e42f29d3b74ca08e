"""What an earlier release sealed still opens, by this one's code: an upgrade shuts nobody out of their own rows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest
from flask import Flask

from core import vault
from core.files import MARK, WHOLE_MARK
from core.mail.addresses import mark_of
from core.vault import OpenPieces, SealError, pieces
from tenants.trail import chain
from tests.confidential.of_before import (
    ADDRESS,
    FILE_PLACE,
    LONG,
    OWNER,
    PLACE,
    PLAIN,
    PURPOSE,
    SEALED,
    SECRET,
    SHORT_PIECE,
    WRAPPED,
    owner_of_before,
)

# One runs on one database: nothing but the keys comes from there.
pytestmark = pytest.mark.once
ENTRY = SimpleNamespace(
    tenant_id=OWNER,
    seq=7,
    id=UUID("01a1c9a0-0000-7000-8000-000000000001"),
    at=datetime(2026, 11, 23, 4, 30, 0, 5, UTC),
    user_id=UUID("01a1c9a0-0000-7000-8000-000000000002"),
    actor="Eva de Boer",
    role="owner",
    via="",
    request_id="abc",
    action="contact.changed",
    subject="contact",
    subject_id=None,
    label="Fatima",
    changes={"name": ["Fatima", "Fatima É."], "on": None, "count": 3},
)


@pytest.fixture(autouse=True)
def then(own_app: Flask, tmp_path: Path) -> Iterator[None]:
    """The keys of then, and the scope of their owner."""
    with owner_of_before(own_app, tmp_path, {version: bytes.fromhex(key) for version, key in WRAPPED.items()}):
        yield


@pytest.mark.parametrize("version", WRAPPED)
def test_a_confidential_column_of_before_opens_also_under_a_key_that_was_rotated(version: int) -> None:
    sealed = bytes.fromhex(SEALED[f"column {version}"])
    assert vault.sealed_by(sealed) == (OWNER, version)
    assert vault.open_owned(sealed, PLACE).decode() == PLAIN
    with pytest.raises(SealError):
        vault.open_owned(sealed, "contact.phone")


def test_a_file_of_before_that_was_sealed_whole_opens() -> None:
    assert WHOLE_MARK == b"waarborg sealed file 1\n"
    assert vault.open_owned(bytes.fromhex(SEALED["whole"]), FILE_PLACE) == LONG


def test_a_file_of_before_in_pieces_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it need not stand here at its full length its pieces are short; how long they are is part of the form."""
    assert (MARK, pieces.PIECE) == (b"waarborg sealed file 2\n", 262_144)
    monkeypatch.setattr(pieces, "PIECE", SHORT_PIECE)
    opened = OpenPieces(BytesIO(bytes.fromhex(SEALED["pieces"])), FILE_PLACE, OWNER)
    assert (opened.count, opened.size) == (4, len(LONG))
    assert b"".join(opened.piece(number) for number in range(opened.count)) == LONG


def test_what_was_sealed_for_the_platform_opens() -> None:
    assert vault.platform_open(bytes.fromhex(SEALED["platform"]), PURPOSE) == SECRET


def test_an_address_of_before_is_found_by_its_mark() -> None:
    assert mark_of(ADDRESS) == "7ce6a86ab78d39b2a656707c1f7b3f35b4219f24074018306965ce8e8d984ba5"


def test_an_entry_of_the_trail_of_before_still_has_its_digest_and_link() -> None:
    entry, secret = cast(chain.EntryLike, ENTRY), chain.key()
    digest = chain.digest_of(secret, b"salt" * 4, chain.entry_content(entry))
    link = chain.link_of(secret, b"before" * 5, chain.entry_fixed(entry), digest)
    assert digest.hex() == "d3a7f275f481089f67878aa0be238c7686c33eb7af004207d1b92f318933d4c9"
    assert link.hex() == "6ea3b6dbb0b8599dda14c212b10e6c115bb01480626f3cf8e051f986e9a8179c"
