"""Hashes under a key that is prepared once."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.keyed_hash import keyed_hash


@given(st.binary(max_size=64), st.binary(max_size=80), st.lists(st.binary(max_size=200), max_size=4))
def test_it_is_the_keyed_hash_that_everybody_makes(key: bytes, head: bytes, messages: list[bytes]) -> None:
    hashed = keyed_hash(key, head)
    assert [hashed(one) for one in messages] == [hmac.digest(key, head + one, "sha256") for one in messages]


def test_a_key_that_would_have_to_be_shortened_is_refused() -> None:
    with pytest.raises(ValueError, match="65 bytes"):
        keyed_hash(bytes(65))
