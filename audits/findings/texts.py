"""What a finding says: message and params to one sentence in the reader's language, dates written in full."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_date
from flask import has_app_context

from audits.judging.judgement import Param
from continuity import scheme
from core.i18n import N_, Language, day_text_in, euro_text, language, told, told_in
from plans import handbook
from plans.own_items.ids import RULE as OWN_RULE

# How params are kept as JSON: days and amounts carry the name of their type, {"day": "2027-01-31"}.
DAY, AMOUNT = "day", "amount"
# There are a few hundred in each language; messages that were kept by another release come to them.
SENTENCES = 2_000


def to_json(params: Mapping[str, Param]) -> dict[str, Any]:
    """Return `params` as JSON can hold them."""
    return {name: value if type(value) is str else _plain(value) for name, value in params.items()} if params else {}


def _plain(value: Param) -> Any:
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, Decimal):
        return {AMOUNT: str(value)}
    return str(value) if isinstance(value, str) else value


def finding_text(message: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a finding.

    message: a msgid with %(name)s places; params: as to_json gives them. Days are written in full, amounts in euro,
    texts (names people chose) as they are.
    """
    return finding_text_in(language(), message, params)


def finding_text_in(chosen: Language, message: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a finding in `chosen`, which is the reader's language."""
    text = _sentence(chosen, message)
    return text % {name: _told(chosen, value) for name, value in params.items()} if params else text


@lru_cache(SENTENCES)
def _sentence(chosen: Language, message: str) -> str:
    return told_in(chosen, message)


def _told(chosen: Language, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    match value:
        case {"day": day}:
            return day_text_in(chosen, date.fromisoformat(day))
        case {"amount": amount}:
            return euro_text(Decimal(amount))
        case _:
            return value


def rule_title(code: str) -> str:
    """Return the title of the handbook item or duty that the rule `code` judges, in the reader's language.

    All own items are judged by one rule. Raises KeyError when neither has such an id.
    """
    return rule_title_in(language(), code)


def rule_title_in(chosen: Language, code: str) -> str:
    """Return the title of what the rule `code` judges in `chosen`. Raises KeyError as rule_title does."""
    if code == OWN_RULE:
        return told_in(chosen, N_("Own question"))
    found = handbook.by_id().get(code) or scheme.by_id()[code]
    return found.title_in(chosen)


def is_duty(code: str) -> bool:
    """Tell whether `code` is a duty of the scheme, not an item of the handbook."""
    return code in scheme.by_id()


@cache
def places() -> Mapping[str, int]:
    """Return the place of each code in the catalogue: the handbook's order, own items, then the scheme's."""
    return {code: at for at, code in enumerate([*handbook.by_id(), OWN_RULE, *scheme.by_id()])}


# The first word of the code of every duty.
SCHEME = "scheme"
# And of the one that judges all own items.
OWN = "own"


def section_titles() -> dict[str, str]:
    """Return the first word of every code with what it is called, in the catalogue's order."""
    return dict(_section_titles(language())) if has_app_context() else _section_titles.__wrapped__(language())


@cache
def _section_titles(_read: Language) -> dict[str, str]:
    titles = {section.value: str(title) for section, title in handbook.SECTION_TITLES.items()}
    return titles | {OWN: told(N_("Own questions")), SCHEME: told(N_("Continuity scheme"))}


def month_text(day: date) -> str:
    """Write the month of a day: januari 2027."""
    return str(format_date(day, "LLLL y", locale=language().value))
