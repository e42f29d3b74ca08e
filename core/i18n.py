"""Languages, dates and amounts as people read them. Flask-Babel stays behind this module."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from flask import Flask, g, request
from flask_babel import Babel, force_locale, get_locale, ngettext
from flask_babel import gettext as _

from core import clock

LANGUAGE_COOKIE = "language"


class Language(StrEnum):
    """The languages every text exists in. Dutch comes first."""

    DUTCH = "nl"
    ENGLISH = "en"


babel = Babel()


def N_(text: str) -> str:  # noqa: N802 -- the name under which gettext tools look for texts that are kept as data
    """Mark `text` for translation and return it untouched: it is translated where it is shown."""
    return text


def init_i18n(app: Flask) -> None:
    """Choose a language for each request and give templates the filters for dates and amounts."""
    app.config.update(BABEL_DEFAULT_LOCALE=Language.DUTCH.value, BABEL_TRANSLATION_DIRECTORIES="translations")
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.filters.update(
        day=day_text, day_left=day_left_text, moment=moment_text, euro=euro_text, number=number_text
    )
    app.jinja_env.globals.update(language=language, languages=tuple(Language))


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
    locale = get_locale()
    return Language.ENGLISH if locale is not None and locale.language == "en" else Language.DUTCH


@contextmanager
def written_in(chosen: Language) -> Iterator[None]:
    """Write texts in `chosen` inside this block: commands, jobs and files have no browser that tells a language."""
    with force_locale(chosen.value):
        yield


def reader_zone() -> str:
    """Return the IANA zone of the organisation whose page this is."""
    return str(g.get("zone") or clock.DEFAULT_ZONE) if g else clock.DEFAULT_ZONE


def day_text(day: date | None) -> str:
    """Write a day in full: 31 januari 2027."""
    return "" if day is None else format_date(day, "d MMMM y", locale=language().value)


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
    if at is None:
        return ""
    return format_datetime(at, "d MMMM y HH:mm", tzinfo=ZoneInfo(reader_zone()), locale=language().value)


def euro_text(amount: Decimal | None) -> str:
    """Write an amount in euro: € 1.250,00."""
    return "" if amount is None else format_currency(amount, "EUR", locale=language().value)


def number_text(value: Decimal | float | int | None) -> str:
    """Write a number with the reader's separators."""
    return "" if value is None else format_decimal(value, locale=language().value)
