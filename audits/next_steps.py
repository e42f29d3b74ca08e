"""What to do first: how much work each item is, what is needed on the night of a fire, and the cheapest steps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from audits.findings.finding import BareGap, FoundGap
from audits.findings.texts import is_duty, places
from audits.first_night import TONIGHT
from plans import handbook
from plans.handbook import ItemKind
from plans.own_items.ids import RULE as OWN_RULE
from plans.status import ItemState, Status

# Minutes that somebody who has the facts at hand needs, by how an item is answered.
MINUTES_OF_KIND: Mapping[ItemKind, int] = MappingProxyType(
    {
        ItemKind.AMOUNT: 2,
        ItemKind.ROLE: 3,
        ItemKind.INSTRUCTION: 3,
        ItemKind.QUESTION: 5,
        ItemKind.MEASURE: 5,
        ItemKind.ROLES: 10,
        ItemKind.ACKNOWLEDGEMENT: 10,
        ItemKind.DOCUMENT: 10,
        ItemKind.PROTOCOL: 15,
        ItemKind.MATRIX: 20,
        ItemKind.DERIVED: 20,
        ItemKind.REGISTER: 30,
        ItemKind.REVIEW: 45,
        ItemKind.STEPS: 60,
        ItemKind.TEST: 120,
    }
)
# Where the kind says too little: work away from the desk, or a day's visit by somebody else.
MINUTES_OF_CODE: Mapping[str, int] = MappingProxyType(
    {
        "backup.offsite-data": 30,
        "backup.air-gapped": 60,
        "backup.safe-keeping": 30,
        "runbook.fallback-location": 60,
        "runbook.replacement-hardware": 30,
        "staff.policy": 60,
        "testing.weekend-call": 10,
        "testing.supplier-expectations": 15,
        "testing.costs": 15,
        "testing.ethical-hack": 960,
        "testing.phishing": 240,
        "upkeep.business-change": 30,
        OWN_RULE: 5,
        "scheme.type": 10,
        "scheme.framework-agreement": 480,
        "scheme.partner-chosen": 240,
        "scheme.partner-informed": 60,
        "scheme.supply-agreement": 480,
        "scheme.beneficiary-deed": 60,
        "scheme.acceptances": 240,
        "scheme.documentation": 120,
        "scheme.logins": 60,
        "scheme.other-information": 60,
        "scheme.communication": 15,
        "scheme.period": 5,
        "scheme.funding": 30,
    }
)
READY = frozenset({Status.COMPLETE, Status.LEFT_OUT, Status.DUE_SOON})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: the worst gap of an item or duty, and about how many minutes it takes."""

    gap: FoundGap
    minutes: int

    @property
    def hours(self) -> int:
        """Return the whole hours, rounded."""
        return round(self.minutes / 60)


def minutes(code: str) -> int:
    """Return about how many minutes the item or duty `code` takes. Raises KeyError when there is no such code."""
    if code in MINUTES_OF_CODE or is_duty(code):
        return MINUTES_OF_CODE[code]
    return MINUTES_OF_KIND[handbook.item(code).kind]


def cheapest(gaps: Iterable[BareGap], count: int = 3) -> list[str]:
    """Return the `count` items and duties that bring most for least: faults first, then by minutes.

    Notices come last: what they are about is still in order.
    """
    worst: dict[str, int] = {}
    for gap in gaps:
        worst[gap.code] = max(gap.severity.rank, worst.get(gap.code, 0))
    place = places()
    known = [code for code in worst if code in place and code != "upkeep.tailored"]
    return sorted(known, key=lambda code: (-worst[code], minutes(code), place[code]))[:count]


def steps(codes: Iterable[str], gaps: Iterable[FoundGap]) -> list[Step]:
    """Return a step for each of `codes`, in their order. gaps: about these, worst first."""
    first: dict[str, FoundGap] = {}
    for gap in gaps:
        first.setdefault(gap.code, gap)
    return [Step(first[code], minutes(code)) for code in codes]


def missing_tonight(states: Mapping[str, ItemState]) -> list[str]:
    """Return the items that a fire tonight would find missing, in the order they would be needed.

    What only asks for attention, such as an old copy beside a sound one, is there all the same.
    """
    return [code for code in TONIGHT if states[code].status is Status.TO_DO]
