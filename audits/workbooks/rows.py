"""Rows that workbooks alone read, in the open scope."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from audits.lapsing.registers import Dated
from audits.models import Finding
from audits.reach import within
from core import db
from plans.backup.summaries import copy_lines
from plans.fields import ITEM_FIELDS
from plans.handbook import Section
from plans.items.queries import StoredAnswer, parties, people
from plans.items.shown import shown_fields
from plans.items.summaries import summaries
from plans.models import Asset


def since() -> dict[tuple[str, str], date]:
    """Return from when each open finding is known, by its code and what it is about."""
    query = sa.select(Finding.rule_code, Finding.subject_key, Finding.since)
    stored = db.session().execute(query.where(Finding.closed_at.is_(None), within(Finding.rule_code)))
    return {(code, key): since for code, key, since in stored}


def dated(whose: str) -> tuple[Dated, ...]:
    """Return what the organisation called `whose` has in its inventory until a day, by kind and name."""
    query = sa.select(Asset.kind, Asset.name, Asset.expires_on, Asset.id).where(
        Asset.archived_at.is_(None), Asset.expires_on.is_not(None), Asset.perpetual.is_(False)
    )
    found = sorted(db.session().execute(query), key=lambda row: (row.kind, row.name.casefold(), row.id))
    return tuple(Dated(row.kind, row.name, whose, row.expires_on) for row in found)


def in_use(*models: Any) -> tuple[Any, ...]:
    """Return the rows of these registers that are not archived, register by register, by name."""
    found: list[Any] = []
    for model in models:
        query: sa.Select[Any] = sa.select(model).where(model.archived_at.is_(None))
        found += sorted(db.session().scalars(query), key=lambda row: (row.name.casefold(), row.id))
    return tuple(found)


def told(given: Mapping[str, StoredAnswer], today: date) -> dict[str, str]:
    """Return the answer to each item in words: fields in full, registers and lists as one line."""
    lines_of: dict[str, str] = {}
    for section in Section:
        lines_of |= summaries(section, today)
    known, firms = people(), parties()
    by_copies = copy_lines()
    lines_of |= {item_id: "\n".join(lines) for item_id, lines in by_copies.items()}
    for item_id, row in given.items():
        if item_id in ITEM_FIELDS and item_id not in by_copies:
            lines = [line for line in shown_fields(item_id, row, known, firms) if line.text]
            lines_of[item_id] = "\n".join(f"{line.label}: {line.text}" for line in lines)
    return lines_of
