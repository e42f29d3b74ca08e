"""Which passphrases may close a kit."""

import pytest

from audits.paper.errors import PaperError
from audits.paper.passphrases import WORDS, check, suggest

NAMES = ("Bakkerij Zonneschijn", "bakery", "Henk Bakker", "henk@zonneschijn.example")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        pytest.param("veertien tekens", "passphrase", id="15 characters"),
        pytest.param("zestien tekens !", None, id="16 characters"),
        pytest.param("x" * 10 + "ogkalmtweiru" * 16, "passphrase", id="too long"),
        pytest.param("aaaabbbbccccddddeeee", "passphrase", id="runs"),
        pytest.param("kl123456789mnopqrst", "passphrase", id="counting"),
        pytest.param("bobobobobobobobobobo", "passphrase", id="few signs"),
        pytest.param("Bakkerij Zonneschijn 2026!", "passphrase", id="the name of the organisation"),
        pytest.param("henk@zonneschijn.example1", "passphrase", id="the address of the person"),
        pytest.param("zes losse woorden\x00 hier", "passphrase", id="a control character"),
        pytest.param("drie fietsen onder de paarse brug", None, id="words that do not belong together"),
    ],
)
def test_a_weak_passphrase_is_refused(typed: str, field: str | None) -> None:
    if field is None:
        assert check(typed, typed, NAMES) == typed
    else:
        with pytest.raises(PaperError) as refused:
            check(typed, typed, NAMES)
        assert refused.value.field == field


def test_what_is_suggested_is_strong_enough_and_never_the_same() -> None:
    found = {suggest() for _nth in range(50)}
    assert len(found) == 50
    for one in found:
        assert len(one.split("-")) == WORDS
        assert check(one, f" {one} ", NAMES) == one


def test_it_has_to_be_typed_twice_the_same() -> None:
    with pytest.raises(PaperError) as refused:
        check("drie fietsen onder de brug", "drie fietsen onder de bruh", NAMES)
    assert refused.value.field == "again"
