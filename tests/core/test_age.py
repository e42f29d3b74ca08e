"""Files in the age format: which public keys are taken, and what the head of a file tells."""

import pyrage
import pytest

from core.age import LONGEST_HEAD, X25519, BadAge, fingerprint_of, head_of, in_groups, recipient_of, seal_to


def sealed(*recipients: str) -> bytes:
    made: bytes = pyrage.encrypt(b"inside", [pyrage.x25519.Recipient.from_str(one) for one in recipients])
    return made


def new_recipient() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def test_public_key_is_read_as_people_type_it() -> None:
    recipient = new_recipient()
    assert recipient_of(f"  {recipient.upper()}\n") == recipient
    fingerprint = fingerprint_of(recipient)
    assert len(fingerprint) == 32
    assert in_groups(fingerprint).replace(" ", "") == fingerprint


def test_sealed_text_opens_with_its_key_alone() -> None:
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    made = seal_to(str(mine.to_public()), "a code").encode()
    assert pyrage.decrypt(made, [mine]) == b"a code"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(made, [other])


def test_head_names_each_recipient() -> None:
    assert head_of(sealed(new_recipient())).kinds == (X25519,)
    assert head_of(sealed(new_recipient(), new_recipient())).kinds == (X25519, X25519)
    assert head_of(pyrage.passphrase.encrypt(b"inside", "words")).kinds == ("scrypt",)


def test_payload_is_what_follows_the_head() -> None:
    # A nonce of 16 bytes, then the text and 16 bytes that authenticate it.
    assert head_of(sealed(new_recipient())).payload == 16 + len(b"inside") + 16


BODY = "A" * 43
GOOD = f"age-encryption.org/v1\n-> X25519 {BODY}\n{BODY}\n--- {BODY}\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04", id="a zip"),
        pytest.param(b"-----BEGIN AGE ENCRYPTED FILE-----\n", id="armoured"),
        pytest.param(GOOD.encode()[:-30], id="cut off"),
        pytest.param(GOOD.replace("--- ", "---").encode(), id="no end"),
        pytest.param(GOOD.replace(f"\n{BODY}\n---", "\n---").encode(), id="recipient without a key"),
        pytest.param(GOOD.replace(f"\n{BODY}", "\nno base64!").encode(), id="no base64"),
        pytest.param(GOOD.replace(f"--- {BODY}", "--- AAAA").encode(), id="short check"),
        pytest.param(b"age-encryption.org/v1\n" + b"-> X25519 A\n" * LONGEST_HEAD, id="endless"),
    ],
)
def test_what_age_did_not_make_is_refused(data: bytes) -> None:
    assert head_of(GOOD.encode()).kinds == (X25519,)
    with pytest.raises(BadAge):
        head_of(data)
