"""What the page of rules tells of each rule beside its sentence: how bad a finding it may give, which interval counts.

Every rule gives a fault. Tests hold both lists against what the rules do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from audits.judging.judgement import NOTICE_DAYS
from audits.judging.severity import Severity
from audits.rules.runbook import ANSWER_DAYS
from audits.rules.scheme_requests import AHEAD_DAYS, LAST_DAYS
from plans.handbook import Section, of_section
from plans.intervals import Interval

_TESTS = (
    "testing.weekend-call",
    "testing.supplier-expectations",
    "testing.costs",
    "testing.fallback-work",
    "testing.ethical-hack",
    "testing.phishing",
    "testing.walk-in",
    "testing.usb-drop",
)
# Parts of the inventory that are looked at as a whole; licences are confirmed one by one.
LOOKED = tuple(item.id for item in of_section(Section.INVENTORY) if item.id != "inventory.licences")
_OFFSITE = ("backup.offsite-data", "backup.offsite-licences", "backup.offsite-installers")
_HANDOVERS = ("scheme.documentation", "scheme.logins", "scheme.other-information")
# Rules that may also give a warning: it asks for attention.
WARNING = frozenset(
    {
        *_OFFSITE,
        "backup.offsite-plan",
        "backup.safe-keeping",
        *LOOKED,
        "inventory.licences",
        "processes.department-heads",
        "processes.priorities",
        "runbook.informing",
        "runbook.tasks-known",
        "runbook.activation",
        "runbook.fallback-location",
        "runbook.reachability",
        "runbook.recovery",
        "testing.sla",
        "testing.restore",
        "testing.restore-new-systems",
        *_TESTS,
        "payments.four-eyes",
        "upkeep.review",
        "upkeep.contacts",
        "upkeep.responsible",
        "scheme.framework-agreement",
        "scheme.partner-chosen",
        "scheme.supply-agreement",
        *_HANDOVERS,
        "scheme.period",
        "scheme.funding",
    }
)
# Rules that may also give a notice: something lapses soon.
NOTICE = frozenset(
    {
        "self-check.secured",
        "self-check.extra-protection",
        *_OFFSITE,
        "backup.air-gapped",
        "backup.out-of-hours",
        *LOOKED,
        "inventory.licences",
        "runbook.tasks-known",
        "runbook.external-parties",
        "runbook.external-phones",
        "runbook.recovery",
        "staff.policy",
        "testing.sla",
        "testing.restore",
        "testing.restore-new-systems",
        *_TESTS,
        "payments.unchecked-limit",
        "upkeep.review",
        "upkeep.contacts",
        "upkeep.licences",
        "own.item",
        "scheme.framework-agreement",
        "scheme.partner-chosen",
        "scheme.partner-informed",
        "scheme.supply-agreement",
        "scheme.beneficiary-deed",
        *_HANDOVERS,
        "scheme.communication",
        "scheme.period",
    }
)
INTERVALS: Mapping[str, tuple[Interval, ...]] = MappingProxyType(
    {
        "self-check.secured": (Interval.REVIEW,),
        **dict.fromkeys((*_OFFSITE, "backup.air-gapped", "backup.out-of-hours"), (Interval.OFFSITE,)),
        "runbook.tasks-known": (Interval.TASK,),
        "staff.policy": (Interval.STAFF_RECEIPT,),
        "testing.restore": (Interval.RESTORE,),
        **dict.fromkeys(_TESTS, (Interval.TEST,)),
        "payments.unchecked-limit": (Interval.PAYMENT_APPROVAL,),
        "upkeep.review": (Interval.REVIEW, Interval.APPROVAL),
        "upkeep.contacts": (Interval.CONTACT, Interval.ADVISER),
        "upkeep.licences": (Interval.LICENCE,),
        "scheme.communication": (Interval.CONTACT,),
        **dict.fromkeys(LOOKED, (Interval.INVENTORY,)),
        **dict.fromkeys(("scheme.partner-chosen", "scheme.partner-informed"), (Interval.COUNTERPARTY,)),
        "scheme.period": (Interval.REQUEST,),
    }
)


def severities(code: str) -> tuple[Severity, ...]:
    """Return how bad a finding of this rule may be, worst first."""
    also = ((Severity.WARNING, WARNING), (Severity.NOTICE, NOTICE))
    return (Severity.FAULT, *(severity for severity, codes in also if code in codes))


@dataclass(frozen=True, slots=True)
class Fixed:
    """A measure in days that nobody sets."""

    label: Any
    days: int


FIXED = (
    Fixed(_l("Notice before something lapses; for what counts shorter than three months its last third"), NOTICE_DAYS),
    Fixed(_l("Time to acknowledge a task that changed"), ANSWER_DAYS),
    Fixed(_l("Notice before a client's fee is due, or before a client must have done something"), AHEAD_DAYS),
    Fixed(_l("Before the end of the continuity: a client that has not moved yet asks for attention"), LAST_DAYS),
)
