"""What pages and reports are called in the trail, which keeps the first by their address and the second by their id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.made.naming import title_of
from plans import handbook
from plans.registers.columns import BY_SLUG

# By the first word of the address below that of the organisation: what an auditor can open.
PLACES: Mapping[str, Any] = MappingProxyType(
    {
        "": _l("Home"),
        "calamity": _l("Calamity"),
        "continuity": _l("Continuity scheme"),
        "coverage": _l("Coverage of standards"),
        "expiries": _l("What lapses"),
        "findings": _l("Findings"),
        "papers": _l("On paper and offline"),
        "plan": _l("Plan"),
        "registers": _l("Registers"),
        "reports": _l("Reports"),
        "room": _l("Engagement of an auditor"),
        "rules": _l("Rules"),
        "trends": _l("Trends"),
    }
)
# Of one registered service, by the word that follows its id.
OF_SERVICE: Mapping[str, Any] = MappingProxyType(
    {
        "agreements": _l("Agreements"),
        "clients": _l("Clients and acceptances"),
        "cover": _l("Covered today?"),
        "deeds": _l("Beneficiary deed"),
        "handovers": _l("What the foundation holds"),
        "lapses": _l("What lapses"),
        "money": _l("Money"),
        "openings": _l("Openings of what you sealed"),
    }
)
REGISTER = "register."


def page_name(path: str) -> str:
    """Return what the page at `path`, below the organisation's address, is called; the path of one without a name.

    Pages of one thing are called after what they stand under: the address tells them apart.
    """
    place, *rest = path.strip("/").split("/")
    if place not in PLACES:
        return path
    under = _under(place, rest)
    return f"{PLACES[place]}: {under}" if under else str(PLACES[place])


def _under(place: str, rest: list[str]) -> str:
    if place == "plan" and rest:
        item = handbook.by_id().get(".".join(rest[:2]))
        section = {one.value: title for one, title in handbook.SECTION_TITLES.items()}.get(rest[0], "")
        return item.title if item is not None else str(section)
    if place == "registers" and rest:
        return str(BY_SLUG[rest[0]].title) if rest[0] in BY_SLUG else ""
    if place == "continuity" and len(rest) > 1:
        return str(OF_SERVICE.get(rest[1], ""))
    return ""


def report_name(name: str) -> str:
    """Return what the report `name` is called; a register that was downloaded is called as the register."""
    register = BY_SLUG.get(name.removeprefix(REGISTER))
    return str(register.title) if register is not None and name.startswith(REGISTER) else title_of(name)
