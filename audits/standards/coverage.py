"""Which clauses of a standard are answered by what the organisation keeps, and how that stands: both ways.

Pure over the states of items and duties; a clause is only as well answered as the worst of what answers it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audits.findings import queries
from audits.findings.finding import FoundGap
from audits.findings.queries import RegisteredService
from audits.findings.texts import rule_title
from audits.reach import reaches
from audits.rules.clauses import Clause, Standard, by_code, of_standard
from audits.status import duty_states, item_states, never_judged
from continuity import scheme
from plans.own_items.ids import RULE as OWN_RULE
from plans.status import Status
from tenants.owned import Area

# Best first, as Status tells them.
_WORST = list(Status).index
States = Mapping[str, Status | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """An item, the own items together, or a duty that answers a clause.

    status: None for a duty of a scheme that no service is registered for, and for own items where none is asked.
    """

    code: str
    status: Status | None

    @property
    def title(self) -> str:
        """Return its title in the language of the reader."""
        return rule_title(self.code)


@dataclass(frozen=True, slots=True)
class Covered:
    """A clause and what answers it, in the catalogue's order. status: of the worst, None where nothing tells."""

    clause: Clause
    answers: tuple[Answer, ...]
    status: Status | None


@dataclass(frozen=True, slots=True)
class Answering:
    """An item or duty and the clauses it answers to, of one standard or of all."""

    code: str
    status: Status | None
    clauses: tuple[Clause, ...]

    @property
    def title(self) -> str:
        """Return its title in the language of the reader."""
        return rule_title(self.code)


def coverage(standard: Standard, states: States) -> list[Covered]:
    """Return each clause of a standard with what answers it and how that stands.

    states: by code; a code that is not in it is not the reader's to see, and left out.
    """
    found = []
    for clause in of_standard(standard):
        answers = tuple(Answer(code, states[code]) for code in clause.codes if code in states)
        told = [one.status for one in answers if one.status is not None]
        found.append(Covered(clause, answers, max(told, key=_WORST, default=None)))
    return found


def answering(states: States, standard: Standard | None = None) -> list[Answering]:
    """Return each item and duty of `states` with the clauses it answers to; without any of `standard` it is left out.

    standard: None for the clauses of all.
    """
    found = (
        Answering(code, states[code], tuple(one for one in clauses if standard in (None, one.standard)))
        for code, clauses in by_code().items()
        if code in states
    )
    return [one for one in found if one.clauses]


def code_states(
    gaps: Iterable[FoundGap],
    waived: Mapping[str, date],
    own: Mapping[UUID, str],
    services: Collection[RegisteredService],
    *,
    plan: bool = True,
    continuity: bool = True,
) -> dict[str, Status | None]:
    """Return the state of each item, of the own items together, and of each duty: the worst of all services.

    gaps, waived, own, services: as audits/status.py takes them; plan, continuity: whether the reader may see them.
    """
    found = list(gaps)
    items = item_states(found, waived, own) if plan else {}
    return _together(
        {code: state.status for code, state in items.items()},
        [(duty, state.status) for (_, duty), state in duty_states(found, services).items()],
        own,
        continuity=continuity,
    )


def states_here(today: date) -> dict[str, Status | None]:
    """Return the same of the open scope's organisation, as far as the scope reads, as the ledger has it."""
    own, services = queries.own_item_ids(), queries.registered_services()
    plan, continuity = reaches(Area.PLAN), reaches(Area.CONTINUITY)
    if queries.judged() is None:
        items = dict.fromkeys(never_judged(own), Status.TO_DO) if plan else {}
        duties = [(duty.id, Status.TO_DO) for one in services for duty in scheme.of_type(one.scheme_type)]
        return _together(items, duties, own, continuity=continuity)
    gaps = queries.open_findings()
    return code_states(gaps, queries.waived_items(today), own, services, plan=plan, continuity=continuity)


def _together(
    items: Mapping[str, Status], duties: Iterable[tuple[str, Status]], own: Mapping[UUID, str], *, continuity: bool
) -> dict[str, Status | None]:
    of_own = set(own.values())
    found: dict[str, Status | None] = {code: status for code, status in items.items() if code not in of_own}
    if items:
        found[OWN_RULE] = max((items[code] for code in of_own), key=_WORST, default=None)
    if continuity:
        of_duty: dict[str, list[Status]] = {duty.id: [] for duty in scheme.duties()}
        for code, status in duties:
            of_duty[code].append(status)
        found |= {code: max(told, key=_WORST, default=None) for code, told in of_duty.items()}
    return found
