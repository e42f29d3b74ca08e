"""Who is covered today, as programs read it."""

from typing import Any

from audits.api.paging import Part, part_of
from continuity import loading
from continuity.cover import Cover, covers
from continuity.covering.leg import Leg
from core import clock
from tenants.tokens.door import caller

COVER = "cover"


def list_cover(part: Part) -> dict[str, Any]:
    """Answer the cover of every client of every registration, by registration and client."""
    tenant_id, today = caller().tenant_id, clock.today(caller().zone)
    facts = loading.load([tenant_id])[tenant_id].registrations
    lines = [_told(one, service.service_name) for service in facts for one in covers(service, today)]
    lines.sort(key=_key)
    after = part.after(COVER)
    found = [line for line in lines if not after or _key(line) > after]
    return part_of(COVER, found[: part.limit + 1], part, _key)


def _key(line: dict[str, Any]) -> tuple[str, ...]:
    return str(line["registration_id"]), str(line["client_id"])


def _told(cover: Cover, service: str) -> dict[str, Any]:
    return {
        "registration_id": cover.registration_id,
        "service": service,
        "client_id": cover.client_id,
        "client": cover.client,
        "state": cover.state,
        "covered": cover.covered,
        "until": cover.until,
        "legs": [_leg(leg) for leg in cover.legs],
    }


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "leg": leg.kind,
        "state": leg.state,
        "text": leg.says.text,
        "until": leg.until,
        "next_step": leg.step.text if leg.step else None,
    }
