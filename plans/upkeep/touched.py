"""Which items of the plan a change in the business touches, by what happened. Who left touches where they stand, too.

Source: handbook, last paragraph: whoever changes the business changes the plan.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.models import Happening

CHANGE_LABELS: Mapping[Happening, Any] = MappingProxyType(
    {
        Happening.MOVED: _l("We moved, or opened or closed a place"),
        Happening.MERGED: _l("We merged, or a part was added or sold"),
        Happening.NEW_SYSTEM: _l("A system came, or was replaced"),
        Happening.PERSON_LEFT: _l("A person left"),
        Happening.NEW_SUPPLIER: _l("A supplier came, or was replaced"),
        Happening.OTHER: _l("Something else"),
    }
)
TOUCHED: Mapping[Happening, tuple[str, ...]] = MappingProxyType(
    {
        Happening.MOVED: (
            "backup.offsite-data",
            "backup.out-of-hours",
            "inventory.telephone-lines",
            "inventory.internet",
            "runbook.external-parties",
            "runbook.external-phones",
            "runbook.fallback-location",
            "runbook.reachability",
            "runbook.replacement-hardware",
            "testing.fallback-work",
        ),
        Happening.MERGED: (
            "self-check.attractive-data",
            "processes.department-heads",
            "processes.personal-data",
            "processes.systems-used",
            "processes.data-needed",
            "processes.priorities",
            "runbook.team",
            "runbook.informing",
            "runbook.activation",
            "runbook.internal-officers",
            "runbook.external-parties",
            "staff.policy",
            "testing.sla",
            "payments.unchecked-limit",
            "payments.four-eyes",
            "upkeep.contacts",
            "upkeep.responsible",
        ),
        Happening.NEW_SYSTEM: (
            "self-check.attractive-data",
            "backup.offsite-data",
            "backup.offsite-installers",
            "inventory.licences",
            "inventory.cloud-services",
            "processes.systems-used",
            "processes.data-needed",
            "processes.priorities",
            "runbook.recovery",
            "testing.restore",
        ),
        Happening.PERSON_LEFT: ("inventory.mobile-phones", "upkeep.contacts"),
        Happening.NEW_SUPPLIER: (
            "inventory.cloud-services",
            "runbook.external-parties",
            "runbook.external-phones",
            "runbook.replacement-hardware",
            "testing.sla",
            "testing.supplier-expectations",
            "payments.address-book",
        ),
        Happening.OTHER: (),
    }
)
