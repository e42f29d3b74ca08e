"""What is kept about people, why and how long, as the page tells it. Spans come from whoever keeps to them.

Source: GDPR articles 13 and 14.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.i18n import LANGUAGE_COOKIE
from core.mail import delivery
from core.serving.assets import THEME_COOKIE
from plans.guide.walking import PLACE_COOKIE
from tenants.leaving.retention import TRAIL_YEARS
from tenants.sessions import TRACES_KEPT
from tenants.sign_in import limits


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept about a person who has an account. how_long: a sentence, or words after "for"."""

    what: Any
    why: Any
    how_long: Any


@dataclass(frozen=True, slots=True)
class Cookie:
    """Something a browser keeps for this service."""

    name: str
    why: Any


def of_accounts() -> Sequence[Kept]:
    """Return what is kept about whoever has an account, in the language of the request."""
    until_erased = _l("until you erase your account")
    years = ngettext("at least %(num)s year", "at least %(num)s years", TRAIL_YEARS)
    return (
        Kept(_l("Your name, e-mail address and language"), _l("To let you in and to write to you."), until_erased),
        Kept(
            _l("Your password, of which nobody can read what it is, and your second step"),
            _l("So that nobody but you comes in."),
            _l("until you change them or erase your account"),
        ),
        Kept(
            _l("With which browser and from which network address you signed in"),
            _l("So that you see when somebody else is in your account."),
            _l("%(span)s after you were last seen there", span=_days(TRACES_KEPT)),
        ),
        Kept(
            _l("That somebody tried to sign in with your address or from your network"),
            _l("So that nobody can go on guessing passwords."),
            _l("%(span)s, and gone within an hour after", span=_minutes(limits.WINDOW)),
        ),
        Kept(
            _l("Mail to you, and whether it arrived"),
            _l("To send it again when it did not arrive."),
            _l("%(span)s after it was sent", span=_days(delivery.KEPT)),
        ),
        Kept(
            _l("What you did in an organisation or with your account, and when"),
            _l("An organisation must be able to prove who changed, approved and released what."),
            _l("%(years)s; when you erase your account your name goes and the act stays", years=years),
        ),
    )


def _days(span: timedelta) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", span.days))


def _minutes(span: timedelta) -> str:
    return str(ngettext("%(num)s minute", "%(num)s minutes", int(span.total_seconds()) // 60))


def cookies(session_cookie: str) -> Sequence[Cookie]:
    """Return every cookie this service sets. session_cookie: what the one is called that tells who somebody is."""
    return (
        Cookie(session_cookie, _l("that it is you, until you sign out")),
        Cookie(LANGUAGE_COOKIE, _l("which language you chose")),
        Cookie(THEME_COOKIE, _l("whether you chose light or dark")),
        Cookie(PLACE_COOKIE, _l("where you were in your plan")),
    )
