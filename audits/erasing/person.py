"""Whom to forget: what somebody is called and reached by, today and before, and how a text is told without it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.erasing.numbers import ending_of
from core import db
from plans.models import Contact
from tenants.models import TrailEntry

# A shorter name stands in other words too.
FEWEST_LETTERS = 3
SUBJECT = str(Contact.__tablename__)
COLUMNS = ("name", "email", "phone")
# A telephone number, however people write it.
NUMBER = re.compile(r"\+?(?:\(0?)?[0-9](?:[ ().-]{0,2}[0-9])+")


@dataclass(frozen=True)
class Person:
    """Whom to forget. names, emails, phones: today's and those of before; mark: what stands in the place of a name."""

    id: UUID
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    mark: str

    @cached_property
    def words(self) -> re.Pattern[str]:
        """Return what finds names and addresses within a text: whole words, the longest first, or Jan is in Janneke."""
        told = {*self.emails, *(one for one in self.names if len(one) >= FEWEST_LETTERS)}
        some = "|".join(re.escape(one) for one in sorted(told, key=lambda one: (-len(one), one)))
        return re.compile(rf"(?<!\w)(?:{some})(?=s?(?!\w))" if some else r"(?!)", re.IGNORECASE)

    @cached_property
    def endings(self) -> frozenset[str]:
        """Return how the person's numbers end."""
        return frozenset(ending_of(phone) for phone in self.phones) - {""}

    def is_mailed_at(self, address: str) -> bool:
        """Tell whether this is an address of the person."""
        return bool(address) and address.casefold() in {one.casefold() for one in self.emails}

    def is_reached_by(self, text: str) -> bool:
        """Tell whether a text is nothing but a number or an address of this person, however it is written."""
        return self.is_mailed_at(text) or (NUMBER.fullmatch(text.strip()) is not None and self._is_called(text))

    def _is_called(self, number: str) -> bool:
        return ending_of(number) in self.endings

    def without(self, value: Any) -> Any:
        """Return JSON in which no text names the person any more; what reaches them is emptied."""
        return _each(value, self._text)

    def is_told_by(self, value: Any) -> bool:
        """Tell whether some text in JSON names or reaches the person."""
        return bool(self.without(value) != value)

    def _text(self, text: str) -> str:
        if self.is_reached_by(text):
            return ""
        if text in self.names:
            return self.mark
        left = self.words.sub(self.mark, text)
        return NUMBER.sub(lambda found: self.mark if self._is_called(found[0]) else found[0], left)


def person_of(contact: Contact, mark: str) -> Person:
    """Return whom to forget. What was changed since stands in the trail.

    What another contact goes by now is not this person's, or no longer: people write a successor over a predecessor.
    """
    now, former = _told(contact), _former(contact)
    for other in db.session().scalars(sa.select(Contact).where(Contact.id != contact.id)):
        for column, words in _told(other).items():
            former[column] -= words
    names, emails, phones = (tuple(sorted((now[one] | former[one]) - {""})) for one in COLUMNS)
    return Person(contact.id, names, emails, phones, mark)


def _told(contact: Contact) -> dict[str, set[str]]:
    return {"name": {contact.name}, "email": {contact.email}, "phone": {contact.phone, contact.phone_2}}


def _former(contact: Contact) -> dict[str, set[str]]:
    """Return what ever stood in the row, by column."""
    found: dict[str, set[str]] = {one: set() for one in COLUMNS}
    query = sa.select(TrailEntry.changes).where(
        TrailEntry.subject == SUBJECT, TrailEntry.subject_id == contact.id, TrailEntry.erased_by.is_(None)
    )
    for changes in db.session().scalars(query):
        for column, value in changes.items():
            if (name := column.removesuffix("_2")) in found:
                found[name].update(_words(value))
    return found


def _words(value: object) -> Iterator[str]:
    """Yield the texts of a change: one of a new row, two of a changed one."""
    yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Return JSON with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, (list, tuple)):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _each(one, change) for name, one in value.items()}
    return value
