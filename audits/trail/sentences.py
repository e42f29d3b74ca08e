"""Entries of the trail in plain words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from audits.trail.called import page_name, report_name
from audits.trail.queries import Entry
from audits.trail.words import EVENT_TEXTS, HIDDEN, column_label, kind_label, role_label
from core.i18n import day_text, moment_text
from plans.fields import ITEM_FIELDS
from plans.handbook import by_id
from plans.own_items.ids import row_of
from tenants.trail.writing import LOOKED

DAY, INSTANT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:.*")
CREATED, CHANGED, DELETED, ARCHIVED = "created", "changed", "deleted", "archived_at"
UNTOLD = "•••"
# How many columns the sentence itself names.
NAMED = 3
DIGEST = re.compile(r"[0-9a-f]{64}")
# Of these the name is that of a report, which people know by its title.
REPORTS = frozenset({"report", "report_schedule", "made_report"})


@dataclass(frozen=True, slots=True)
class Detail:
    """One column of a change: what it was and what it became, in full, empty when there was nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words. text: the sentence; thing: what kind of thing it is about, and its name."""

    text: str
    role: str
    thing: str
    details: tuple[Detail, ...]


def told(entry: Entry) -> Told:
    """Return `entry` in the language of the reader."""
    thing = _thing(entry)
    if entry.erased_by is not None:
        text = _("Personal data was erased here; line %(number)s tells of it", number=entry.erased_by)
        return Told(text, role_label(entry.role), kind_label(entry.subject), ())
    return Told(_sentence(entry, thing), role_label(entry.role), thing, tuple(_details(entry)))


def _thing(entry: Entry) -> str:
    kind, name = kind_label(entry.subject), _name(entry)
    return str(_("%(kind)s “%(name)s”", kind=kind, name=name)) if name else kind


def _name(entry: Entry) -> str:
    if entry.action == LOOKED:
        return page_name(entry.label)
    if entry.subject in REPORTS:
        name = entry.label or entry.changes.get("name")
        return report_name(name) if isinstance(name, str) and name else ""
    name = entry.label or str(entry.changes.get("file_name", ""))
    found = by_id().get(name)
    if found is None and row_of(name.partition(".")[2]):
        return str(_("Own question"))
    return found.title if found is not None else name


def _sentence(entry: Entry, thing: str) -> str:
    who = entry.actor or _("Somebody")
    event = EVENT_TEXTS.get(entry.action)
    if event is not None:
        return str(event) % {"who": who, "name": _name(entry)}
    if entry.action == CREATED:
        return str(_("%(who)s added: %(thing)s", who=who, thing=thing))
    if entry.action == DELETED:
        return str(_("%(who)s removed: %(thing)s", who=who, thing=thing))
    if entry.action != CHANGED:
        return str(_("%(who)s: %(action)s", who=who, action=entry.action))
    put_away = entry.changes.get(ARCHIVED)
    if isinstance(put_away, list) and put_away[-1] is not None:
        return str(_("%(who)s archived: %(thing)s", who=who, thing=thing))
    if isinstance(put_away, list):
        return str(_("%(who)s took back from the archive: %(thing)s", who=who, thing=thing))
    columns = list(dict.fromkeys(column_label(name) for name in entry.changes))
    if len(columns) > NAMED:
        return str(_("%(who)s changed several details of: %(thing)s", who=who, thing=thing))
    return str(_("%(who)s changed: %(thing)s (%(columns)s)", who=who, thing=thing, columns=", ".join(columns)))


def _details(entry: Entry) -> list[Detail]:
    # The exact address stays to be read: several pages bear one name.
    found = [Detail(_("Address"), "", entry.label)] if entry.action == LOOKED else []
    for name, value in entry.changes.items():
        if name == "values":
            found += _answers(entry, value)
            continue
        changed = entry.action == CHANGED or name in {"role", "email"}
        old, new = value if changed and isinstance(value, list) and len(value) == 2 else (None, value)
        found.append(Detail(column_label(name), _shown(name, old, entry), _shown(name, new, entry)))
    return found


def _answers(entry: Entry, value: Any) -> list[Detail]:
    """Return the fields of an answer that changed, by what they are called on its page."""
    old, new = value if isinstance(value, list) and len(value) == 2 else ({}, value)
    old, new = (one if isinstance(one, Mapping) else {} for one in (old, new))
    labels = {field.name: str(field.label) for field in ITEM_FIELDS.get(entry.label, ())}
    return [
        Detail(labels.get(name, column_label(name)), _text(old.get(name), entry), _text(new.get(name), entry))
        for name in [*new, *(name for name in old if name not in new)]
        if old.get(name) != new.get(name)
    ]


def _shown(name: str, value: Any, entry: Entry) -> str:
    if name in HIDDEN:
        return UNTOLD if value else ""
    if name == "role" and isinstance(value, str):
        return role_label(value)
    if name == "name" and entry.subject in REPORTS and isinstance(value, str):
        return report_name(value)
    if value is not None and not isinstance(value, bool) and str(value) in entry.names:
        return entry.names[str(value)]
    return _text(value, entry)


def _text(value: Any, entry: Entry) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(_text(one, entry) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_text(one, entry)}" for name, one in value.items())
    text = str(value)
    if text in entry.names:
        return entry.names[text]
    if DAY.fullmatch(text):
        return day_text(date.fromisoformat(text))
    if INSTANT.fullmatch(text):
        return moment_text(datetime.fromisoformat(text))
    return text
