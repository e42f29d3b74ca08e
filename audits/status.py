"""The states of items and duties, told from the ledger to the floors below."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from audits import queries
from audits.findings import FoundGap
from audits.judging import Severity
from audits.queries import RegisteredService
from continuity import scheme
from core import clock
from core.i18n import reader_zone
from plans import handbook
from plans.status import ItemState, Remark, Status

STATUS_OF = {Severity.FAULT: Status.TO_DO, Severity.WARNING: Status.ATTENTION, Severity.NOTICE: Status.DUE_SOON}
# Before the first judgement nothing is known to be in order.
NEVER_JUDGED = ItemState(Status.TO_DO)


class AuditStatus:
    """Tells the states of the open scope's organisation as the newest judgement saw them: three queries each."""

    def item_states(self) -> Mapping[str, ItemState]:
        """Return the state of each of the 75 items by its id."""
        if queries.judged() is None:
            return {item.id: NEVER_JUDGED for item in handbook.items()}
        waived = queries.waived_items(clock.today(reader_zone()))
        return item_states(queries.open_findings(), waived)

    def duty_states(self) -> Mapping[tuple[UUID, str], ItemState]:
        """Return the state of each duty by registration and duty id."""
        services = queries.registered_services()
        if queries.judged() is None:
            return {(one.id, duty.id): NEVER_JUDGED for one in services for duty in scheme.of_type(one.scheme_type)}
        return duty_states(queries.open_findings(), services)


def item_states(gaps: Iterable[FoundGap], waived: Mapping[str, date]) -> dict[str, ItemState]:
    """Return the state of each item. gaps: worst first; waived: items left out as a whole, with the last day."""
    of_code: dict[str, list[FoundGap]] = defaultdict(list)
    for gap in gaps:
        of_code[gap.code].append(gap)
    return {
        item.id: _state(of_code[item.id], Status.LEFT_OUT if item.id in waived else Status.COMPLETE)
        for item in handbook.items()
    }


def duty_states(gaps: Iterable[FoundGap], services: Iterable[RegisteredService]) -> dict[tuple[UUID, str], ItemState]:
    """Return the state of each duty of each registered service. gaps: worst first."""
    of_duty: dict[tuple[UUID, str], list[FoundGap]] = defaultdict(list)
    for gap in gaps:
        if gap.registration_id is not None:
            of_duty[gap.registration_id, gap.code].append(gap)
    return {
        (one.id, duty.id): _state(of_duty[one.id, duty.id], Status.COMPLETE)
        for one in services
        for duty in scheme.of_type(one.scheme_type)
    }


def _state(gaps: list[FoundGap], otherwise: Status) -> ItemState:
    """Return the worst state among `gaps` (worst first), or `otherwise` without any."""
    remarks = tuple(Remark(STATUS_OF[gap.severity], gap.text, gap.until) for gap in gaps)
    return ItemState(remarks[0].status if remarks else otherwise, remarks)
