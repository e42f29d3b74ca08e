"""Which passwords may be chosen: long enough, not among the common ones, not made of one's own name."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from tenants.errors import AccountError
from tenants.sign_in.passwords import MAX_LENGTH, MIN_LENGTH

COMMON = Path(__file__).with_name("common_passwords.txt")
# How people disguise letters; read both ways it would find words that nobody meant.
DISGUISES = str.maketrans("013457@$!|", "oleastasil")
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)
# Two common words are one too few; a sentence of three says something only its owner thought of.
FEWEST_WORDS = 3
SHORTEST_OWN = 4


class WeakPassword(AccountError):
    """This password would be guessed; the text says why."""

    def __init__(self, text: object) -> None:
        super().__init__(text, "password")


def check_choice(password: str, own: Iterable[str] = ()) -> None:
    """Make sure that `password` may be chosen.

    own: the name and e-mail address of the person and the name of the organisation, as far as known.
    Raises WeakPassword with what is wrong. Source: NIST SP 800-63B, 3.1.1.2.
    """
    if len(password) < MIN_LENGTH:
        raise WeakPassword(_l("A password has at least %(min)d characters.", min=MIN_LENGTH))
    if len(password) > MAX_LENGTH:
        raise WeakPassword(_l("A password has at most %(max)d characters.", max=MAX_LENGTH))
    plain = fold(password)
    if is_common(plain):
        raise WeakPassword(_l("This password is easy to guess: many people use one like it. Take a short sentence."))
    if any(part in plain for part in own_parts(own)):
        raise WeakPassword(_l("Leave your name, your e-mail address and your organisation's name out of the password."))


def fold(text: str) -> str:
    """Return `text` as guessers read it: small letters and digits, without accents, blanks and most signs."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^\w@$!|]+|_", "", bare.casefold())


def own_parts(own: Iterable[str]) -> set[str]:
    """Return the words of names and addresses that a password may not lean on, folded."""
    words = {fold(word) for text in own for word in (text, *re.split(r"[^\w]+|_", text))}
    return {word for word in words if len(word) >= SHORTEST_OWN}


def is_common(plain: str) -> bool:
    """Tell whether a folded password is a common one, with or without digits around it and letters disguised."""
    core = re.sub(r"^[\d@$!|]+|[\d@$!|]+$", "", plain)
    if len(core) < SHORTEST_OWN or len(set(plain)) < SHORTEST_OWN or _is_repeated(plain) or _is_repeated(core):
        return True
    return any(_words_needed(each) < FEWEST_WORDS for each in {plain, core, core.translate(DISGUISES)})


def _is_repeated(plain: str) -> bool:
    # A text that stands in itself, shifted, is a repetition: abcabcabc.
    return len(plain) > 1 and plain in (plain + plain)[1:-1]


def _in_run(core: str) -> bool:
    return any(core in run or core in run[::-1] for run in RUNS)


def _words_needed(core: str) -> int:
    """Return how many common words `core` falls into, runs on the keyboard included; FEWEST_WORDS when it does not."""
    words, longest = common_words()
    best = [0] + [FEWEST_WORDS] * len(core)
    for end in range(1, len(core) + 1):
        for start in range(max(0, end - longest), end):
            piece = core[start:end]
            known = piece in words or piece.isdigit() or (len(piece) >= SHORTEST_OWN and _in_run(piece))
            if known:
                best[end] = min(best[end], best[start] + (0 if piece.isdigit() else 1))
    return best[-1]


@cache
def common_words() -> tuple[frozenset[str], int]:
    """Return what common passwords are made of, folded, and the length of the longest."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    words = frozenset(fold(line) for line in lines if line and not line.startswith("#"))
    return words, max(map(len, words))
