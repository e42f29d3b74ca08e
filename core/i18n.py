"""Languages, dates and amounts as people read them. Flask-Babel stays behind this module."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Babel, Domain, LazyString, force_locale, get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import escape

from core import clock

LANGUAGE_COOKIE = "language"
TRANSLATIONS = Path(__file__).parents[1] / "translations"
# A page of a register names hundreds of days, and over the years there are no more than these.
DAYS_KEPT = 20_000
HOURS_A_DAY = 24
SIZES = (("MB", 1_000_000), ("kB", 1_000))
# Prices and limits come back on every page; what anybody bought does not.
AMOUNTS_KEPT = 1_000


class Language(StrEnum):
    """The languages every text exists in. Dutch comes first."""

    DUTCH = "nl"
    ENGLISH = "en"

    # What is kept by language is looked up hundreds of times a page; an enumeration would ask Python for it.
    __hash__ = str.__hash__


class _Texts(Domain):  # type: ignore[misc]
    """The texts of the service, without looking up at each of them where they are kept."""

    def gettext(self, string: str, **variables: Any) -> str:
        """Return a text in the reader's language, its places filled in."""
        text = texts_in(language()).ugettext(string)
        return str(text % variables if variables else text)

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Return a text with a number in it."""
        text = texts_in(language()).ungettext(singular, plural, num)
        return str(text % {"num": num, **variables})


# Flask-Babel calls every late text markup as it stands, and with it the names of others that fill it.
LazyString.__html__ = lambda text: escape(str(text))


class _Babel(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> Domain:
        """Return the texts of the service."""
        return _Texts(domain=self.domain)


babel = _Babel(configure_jinja=False)


def N_(text: str) -> str:  # noqa: N802 -- the name under which gettext tools look for texts that are kept as data
    """Mark `text` for translation and return it untouched: it is translated where it is shown."""
    return text


def init_i18n(app: Flask) -> None:
    """Choose a language for each request and give templates the filters for dates and amounts."""
    app.config.update(BABEL_DEFAULT_LOCALE=Language.DUTCH.value, BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS))
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.filters.update(
        day=day_text,
        day_left=day_left_text,
        moment=moment_text,
        euro=euro_text,
        number=number_text,
        size=size_text,
        hours=hours_text,
    )
    app.jinja_env.globals.update(language=language, languages=tuple(Language), this_moment=clock.now)


def choose_language() -> str:
    """Return the language of this request: the person's, else the cookie's, else the browser's, else Dutch.

    Commands and jobs have no request: they choose by `g.language`, else Dutch.
    """
    chosen = g.get("language") or (request.cookies.get(LANGUAGE_COOKIE) if request else None)
    if chosen in tuple(Language):
        return str(chosen)
    if not request:
        return Language.DUTCH
    return request.accept_languages.best_match(tuple(Language)) or Language.DUTCH


def language() -> Language:
    """Return the language texts are now written in."""
    # Asked some hundred times a page: where Flask-Babel keeps what it has chosen is looked at first.
    kept = getattr(g.get("_flask_babel"), "babel_locale", None) if g else None
    locale = kept or get_locale()
    return Language.ENGLISH if locale is not None and locale.language == "en" else Language.DUTCH


@cache
def texts_in(chosen: Language) -> NullTranslations:
    """Return the texts in `chosen`, by what they are in English."""
    return Translations.load(TRANSLATIONS, [chosen.value])


def told(text: str) -> str:
    """Return `text` in the reader's language, for a page that asks for one in each of its rows."""
    return told_in(language(), text)


def told_in(chosen: Language, text: str) -> str:
    """Return `text` in `chosen`."""
    return str(texts_in(chosen).ugettext(text))


def later_in(chosen: Language, text: LazyString) -> str:
    """Return in `chosen` a text that was marked to be looked up when it is shown, without asking who reads."""
    if text._func is _ and not text._kwargs:
        return told_in(chosen, *text._args)
    return str(text)


@contextmanager
def written_in(chosen: Language) -> Iterator[None]:
    """Write texts in `chosen` inside this block: commands, jobs and files have no browser that tells a language."""
    with force_locale(chosen.value):
        yield


def load(app: Flask) -> None:
    """Load the texts, and how days and amounts are written, in every language: whoever is forked then shares them."""
    for chosen in Language:
        with app.test_request_context(), written_in(chosen):
            texts_in(chosen)
            moment_text(clock.now())
            euro_text(Decimal("1.00"))


def reader_zone() -> str:
    """Return the IANA zone of the organisation whose page this is."""
    return str(g.get("zone") or clock.DEFAULT_ZONE) if g else clock.DEFAULT_ZONE


def day_text(day: date | None) -> str:
    """Write a day in full: 31 januari 2027."""
    return day_text_in(language(), day)


@lru_cache(DAYS_KEPT)
def day_text_in(chosen: Language, day: date | None) -> str:
    """Write a day in full in `chosen`."""
    return "" if day is None else format_date(day, "d MMMM y", locale=chosen.value)


def day_left_text(day: date | None, today: date | None = None) -> str:
    """Write a day with its distance from today: 31 januari 2027 (over 12 dagen)."""
    if day is None:
        return ""
    left = (day - (today or clock.today(reader_zone()))).days
    if left == 0:
        distance = _("today")
    elif left > 0:
        distance = ngettext("in %(num)s day", "in %(num)s days", left)
    else:
        distance = ngettext("%(num)s day ago", "%(num)s days ago", -left)
    return f"{day_text(day)} ({distance})"


def moment_text(at: datetime | None) -> str:
    """Write an instant in the organisation's zone: 22 november 2026 14:02."""
    return "" if at is None else _moment_in(language(), reader_zone(), at.replace(second=0, microsecond=0))


@lru_cache(DAYS_KEPT)
def _moment_in(chosen: Language, zone: str, at: datetime) -> str:
    return format_datetime(at, "d MMMM y HH:mm", tzinfo=ZoneInfo(zone), locale=chosen.value)


def euro_text(amount: Decimal | None) -> str:
    """Write an amount in euro: € 1.250,00."""
    return "" if amount is None else _euro_in(language(), amount)


@lru_cache(AMOUNTS_KEPT)
def _euro_in(chosen: Language, amount: Decimal) -> str:
    return format_currency(amount, "EUR", locale=chosen.value)


def hours_text(hours: int) -> str:
    """Write a number of hours as people say it: 24 hours, but 7 days, not 168 hours."""
    if hours >= 2 * HOURS_A_DAY and hours % HOURS_A_DAY == 0:
        return str(ngettext("%(num)s day", "%(num)s days", hours // HOURS_A_DAY))
    return str(ngettext("%(num)s hour", "%(num)s hours", hours))


def size_text(size: int) -> str:
    """Write the size of a file, in bytes, with the reader's separators: 13,5 kB."""
    for unit, one in SIZES:
        if size >= one:
            return f"{format_decimal(round(size / one, 1), locale=language().value)} {unit}"
    return str(_("%(size)s bytes", size=size))


def number_text(value: Decimal | float | int | None) -> str:
    """Write a number with the reader's separators."""
    return "" if value is None else format_decimal(value, locale=language().value)
