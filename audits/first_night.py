"""What a night of fire needs, in the order it is needed; Home asks it, and a reseller's list of clients."""

from collections.abc import Mapping
from functools import cache

from audits.findings.texts import places

# Whom to call and on which number, where to sit, what to put back and how, where its copies and their keys are.
TONIGHT = (
    "runbook.first-contact",
    "runbook.team",
    "runbook.external-parties",
    "runbook.external-phones",
    "runbook.activation",
    "runbook.fallback-location",
    "runbook.recovery",
    "backup.out-of-hours",
    "backup.offsite-plan",
    "backup.offsite-data",
    "backup.encrypted",
    "testing.restore",
)
NEEDED = frozenset(TONIGHT)


@cache
def places_by_need() -> Mapping[str, int]:
    """Return the place of each code where the first night comes first, then as the catalogue has them."""
    return {code: at for at, code in enumerate([*TONIGHT, *(code for code in places() if code not in NEEDED)])}
