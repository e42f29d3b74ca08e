"""The passphrase of a kit: one of made-up words that anybody can copy by hand, or somebody's own when it is strong."""

import secrets
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from flask_babel import lazy_gettext as _l

from audits.paper.errors import PaperError

FIELD = "passphrase"
SHORTEST, LONGEST, FEWEST_SIGNS, LONGEST_RUN = 16, 200, 8, 3
# No letters that look or sound alike; each word holds 16 bits, six of them 96.
STARTS, VOWELS, ENDS = "bdfghklmnprstvwz", "aeiou", "dfgklmnprst"
WORDS = 6


def suggest() -> str:
    """Return a passphrase of six words that nobody used before, such as `bador-kilem-sunof-…`: 96 bits."""
    return "-".join(_word() for _nth in range(WORDS))


def _word() -> str:
    return "".join(secrets.choice(signs) for signs in (STARTS, VOWELS, STARTS, VOWELS, ENDS))


def check(passphrase: str, again: str, names: Iterable[str]) -> str:
    """Return the passphrase as it will be used: composed (NFC), without blanks around it.

    names: of the organisation and the person, which may not be most of it. Raises PaperError when it is too short, too
    long, too monotonous, guessable from `names`, or not typed the same twice.
    """
    chosen = unicodedata.normalize("NFC", passphrase.strip())
    if len(chosen) < SHORTEST:
        raise PaperError(_l("At least %(least)d characters: a thief may try without end.", least=SHORTEST), FIELD)
    if len(chosen) > LONGEST:
        raise PaperError(_l("At most %(most)d characters.", most=LONGEST), FIELD)
    if not chosen.isprintable():
        raise PaperError(_l("Use letters, digits, signs and blanks only."), FIELD)
    if len(set(chosen.casefold())) < FEWEST_SIGNS or _longest_run(chosen) > LONGEST_RUN:
        raise PaperError(_l("This repeats itself too much. Use several words that do not belong together."), FIELD)
    if len(_without(chosen, names)) < SHORTEST // 2:
        raise PaperError(_l("This is little more than a name. Use several words that do not belong together."), FIELD)
    if unicodedata.normalize("NFC", again.strip()) != chosen:
        raise PaperError(_l("This is not the same as above."), "again")
    return chosen


def _longest_run(text: str) -> int:
    longest = run = 1
    for before, sign in pairwise(text):
        # abcd and 1234 are runs as much as aaaa.
        run = run + 1 if ord(sign) - ord(before) in (0, 1) else 1
        longest = max(longest, run)
    return longest


def _without(text: str, names: Iterable[str]) -> str:
    """Return the letters of `text` that are left when all words of `names` are taken out."""
    left = text.casefold()
    for word in sorted({word for name in names for word in name.casefold().split()}, key=len, reverse=True):
        if len(word) > 2:
            left = left.replace(word, "")
    return "".join(sign for sign in left if sign.isalpha())
