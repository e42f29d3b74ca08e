"""Facts of an organisation that has everything in order, and ways to change one thing in them.

Everything dated was done on DONE_ON, so that the intervals end in or beyond the leap year 2028. The last valid days
stand here as written out by hand, not computed.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from audits.judging.judgement import TenantFacts
from plans.facts import (
    AnswerFact,
    ApprovalFact,
    AssetFact,
    AssignmentFact,
    ContactFact,
    DataSetFact,
    DepartmentFact,
    InstructionFact,
    PartyFact,
    PlanFacts,
    ReceiptFact,
    ResultFact,
    SignFact,
    StepFact,
    SystemFact,
    VersionFact,
    WaiverFact,
)
from plans.handbook import Section, of_section
from plans.models import AssetKind, Impact, LineUse, Outcome, PartyKind, SecondStep
from plans.payments.agreements import digest_of
from plans.seats import HOLDER, ITEM_SEATS
from tests.audits.rules.build_scheme import SCHEME
from tests.audits.rules.changing import replace

DONE_ON = date(2027, 12, 1)
TODAY = date(2027, 12, 2)
UNTIL_90 = date(2028, 2, 29)
UNTIL_180 = date(2028, 5, 29)
UNTIL_365 = date(2028, 11, 30)
LONG_AGO = date(2020, 1, 1)
NEXT_WEEK = date(2027, 12, 9)

_ids: Iterator[UUID] = map(UUID, (f"{number:032x}" for number in count(1)))


def contact(name: str, *, staff: bool = True) -> ContactFact:
    return ContactFact(next(_ids), name, "+31201234567", "", "", staff, DONE_ON)


HENK, FATIMA, KEES = contact("Henk"), contact("Fatima"), contact("Kees", staff=False)
PARTIES = {kind: PartyFact(next(_ids), kind, f"The {kind}", "+31201234567", DONE_ON) for kind in PartyKind}
TILL = SystemFact(next(_ids), "Till", 1, 4, 24, None)
SHOP = SystemFact(next(_ids), "Web shop", 2, 24, 24, None)
# Bearable for a day, so that every system is back in time.
WORSE = (Impact.NONE, Impact.ANNOYING, Impact.SEVERE, Impact.SEVERE, Impact.RUINOUS)
BAKERY = DepartmentFact(next(_ids), "Bakery", HENK.id, FATIMA.id, False, False, *WORSE)
OFFICE = DepartmentFact(next(_ids), "Office", FATIMA.id, HENK.id, False, False, *WORSE)
RECIPES = DataSetFact(next(_ids), "Recipes", True, False, "In the safe")
ORDERS = DataSetFact(next(_ids), "Orders", False, True, "")


def answer(item_id: str, **values: Any) -> AnswerFact:
    return AnswerFact(item_id, values, None, None, DONE_ON)


def _kept(item_id: str, **values: Any) -> AnswerFact:
    return replace(answer(item_id, **values), contact_id=HENK.id)


def _supplied(item_id: str, **values: Any) -> AnswerFact:
    return replace(answer(item_id, **values), party_id=PARTIES[PartyKind.SUPPLIER].id)


_DAY = DONE_ON.isoformat()
ANSWERS = (
    answer("self-check.secured", verdict="partly"),
    answer("self-check.weakest-point", points="The till"),
    _kept("backup.offsite-data", location="Safe", seen_on=_DAY),
    _kept("backup.offsite-licences", location="Safe", seen_on=_DAY),
    _kept("backup.offsite-installers", location="Safe", seen_on=_DAY),
    _kept("backup.offsite-plan", location="Safe", version=2),
    answer("backup.air-gapped", offline="yes", copy="Disk B", verified_on=_DAY),
    _kept(
        "backup.safe-keeping",
        keeping="safe",
        kept_days=30,
        made_every="day",
        cloud_in="yes",
        settings_in="yes",
        deletable="no",
        may_delete="Henk",
    ),
    _kept("backup.out-of-hours", how="Ring the bell", tried_on=_DAY),
    answer("backup.encrypted", method="AES-256", key_place="With the notary"),
    answer(
        "runbook.fallback-location", kind="place", place="Markt 1", agreement="A desk from day one", back="Type it in"
    ),
    answer("runbook.reachability", forwarding="By the provider's portal", webmail="webmail.example", team="A group"),
    _supplied("runbook.replacement-hardware", choice="hire", agreement="Two PCs within a day"),
    answer("staff.policy", text="Call Henk"),
    _supplied("testing.sla", reference="SLA 2027-1", expires_on=UNTIL_365.isoformat()),
    answer("payments.unchecked-limit", amount="500.00"),
    answer("payments.four-eyes", amount="500.00"),
    answer("payments.address-book", only_address_book="yes", bank_book="yes"),
    answer("payments.unknown-account", protocol="Ask Fatima"),
    answer("payments.account-change", protocol="Call them", calls_back="yes"),
    answer("payments.email-order", protocol="Ask Fatima"),
    answer("upkeep.review", reviewed_on=_DAY, covers="The bakery"),
)


def _seat(item_id: str, seat: str, number: int, *, deputy: bool) -> AssignmentFact:
    holder, other = (HENK, FATIMA) if number % 2 == 0 else (FATIMA, HENK)
    return AssignmentFact(item_id, seat, holder.id, other.id if deputy else None, "Keep calm", DONE_ON, DONE_ON)


ASSIGNMENTS = {
    (item_id, seat.name): _seat(item_id, seat.name, number, deputy=seat.deputy)
    for item_id, seats in ITEM_SEATS.items()
    for number, seat in enumerate(seats)
    if seat.required
}


def asset(kind: AssetKind, name: str, *, line_use: LineUse | None = None, quantity: int | None = None) -> AssetFact:
    return AssetFact(
        id=next(_ids),
        kind=kind,
        name=name,
        has_specification=True,
        has_serial_number=True,
        has_imei=False,
        has_location=True,
        holder="Henk",
        supplier="NetVast",
        administrator="Fatima",
        ip_address="192.0.2.1",
        line_use=line_use,
        quantity=quantity,
        expires_on=None,
        perpetual=kind is AssetKind.LICENCE,
        confirmed_on=DONE_ON,
        second_step=SecondStep.APP,
        has_second_step_spare=True,
    )


ASSETS: dict[AssetKind, tuple[AssetFact, ...]] = {kind: (asset(kind, f"One of {kind}"),) for kind in AssetKind} | {
    AssetKind.TELEPHONE_SYSTEM: (
        asset(AssetKind.TELEPHONE_SYSTEM, "Exchange", line_use=LineUse.EXCHANGE),
        asset(AssetKind.TELEPHONE_SYSTEM, "Handsets", line_use=LineUse.HANDSET, quantity=4),
    ),
    AssetKind.TELEPHONE_LINE: (
        asset(AssetKind.TELEPHONE_LINE, "Voice", line_use=LineUse.VOICE, quantity=2),
        asset(AssetKind.TELEPHONE_LINE, "Fax", line_use=LineUse.FAX, quantity=0),
        asset(AssetKind.TELEPHONE_LINE, "Alarm", line_use=LineUse.ALARM, quantity=1),
    ),
}


def result(
    item_id: str,
    done_on: date = DONE_ON,
    outcome: Outcome = Outcome.PASSED,
    *,
    cost: Decimal | None = None,
    covered: tuple[SystemFact, ...] = (),
) -> ResultFact:
    return ResultFact(next(_ids), item_id, done_on, outcome, cost, "", frozenset(system.id for system in covered))


RESULTS = {
    item.id: (
        result(
            item.id,
            cost=Decimal("250.00") if item.id == "testing.costs" else None,
            covered=(TILL, SHOP) if item.id == "testing.restore" else (),
        ),
    )
    for item in of_section(Section.TESTING)
    if item.id not in ("testing.sla", "testing.restore-new-systems")
}
INSTRUCTION = InstructionFact(
    next(_ids), 3, DONE_ON, frozenset(item.id for item in of_section(Section.STAFF) if item.id != "staff.policy")
)
DIGEST = "a" * 64
APPROVAL = ApprovalFact(1, digest_of({each.item_id: each.values for each in ANSWERS}), DONE_ON)
SOUND = TenantFacts(
    tenant_id=1,
    plan=PlanFacts(
        answers={each.item_id: each for each in ANSWERS},
        assignments=ASSIGNMENTS,
        waivers=(),
        contacts={each.id: each for each in (HENK, FATIMA, KEES)},
        parties=tuple(PARTIES.values()),
        departments=(BAKERY, OFFICE),
        systems=(TILL, SHOP),
        data_sets=(RECIPES, ORDERS),
        department_systems=frozenset({(BAKERY.id, TILL.id), (OFFICE.id, SHOP.id)}),
        department_data_sets=frozenset({(BAKERY.id, RECIPES.id), (OFFICE.id, ORDERS.id)}),
        assets=ASSETS,
        results=RESULTS,
        steps=(StepFact(next(_ids), 1, "Restore", TILL.id), StepFact(next(_ids), 2, "Restore", SHOP.id)),
        versions=(VersionFact(1, LONG_AGO), VersionFact(2, DONE_ON, DIGEST, DONE_ON)),
        digest=DIGEST,
        changes=(),
        instructions=(INSTRUCTION,),
        receipts=tuple(ReceiptFact(INSTRUCTION.id, each.id, DONE_ON) for each in (HENK, FATIMA)),
        intervals={},
        approvals=(APPROVAL,),
        signs=(SignFact(next(_ids)), SignFact(next(_ids), ends=True)),
    ),
    continuity=SCHEME,
)


def plan(**changes: Any) -> TenantFacts:
    """Return the sound facts with fields of the plan replaced."""
    return replace(SOUND, plan=replace(SOUND.plan, **changes))


def answering(item_id: str, **values: Any) -> TenantFacts:
    """Return the sound facts with fields of one answer replaced; contact_id, party_id and answered_on too."""
    old = SOUND.plan.answers[item_id]
    own = {name: values.pop(name) for name in ("contact_id", "party_id", "answered_on") if name in values}
    new = replace(old, values={**old.values, **values}, **own)
    return plan(answers={**SOUND.plan.answers, item_id: new})


def unanswered(item_id: str) -> TenantFacts:
    """Return the sound facts without one answer."""
    return plan(answers={found: each for found, each in SOUND.plan.answers.items() if found != item_id})


def seating(item_id: str, seat: str = HOLDER, **changes: Any) -> TenantFacts:
    """Return the sound facts with one seat changed."""
    new = replace(SOUND.plan.assignments[item_id, seat], **changes)
    return plan(assignments={**SOUND.plan.assignments, (item_id, seat): new})


def unseated(item_id: str) -> TenantFacts:
    """Return the sound facts with nobody in the seats of an item."""
    return plan(assignments={key: each for key, each in SOUND.plan.assignments.items() if key[0] != item_id})


def people(*contacts: ContactFact) -> TenantFacts:
    """Return the sound facts with contacts added, or replaced where their ids are the same."""
    return plan(contacts={**SOUND.plan.contacts, **{each.id: each for each in contacts}})


def recording(kind: AssetKind, *records: AssetFact) -> TenantFacts:
    """Return the sound facts with these records of one class of the inventory."""
    return plan(assets={**SOUND.plan.assets, kind: records})


def one_record(kind: AssetKind, **changes: Any) -> TenantFacts:
    """Return the sound facts with the only record of a class changed."""
    (record,) = SOUND.plan.assets[kind]
    return recording(kind, replace(record, **changes))


def with_results(item_id: str, *results: ResultFact) -> TenantFacts:
    """Return the sound facts with these results of one test."""
    return plan(results={**SOUND.plan.results, item_id: results})


def leaving_out(
    facts: TenantFacts, item_id: str, until: date, *, part: str = "", starts_on: date = DONE_ON
) -> TenantFacts:
    """Return `facts` with an item, or a part of it, left out."""
    waivers = (*facts.plan.waivers, WaiverFact(item_id, part, starts_on, until))
    return replace(facts, plan=replace(facts.plan, waivers=waivers))
