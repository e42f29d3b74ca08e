"""How far each item is, in words. The judging happens upstairs (audits); app.py connects the two."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, cast
from uuid import UUID

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from plans.handbook import Section

EXTENSION = "waarborg.status"


class Status(StrEnum):
    """The state of an item, a section or a plan, best first."""

    LEFT_OUT = "left_out"
    COMPLETE = "complete"
    DUE_SOON = "due_soon"
    ATTENTION = "attention"
    TO_DO = "to_do"


STATUS_LABELS = {
    Status.LEFT_OUT: _l("Not applicable"),
    Status.COMPLETE: _l("In order"),
    Status.DUE_SOON: _l("Lapses soon"),
    Status.ATTENTION: _l("Needs attention"),
    Status.TO_DO: _l("To do"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What an open finding says about an item, in the reader's language.

    kind, record_id: the table and the id of the record it is about, "" and None where it is about none.
    """

    status: Status
    text: str
    until: date | None
    kind: str = ""
    record_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ItemState:
    """The state of one item or duty and the remarks behind it, worst first.

    unfilled: it is not in order only because something of it is not there yet; nothing of it is wrong or lapsed.
    """

    status: Status
    remarks: tuple[Remark, ...] = ()
    unfilled: bool = False


# Of what was added a moment ago nothing is known to be in order.
NOT_JUDGED = ItemState(Status.TO_DO, unfilled=True)
_DONE = frozenset({Status.COMPLETE, Status.LEFT_OUT, Status.DUE_SOON})
_WORST = {status: rank for rank, status in enumerate(Status)}.__getitem__


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items of a section are in order (or rightly left out), and the worst state among them.

    unfilled: how many of the others only wait to be filled in.
    """

    section: Section
    done: int
    total: int
    status: Status
    unfilled: int = 0


class StatusSource(Protocol):
    """Whoever knows the states of the open scope's organisation."""

    def item_states(self) -> Mapping[str, ItemState]:
        """Return the state of each of the 75 items and of the organisation's own, by its id."""

    def states_of(self, item_ids: Sequence[str]) -> Mapping[str, ItemState]:
        """Return the state of these of the 75 items; what is said of others is not opened."""

    def duty_states(self) -> Mapping[tuple[UUID, str], ItemState]:
        """Return the state of each duty by registration and duty id."""

    def plan_said(self) -> str:
        """Return the fingerprint of what the organisation's plan says now, "" where it must be made anew."""


def connect(app: Flask, source: StatusSource) -> None:
    """Let `source` tell the states. Called once, at assembly."""
    app.extensions[EXTENSION] = source


def source() -> StatusSource:
    """Return whoever tells the states."""
    return cast(StatusSource, current_app.extensions[EXTENSION])


def progress(states: Mapping[str, ItemState]) -> tuple[Progress, ...]:
    """Return the progress of each section, in the handbook's order, own items included. states: by item id."""
    of: dict[str, list[Status]] = {section.value: [] for section in Section}
    unfilled: Counter[str] = Counter()
    for item_id, state in states.items():
        section = item_id.partition(".")[0]
        of[section].append(state.status)
        unfilled[section] += state.unfilled
    return tuple(
        Progress(section, sum(map(_DONE.__contains__, own)), len(own), max(own, key=_WORST), unfilled[section])
        for section, own in zip(Section, of.values(), strict=True)
    )
