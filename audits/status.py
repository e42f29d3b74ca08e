"""The states of items and duties, told from the ledger to the floors below."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from audits.findings import queries
from audits.findings.finding import BareGap, FoundGap
from audits.findings.queries import RegisteredService
from audits.findings.texts import finding_text_in
from audits.judging.severity import Severity
from audits.sweeping import states, waiting
from continuity import scheme
from core import clock
from core.i18n import Language, language, reader_zone
from plans import handbook
from plans.own_items.ids import RULE as OWN_RULE
from plans.status import ItemState, Remark, Status
from tenants.scope import current_scope

STATUS_OF = {Severity.FAULT: Status.TO_DO, Severity.WARNING: Status.ATTENTION, Severity.NOTICE: Status.DUE_SOON}
# Something has to be done about it.
OPEN = frozenset({Status.TO_DO, Status.ATTENTION})
PERIOD = "scheme.period"
# Before the first judgement nothing is known to be in order.
NEVER_JUDGED = ItemState(Status.TO_DO, unfilled=True)
_WORST = {status: rank for rank, status in enumerate(Status)}.__getitem__
_WITHOUT_REMARKS = {status: ItemState(status) for status in Status}
_UNFILLED = {status: ItemState(status, unfilled=True) for status in Status}


AnyGap = FoundGap | BareGap


class AuditStatus:
    """Tells the states of the open scope's organisation as the newest judgement saw them: three queries each."""

    def item_states(self) -> Mapping[str, ItemState]:
        """Return the state of each of the 75 items and of the organisation's own, by its id."""
        if queries.judged() is None:
            return never_judged(queries.own_item_ids())
        waived = queries.waived_items(clock.today(reader_zone()))
        return item_states(queries.open_findings(), waived, queries.own_item_ids())

    def states_of(self, item_ids: Sequence[str]) -> Mapping[str, ItemState]:
        """Return the state of these of the 75 items."""
        if not queries.was_judged():
            return dict.fromkeys(item_ids, NEVER_JUDGED)
        waived = queries.waived_items(clock.today(reader_zone()))
        return _states(item_ids, _by_item(queries.open_findings_about(item_ids), {}), waived)

    def duty_states(self) -> Mapping[tuple[UUID, str], ItemState]:
        """Return the state of each duty by registration and duty id."""
        services = queries.registered_services()
        if queries.judged() is None:
            return {(one.id, duty.id): NEVER_JUDGED for one in services for duty in scheme.of_type(one.scheme_type)}
        return duty_states(queries.open_findings(), services)

    def plan_said(self) -> str:
        """Return the fingerprint with which the plan was judged, "" where any of it changed since; two queries."""
        tenant_id = current_scope().only_tenant
        # The mark first: a change and its judgement may come in between, and leave no mark but the new fingerprint.
        mark = waiting.marks_here([tenant_id]).get(tenant_id)
        said = states.plan_said()
        return said if mark is None or states.SAYING.isdisjoint(mark.tables.split()) else ""


def worst_of(gaps: Iterable[AnyGap]) -> Status:
    """Return the worst state that these gaps together give; in order without any."""
    return max((_status(gap) for gap in gaps), key=_WORST, default=Status.COMPLETE)


def never_judged(own: Mapping[UUID, str]) -> dict[str, ItemState]:
    """Return the state of each item before the first judgement. own: as in item_states()."""
    return dict.fromkeys((*handbook.by_id(), *own.values()), NEVER_JUDGED)


def item_states(gaps: Iterable[AnyGap], waived: Mapping[str, date], own: Mapping[UUID, str]) -> dict[str, ItemState]:
    """Return the state of each item.

    gaps: worst first, bare ones for a state without the remarks behind it; waived: items left out as a whole, with the
    last day; own: ids of the own items, by row.
    """
    return _states((*handbook.by_id(), *own.values()), _by_item(gaps, own), waived)


def item_of(gap: AnyGap, own: Mapping[UUID, str]) -> str:
    """Return the item a gap is about; one rule judges all own items. own: as in item_states()."""
    return own.get(gap.subject_id, "") if gap.code == OWN_RULE and gap.subject_id else gap.code


def _by_item(gaps: Iterable[AnyGap], own: Mapping[UUID, str]) -> Mapping[str, list[AnyGap]]:
    found: dict[str, list[AnyGap]] = {}
    for gap in gaps:
        found.setdefault(item_of(gap, own), []).append(gap)
    return found


def _states(
    item_ids: Iterable[str], gaps: Mapping[str, list[AnyGap]], waived: Mapping[str, date]
) -> dict[str, ItemState]:
    read = language()
    # Of most items nothing is found, and all of those are told by one of two states.
    states = dict.fromkeys(item_ids, _WITHOUT_REMARKS[Status.COMPLETE])
    for item_id in waived.keys() & states.keys():
        states[item_id] = _WITHOUT_REMARKS[Status.LEFT_OUT]
    for item_id in gaps.keys() & states.keys():
        states[item_id] = _state(read, gaps[item_id], states[item_id].status)
    return states


def duty_states(gaps: Iterable[AnyGap], services: Collection[RegisteredService]) -> dict[tuple[UUID, str], ItemState]:
    """Return the state of each duty of each registered service. gaps: as in item_states()."""
    of_duty: dict[tuple[UUID, str], list[AnyGap]] = defaultdict(list)
    for gap in gaps if services else ():
        if gap.registration_id is not None:
            of_duty[gap.registration_id, gap.code].append(gap)
    read = language()
    return {
        (one.id, duty.id): _state(read, of_duty[one.id, duty.id], duty_without(duty.id, [one.declared_bankrupt_on]))
        for one in services
        for duty in scheme.of_type(one.scheme_type)
    }


def duty_without(duty_id: str, declared_on: Iterable[date | None]) -> Status:
    """Return the state of a duty of which nothing is found. Without a bankruptcy there is no period to be in order.

    declared_on: when the supplier of each service it is judged for was declared bankrupt; no service: nothing to judge.
    """
    days = list(declared_on)
    judged = any(days) if duty_id == PERIOD else bool(days)
    return Status.COMPLETE if judged else Status.LEFT_OUT


def _state(read: Language, gaps: list[AnyGap], otherwise: Status) -> ItemState:
    """Return the worst state among `gaps` (worst first), or `otherwise` without any. read: the reader's language."""
    worst = max(map(_status, gaps), key=_WORST, default=otherwise)
    remarks = tuple(
        Remark(
            _status(gap), finding_text_in(read, gap.message, gap.params), gap.until, gap.subject_kind, gap.subject_id
        )
        for gap in gaps
        if isinstance(gap, FoundGap)
    )
    unfilled = worst in OPEN and all(gap.unfilled for gap in gaps if gap.severity is not Severity.NOTICE)
    if remarks:
        return ItemState(worst, remarks, unfilled)
    return _UNFILLED[worst] if unfilled else _WITHOUT_REMARKS[worst]


def _status(gap: AnyGap) -> Status:
    """Return what a gap makes of its item. A notice about something without an end says nothing that lapses."""
    endless = gap.severity is Severity.NOTICE and gap.until is None
    return Status.COMPLETE if endless else STATUS_OF[gap.severity]
