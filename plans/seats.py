"""The seats of items that are answered by people."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that a contact fills. deputy: whether the item is complete only with a deputy; hint: under the label."""

    name: str
    label: Any
    deputy: bool = False
    required: bool = True
    hint: Any = ""


HOLDER = "holder"
# Asked beside what the handbook asks: 23 of NIS2, and 4.3.3 of the annex of 2024/2690.
AUTHORITIES, WARNINGS = "authorities", "warnings"
CUSTOMERS = "customers"
_ONE = (Seat(HOLDER, _l("Who")),)
_WITH_DEPUTY = (Seat(HOLDER, _l("Who"), deputy=True),)
TEAM_ITEM = "runbook.team"
ITEM_SEATS: Mapping[str, tuple[Seat, ...]] = MappingProxyType(
    {
        "processes.personal-data": _ONE,
        TEAM_ITEM: (
            Seat("it-administrator", _l("IT administrator")),
            Seat("gdpr-officer", _l("GDPR officer")),
            Seat("department-head", _l("Department head")),
            Seat("management", _l("Member of the daily board")),
        ),
        "runbook.first-contact": _WITH_DEPUTY,
        "runbook.external-voice": _ONE,
        "runbook.informing": (
            Seat("staff", _l("Informs staff")),
            Seat(CUSTOMERS, _l("Informs customers")),
            Seat("media", _l("Informs the media")),
            Seat(
                AUTHORITIES,
                _l("Reports to the authorities"),
                hint=_l(
                    "Data of people leaked? Report it to the data protection authority within 72 hours. Does the "
                    "Cyberbeveiligingswet hold for you? Then report an incident within 24 hours, tell more within 72 "
                    "hours, and how it ended within a month."
                ),
            ),
        ),
        "runbook.activation": _WITH_DEPUTY,
        "runbook.internal-officers": (
            *(Seat(f"officer-{n}", _l("Officer %(number)s", number=n), required=n == 1) for n in range(1, 7)),
        ),
        "upkeep.responsible": (
            Seat(HOLDER, _l("Keeps the plan up to date")),
            Seat(
                WARNINGS,
                _l("Reads warnings of authorities and suppliers"),
                hint=_l(
                    "Mails of the National Cyber Security Centre (NCSC) and of your suppliers, also while it is going "
                    "on. This person reads them and says who must do what."
                ),
            ),
        ),
    }
)
