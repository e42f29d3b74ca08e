"""What the page of the staff instruction shows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core.i18n import Language
from plans import intervals
from plans.fields import YES
from plans.handbook import Item, Section, of_section
from plans.intervals import Counting, Interval
from plans.items.queries import StoredAnswer
from plans.models import Contact, InstructionReceipt, InstructionVersion, IntervalSetting
from tenants.prepared import Prepared

POLICY = "staff.policy"


@dataclass(frozen=True, slots=True)
class Line:
    """One do or don't, whether it is part of the instruction, and how this organisation puts it."""

    item: Item
    included: bool
    own_text: str
    own_translation: str = ""

    def told(self, *, translated: bool, chosen: Language) -> str:
        """Return the line in `chosen`: in own words where there are any. translated: `chosen` is the other language."""
        own = self.own_translation or self.own_text if translated else self.own_text
        return own or self.item.title_in(chosen)


@dataclass(frozen=True, slots=True)
class Instruction:
    """A published instruction."""

    id: UUID
    number: int
    published_on: date
    published_by: str
    texts: Mapping[Language, str]
    parts: tuple[str, ...]
    language: Language
    digest: str

    def text_in(self, chosen: Language) -> str:
        """Return what it says in `chosen`, or in the language it was written in where there is no other."""
        return self.texts.get(chosen) or self.texts[self.language]


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff and the day they last acknowledged a version. by_link: they did so by themselves."""

    id: UUID
    name: str
    department: str
    email: str
    language: Language | None
    acknowledged_on: date | None
    by_link: bool

    def counts(self, oldest: date) -> bool:
        """Tell whether they acknowledged it, on `oldest` or later: what is older has lapsed."""
        return self.acknowledged_on is not None and self.acknowledged_on >= oldest


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of a department acknowledged a version. department: "" for who is in none."""

    department: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Published:
    """A published instruction in a list. read: by how many it was acknowledged; digest: "" where none was made."""

    id: UUID
    number: int
    published_on: date
    published_by: str
    digest: str
    read: int


def lines(stored: Mapping[str, StoredAnswer]) -> list[Line]:
    """Return the nine do's and don'ts in the handbook's order."""
    found = []
    for item in of_section(Section.STAFF):
        if item.id != POLICY:
            values = stored[item.id].values if item.id in stored else {}
            own, other = str(values.get("own_text") or ""), str(values.get("own_translation") or "")
            found.append(Line(item, values.get("included") == YES, own, other))
    return found


def other_language(chosen: Language) -> Language:
    """Return the other one of the two languages."""
    return Language.DUTCH if chosen is Language.ENGLISH else Language.ENGLISH


def instruction_text(policy: str, chosen: list[Line], language: Language, *, translated: bool = False) -> str:
    """Return the instruction as staff read it: the policy, then each chosen line."""
    told = [f"- {line.told(translated=translated, chosen=language)}" for line in chosen]
    return "\n".join([policy, "", *told]).strip()


_STORED = sa.select(
    InstructionVersion.id, InstructionVersion.number, InstructionVersion.published_on, InstructionVersion.published_by,
    InstructionVersion.text, InstructionVersion.parts, InstructionVersion.language, InstructionVersion.translation,
    InstructionVersion.digest,
)  # fmt: skip
_NEWEST = Prepared(_STORED.order_by(InstructionVersion.number.desc()).limit(1))
_BY_ID = Prepared(_STORED.where(InstructionVersion.id == sa.bindparam("version_id", type_=sa.Uuid())))


def newest() -> Instruction | None:
    """Return the newest published instruction."""
    return _instruction(_NEWEST.rows())


def published(version_id: UUID) -> Instruction | None:
    """Return a published instruction."""
    return _instruction(_BY_ID.rows(version_id=version_id))


def _instruction(rows: Sequence[Any]) -> Instruction | None:
    if not rows:
        return None
    (found,) = rows
    texts = {found.language: found.text}
    if found.translation:
        texts[other_language(found.language)] = found.translation
    return Instruction(
        found.id,
        found.number,
        found.published_on,
        found.published_by,
        MappingProxyType(texts),
        tuple(found.parts),
        found.language,
        found.digest,
    )


def _counting_readers() -> sa.Select[*tuple[Any, ...]]:
    row, receipt = InstructionVersion, InstructionReceipt
    read = (
        sa.select(sa.func.count(receipt.id))
        .join(Contact, (Contact.tenant_id == receipt.tenant_id) & (Contact.id == receipt.contact_id))
        .where(
            receipt.tenant_id == row.tenant_id,
            receipt.instruction_version_id == row.id,
            Contact.is_staff,
            Contact.archived_at.is_(None),
        )
        .scalar_subquery()
    )
    query = sa.select(row.id, row.number, row.published_on, row.published_by, row.digest, read)
    return query.order_by(row.number.desc())


_VERSIONS = Prepared(_counting_readers())


def versions() -> list[Published]:
    """Return every published instruction, newest first, with how many members of staff in service acknowledged it."""
    return [Published(*line) for line in _VERSIONS.rows()]


_READERS = Prepared(
    sa.select(
        Contact.id,
        Contact.name,
        Contact.department,
        Contact.email,
        Contact.language,
        InstructionReceipt.acknowledged_on,
        sa.func.coalesce(InstructionReceipt.by_link, sa.false()),
    )
    .outerjoin(
        InstructionReceipt,
        (InstructionReceipt.tenant_id == Contact.tenant_id)
        & (InstructionReceipt.contact_id == Contact.id)
        & (InstructionReceipt.instruction_version_id == sa.bindparam("version_id", type_=sa.Uuid())),
    )
    .where(Contact.is_staff, Contact.archived_at.is_(None))
)
_TIGHTENED = Prepared(sa.select(IntervalSetting.name, IntervalSetting.days))


def readers(version_id: UUID) -> list[Reader]:
    """Return all staff in service: who still has to acknowledge first, then by name."""
    found = (Reader(*line) for line in _READERS.rows(version_id=version_id))
    return sorted(found, key=lambda one: (one.acknowledged_on is not None, one.name.casefold(), one.id))


def counting(today: date) -> Counting:
    """Return which receipts count on `today`: those within the interval, to be renewed in its last month or third."""
    return intervals.counting(dict(_TIGHTENED.rows()), Interval.STAFF_RECEIPT, today)


def reach(staff: Iterable[Reader], oldest: date) -> list[Reach]:
    """Return how far each department is, by name; people without a department last. oldest: the first that counts."""
    named: dict[str, str] = {}
    done, total = Counter[str](), Counter[str]()
    for one in staff:
        key = " ".join(one.department.split()).casefold()
        named.setdefault(key, one.department.strip())
        total[key] += 1
        done[key] += one.counts(oldest)
    return [Reach(named[key], done[key], total[key]) for key in sorted(total, key=lambda key: (not key, key))]
