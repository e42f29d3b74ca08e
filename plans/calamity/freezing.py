"""Make the copy of the plan by which a calamity runs. Queries: a fixed number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from core import db
from plans.audiences.queries import Informed, audiences
from plans.calamity.frozen import (
    Frozen,
    FrozenCall,
    FrozenPerson,
    FrozenReporters,
    FrozenStep,
    FrozenSystem,
    FrozenText,
)
from plans.fields import ITEM_FIELDS
from plans.handbook import item
from plans.items.queries import Seated, answers, parties, people, seated
from plans.items.shown import shown_fields
from plans.models import Contact, ExternalParty, PartyKind, StarterLine, System
from plans.runbook.day_plan import Planned, day_plan
from plans.runbook.queries import steps
from plans.seats import AUTHORITIES, CUSTOMERS, HOLDER, ITEM_SEATS, TEAM_ITEM

FIRST, DECIDES, VOICE = "runbook.first-contact", "runbook.activation", "runbook.external-voice"
INFORMING, OFFICERS = "runbook.informing", "runbook.internal-officers"
# In the order in which people are called.
CALLED = (FIRST, DECIDES, TEAM_ITEM, VOICE, INFORMING, OFFICERS)
PLACES = ("runbook.fallback-location", "runbook.reachability", "runbook.replacement-hardware")


def freeze() -> Frozen:
    """Return what the plan of the open scope's organisation says now, in the language of whoever asks.

    Source: handbook, runbook.
    """
    planned = day_plan([step for step in steps() if not step.archived])
    seats, told = seated(CALLED), audiences()
    calls = _calls(seats, planned, told)
    firms = _firms()
    known = _people({UUID(key) for call in calls for key in (call.who, *call.deputies)})
    sheet = [FrozenCall(call.who, call.about, tuple(one for one in call.deputies if one in known)) for call in calls]
    kinds = {firm.key: " · ".join(filter(None, (_party_label(kind), ref))) for firm, kind, ref in firms}
    return Frozen(
        steps=tuple(_step(one, known) for one in planned),
        systems=_systems(planned),
        people=(*known.values(), *(firm for firm, _kind, _ref in firms)),
        calls=(*(one for one in sheet if one.who in known), *(FrozenCall(key, (kind,)) for key, kind in kinds.items())),
        tasks=tuple(
            FrozenText(str(seat.label), row.task, _key(row.contact_id))
            for seat in ITEM_SEATS[TEAM_ITEM]
            if (row := seats.get((TEAM_ITEM, seat.name))) and (row.task or row.contact_id)
        ),
        places=_places(),
        audiences=tuple(FrozenText(one.name, one.how, _key(one.contact_id)) for one in told),
        reporters=FrozenReporters(
            _seat_of(seats, AUTHORITIES, known),
            _seat_of(seats, CUSTOMERS, known),
            tuple(firm.key for firm, kind, _ref in firms if kind is PartyKind.INSURER),
            _insurer_hours(),
            min((one.report_within_hours for one in told if one.report_within_hours), default=None),
        ),
    )


def _seat_of(seats: Mapping[tuple[str, str], Seated], seat: str, known: Mapping[str, FrozenPerson]) -> str:
    """Return who fills a seat of those who inform, else the deputy, "" where neither is in use."""
    row = seats.get((INFORMING, seat))
    keys = (_key(row.contact_id), _key(row.deputy_id)) if row else ()
    return next((key for key in keys if key in known), "")


def _insurer_hours() -> int | None:
    """Return within how many hours the first of the insurers must be told, None where the plan tells of none."""
    row = ExternalParty
    query = sa.select(sa.func.min(row.report_within_hours)).where(
        row.kind == PartyKind.INSURER, row.archived_at.is_(None)
    )
    return db.session().scalar(query)


def _key(row_id: UUID | None) -> str:
    return row_id.hex if row_id else ""


def _step(one: Planned, known: dict[str, FrozenPerson]) -> FrozenStep:
    step, who = one.step, _key(one.step.contact_id)
    return FrozenStep(
        number=one.number,
        text=step.text,
        system=_key(step.system_id),
        who=who if who in known else "",
        minutes=step.minutes,
        begins=one.begins,
        ends=one.ends,
        before=one.before,
    )


@dataclass(slots=True)
class _Sheet:
    """The call sheet in the making: everybody once, with all they are called for."""

    about: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    deputies: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    waiting: list[tuple[UUID, str]] = field(default_factory=list)

    def add(self, label: str, contact_id: UUID | None, deputy_id: UUID | None = None) -> None:
        """Note why somebody is called, and who is when they do not answer."""
        if contact_id is not None:
            self.about[contact_id].append(label)
        if deputy_id is not None and deputy_id != contact_id:
            self.waiting.append((deputy_id, label))
            if contact_id is not None:
                self.deputies[contact_id].append(deputy_id)

    def lines(self) -> list[FrozenCall]:
        """Return the lines: first who holds a seat, then who only stands in for somebody."""
        for deputy_id, label in self.waiting:
            self.about[deputy_id].append(_("Deputy: %(task)s", task=label))
        return [
            FrozenCall(
                who.hex,
                tuple(dict.fromkeys(labels)),
                tuple(one.hex for one in dict.fromkeys(self.deputies.get(who, ()))),
            )
            for who, labels in self.about.items()
        ]


def _calls(
    seats: Mapping[tuple[str, str], Seated], planned: Iterable[Planned], told: Iterable[Informed]
) -> list[FrozenCall]:
    sheet = _Sheet()
    for item_id in CALLED:
        for seat in ITEM_SEATS[item_id]:
            row = seats.get((item_id, seat.name))
            if row is not None:
                sheet.add(_seat_label(item_id, seat.name), row.contact_id, row.deputy_id)
    for one in told:
        sheet.add(_("Informs: %(name)s", name=one.name), one.contact_id, one.deputy_id)
    for step in planned:
        sheet.add(_("Step %(number)s", number=step.number), step.step.contact_id)
    return sheet.lines()


def _seat_label(item_id: str, seat: str) -> str:
    titles = {
        FIRST: _("First contact"),
        DECIDES: _("Decides to activate the plan"),
        VOICE: _("Speaks to the outside"),
        OFFICERS: _("Internal officer"),
    }
    named = next(one for one in ITEM_SEATS[item_id] if one.name == seat)
    return titles[item_id] if item_id in titles and (seat == HOLDER or item_id == OFFICERS) else str(named.label)


def _people(wanted: set[UUID]) -> dict[str, FrozenPerson]:
    """Return those who are in use, by key, in the order of their names."""
    row = Contact
    query = sa.select(row.id, row.name, row.phone, row.phone_2, row.email).where(
        row.id.in_(wanted), row.archived_at.is_(None)
    )
    found = sorted(db.session().execute(query), key=lambda one: (one.name.casefold(), one.id))
    return {
        one.id.hex: FrozenPerson(
            one.id.hex, one.name, tuple(phone for phone in (one.phone, one.phone_2) if phone), one.email
        )
        for one in found
    }


def _party_label(kind: PartyKind) -> str:
    labels = {
        PartyKind.IT_ADMINISTRATOR: _("IT administrator"),
        PartyKind.INSURER: _("Insurer"),
        PartyKind.FACILITY: _("Facility company"),
        PartyKind.LAWYER: _("Lawyer"),
        PartyKind.SUPPLIER: _("Supplier"),
        PartyKind.OTHER: _("Other"),
    }
    return str(labels[kind])


def _firms() -> list[tuple[FrozenPerson, PartyKind, str]]:
    """Return the external parties, what they are and our reference there, those that every plan names first.

    Without those of an example that nobody took over and nobody can call: they are a reminder to fill in, no firm.
    """
    row = ExternalParty
    examples = set(db.session().scalars(sa.select(StarterLine.row_id).where(StarterLine.settled_on.is_(None))))
    query = sa.select(row.id, row.kind, row.name, row.contact_name, row.phone, row.email, row.reference).where(
        row.archived_at.is_(None)
    )
    places = list(PartyKind)
    known = (one for one in db.session().execute(query) if one.phone or one.id not in examples)
    found = sorted(known, key=lambda one: (places.index(one.kind), one.name.casefold(), one.id))
    return [
        (
            FrozenPerson(
                one.id.hex,
                " · ".join(part for part in (one.name, one.contact_name) if part),
                (one.phone,) if one.phone else (),
                one.email,
            ),
            one.kind,
            one.reference,
        )
        for one in found
    ]


def _systems(planned: Iterable[Planned]) -> tuple[FrozenSystem, ...]:
    """Return the systems that have a step or a promise, first promised first."""
    stepped = {one.step.system_id for one in planned}
    query = sa.select(System.id, System.name, System.rto_hours, System.recovery_priority).where(
        System.archived_at.is_(None)
    )
    found = [one for one in db.session().execute(query) if one.rto_hours is not None or one.id in stepped]
    found.sort(
        key=lambda one: (
            one.rto_hours is None, one.rto_hours or 0, one.recovery_priority or len(found) + 1, one.name.casefold()
        )
    )  # fmt: skip
    return tuple(FrozenSystem(one.id.hex, one.name, one.rto_hours) for one in found)


def _places() -> tuple[FrozenText, ...]:
    stored, persons, firms = answers(PLACES), people(), parties()
    found = []
    for item_id in PLACES:
        if item_id in stored and item_id in ITEM_FIELDS:
            lines = [line for line in shown_fields(item_id, stored[item_id], persons, firms) if line.text]
            found.append(FrozenText(item(item_id).title, "\n".join(f"{line.label}: {line.text}" for line in lines)))
    return tuple(found)
