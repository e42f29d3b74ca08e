"""What the home page tells: where the organisation stands, in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audits.findings import queries
from audits.findings.queries import Judged, Lapsing, RegisteredService
from audits.first_night import TONIGHT
from audits.judging.severity import Severity
from audits.next_steps import READY, Step, cheapest, missing_tonight, steps
from audits.reach import reaches
from audits.status import NEVER_JUDGED, duty_states, item_states, never_judged
from continuity import scheme
from continuity.clients.claims import OwnCover, own_covers
from core.clock import add_months
from plans.status import ItemState, Progress, Status, progress
from tenants.models import TenantKind
from tenants.owned import Area

SOON_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How far one registered service is."""

    service: RegisteredService
    status: Status
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the home page.

    wrong: open findings that say that something was there and is wrong, lapsed or about to lapse; unfilled: items that
    only wait to be filled in; tonight: the items that a fire tonight would find missing.
    """

    judged: Judged | None
    status: Status
    wrong: Mapping[Severity, int]
    unfilled: int
    done: int
    total: int
    tonight: list[str]
    tonight_total: int
    sections: tuple[Progress, ...]
    soon: list[Lapsing]
    steps: list[Step]
    services: list[ServiceState]
    shows_plan: bool
    shows_scheme: bool
    shows_registrants: bool
    covers: tuple[OwnCover, ...]


def look(today: date, kind: TenantKind) -> Home:
    """Gather the home page of the open scope's organisation."""
    # First, because it empties the session.
    covers = own_covers(today)
    judged, services = queries.judged(), queries.registered_services()
    gaps, own = queries.bare_findings() if judged else [], queries.own_item_ids()
    if judged:
        items = item_states(gaps, queries.waived_items(today), own) if reaches(Area.PLAN) else {}
        duties = duty_states(gaps, services)
    else:
        items = never_judged(own) if reaches(Area.PLAN) else {}
        duties = {(one.id, duty.id): NEVER_JUDGED for one in services for duty in scheme.of_type(one.scheme_type)}
    first = cheapest(gaps)
    return Home(
        judged=judged,
        status=_worst([state.status for state in (*items.values(), *duties.values())]),
        wrong=Counter(gap.severity for gap in gaps if not gap.unfilled),
        unfilled=sum(state.unfilled for state in items.values()),
        done=sum(state.status in READY for state in items.values()),
        total=len(items),
        tonight=missing_tonight(items) if items else [],
        tonight_total=len(TONIGHT),
        sections=progress(items) if items else (),
        soon=queries.lapsing_first(SOON_SHOWN, up_to=add_months(today, 12), since=today),
        steps=steps(first, queries.open_findings_about(first)) if first else [],
        services=[_service_state(one, duties) for one in services],
        shows_plan=bool(items),
        shows_scheme=bool(services) or (kind is TenantKind.IT_SUPPLIER and reaches(Area.CONTINUITY)),
        shows_registrants=kind is TenantKind.FOUNDATION,
        covers=covers,
    )


def _service_state(service: RegisteredService, duties: Mapping[tuple[UUID, str], ItemState]) -> ServiceState:
    own = [state.status for (registration_id, _duty), state in duties.items() if registration_id == service.id]
    return ServiceState(service, _worst(own), sum(status in READY for status in own), len(own))


def _worst(found: Sequence[Status]) -> Status:
    return max(found, key=list(Status).index, default=Status.COMPLETE)
