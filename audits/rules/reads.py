"""Which facts each rule reads: while none of them changed and no day came, it finds what it found before.

tests/audits/rules/test_reads.py holds this table against the code of the rules.
"""

from collections.abc import Mapping

from audits.judging.judgement import SCHEME_FACTS
from continuity.scheme import duties
from plans.handbook import Section, of_section

# What every rule of the plan reads: audits/rules/looking.py stands before it.
LOOKS = "looks"
ANSWER = "answers contacts parties"
COPY = f"{ANSWER} copies"
SEAT = "assignments contacts"
TEST = "follow_ups intervals planned results systems"
# Of every item of a section, unless PLAN says otherwise.
SECTIONS: Mapping[Section, str] = {
    Section.INVENTORY: "assets intervals",
    Section.STAFF: "instructions",
    Section.TESTING: TEST,
    Section.PAYMENTS: ANSWER,
}
PLAN: Mapping[str, str] = {
    "inventory.licences": "assets",
    "self-check.secured": f"{ANSWER} intervals",
    "self-check.weakest-point": ANSWER,
    "self-check.attractive-data": "data_sets",
    "self-check.extra-protection": "data_sets waivers",
    "backup.offsite-data": f"{COPY} intervals",
    "backup.offsite-licences": f"{COPY} intervals",
    "backup.offsite-installers": f"{COPY} intervals",
    "backup.offsite-plan": f"{COPY} versions",
    "backup.air-gapped": f"{COPY} intervals",
    "backup.safe-keeping": COPY,
    "backup.out-of-hours": f"{COPY} intervals",
    "backup.encrypted": COPY,
    "processes.department-heads": "contacts departments",
    "processes.personal-data": SEAT,
    "processes.systems-used": "department_systems departments systems",
    "processes.data-needed": "data_sets department_data_sets departments",
    "processes.priorities": "answers copies department_systems departments needs systems",
    "runbook.team": SEAT,
    "runbook.first-contact": SEAT,
    "runbook.external-voice": SEAT,
    "runbook.informing": f"{SEAT} audiences",
    "runbook.tasks-known": f"{SEAT} intervals",
    "runbook.activation": f"{SEAT} signs",
    "runbook.internal-officers": SEAT,
    "runbook.external-parties": "parties waivers",
    "runbook.external-phones": "parties waivers",
    "runbook.fallback-location": ANSWER,
    "runbook.reachability": ANSWER,
    "runbook.replacement-hardware": ANSWER,
    "runbook.recovery": "lessons needs steps systems",
    "staff.policy": "contacts instructions intervals receipts",
    "testing.sla": f"{ANSWER} follow_ups planned",
    "testing.restore-new-systems": "follow_ups planned results systems",
    "payments.unchecked-limit": f"{ANSWER} approvals digest intervals",
    "upkeep.review": f"{ANSWER} digest intervals versions",
    "upkeep.business-change": "changes versions",
    "upkeep.contacts": "contacts intervals parties waivers",
    "upkeep.licences": "assets intervals waivers",
    "upkeep.responsible": SEAT,
    "upkeep.tailored": (
        "answers assets assignments changes contacts copies data_sets department_data_sets department_systems "
        "departments entered instructions parties results steps systems versions waivers"
    ),
}
OWN = frozenset({"answers", "own_items", "waivers"})
# Of a duty, beside the scheme itself. It reads the contacts of a registration, which bear the same name.
ALSO: Mapping[str, str] = {
    "scheme.communication": "contacts intervals",
    "scheme.partner-chosen": "intervals",
    "scheme.partner-informed": "intervals",
    "scheme.period": "intervals",
}


def reads() -> dict[str, frozenset[str]]:
    """Return the fields of PlanFacts that the rule of each item and duty reads, or SCHEME_FACTS."""
    of_plan = {item.id: told for section, told in SECTIONS.items() for item in of_section(section)} | dict(PLAN)
    found = {code: frozenset({*told.split(), LOOKS}) for code, told in of_plan.items()}
    return found | {duty.id: frozenset({SCHEME_FACTS, *ALSO.get(duty.id, "").split()}) for duty in duties()}
