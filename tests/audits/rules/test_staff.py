"""The staff instruction, at its boundaries."""

from datetime import date
from uuid import UUID

import pytest

from audits.judging.judgement import WHOLE_PLAN, Holds, TenantFacts
from audits.rules import by_code
from plans.facts import ReceiptFact
from plans.handbook import Section, of_section
from tests.audits.rules.build import (
    DONE_ON,
    FATIMA,
    HENK,
    INSTRUCTION,
    KEES,
    NEXT_WEEK,
    TODAY,
    UNTIL_365,
    contact,
    people,
    plan,
)
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, lapsing, notice, rows, tightened
from tests.audits.rules.changing import replace

NEXT = replace(INSTRUCTION, id=UUID(int=99), number=4, published_on=NEXT_WEEK, parts=frozenset({"staff.policy"}))
BY_HENK = ReceiptFact(INSTRUCTION.id, HENK.id, DONE_ON)


def receipts(fatima_on: date | None, number: int = 3) -> TenantFacts:
    """Facts in which Henk acknowledged in time and Fatima on `fatima_on`."""
    version_id = INSTRUCTION.id if number == 3 else UUID(int=98)
    hers = (ReceiptFact(version_id, FATIMA.id, fatima_on),) if fatima_on else ()
    return plan(receipts=(BY_HENK, *hers))


def policy() -> tuple[Case, ...]:
    again = "must acknowledge the staff instruction again by 2028-11-30"
    both = lapsing(UNTIL_365, again, "had to acknowledge the staff instruction again by 2028-11-30", times=2)
    return (
        COMPLETE,
        case("never published", plan(instructions=()), fault("No staff instruction"), turns=None),
        case("to be published", plan(instructions=(NEXT,)), fault("No staff instruction"), turns=NEXT_WEEK),
        case(
            "no staff",
            plan(contacts={KEES.id: KEES}),
            fault("No member of staff has been recorded"),
        ),
        case("one never", receipts(None), fault("Fatima has not acknowledged version 3")),
        case("one of an older version", receipts(DONE_ON, number=2), fault("Fatima has not acknowledged version 3")),
        case("one before it was published", receipts(date(2027, 11, 30)), fault("Fatima has not acknowledged")),
        case("one next week", receipts(NEXT_WEEK), fault("2027-12-09, has yet to come"), turns=NEXT_WEEK),
        case("somebody new", people(contact("Noor")), fault("Noor has not acknowledged version 3")),
        case("somebody new, not of the staff", people(contact("Noor", staff=False))),
        *both,
        case("the oldest of two", receipts(TODAY), turns=date(2028, 10, 31)),
        case("the oldest of two, nearly over", receipts(TODAY), notice("Henk must"), today=date(2028, 10, 31)),
        case(
            "the oldest of two, over",
            receipts(TODAY),
            fault("Henk had to"),
            notice("Fatima must"),
            today=date(2028, 12, 1),
        ),
        *tightened("staff-receipt", "Henk", "Fatima"),
        case("a newer version next week", plan(instructions=(INSTRUCTION, NEXT)), turns=NEXT_WEEK),
        case(
            "a newer version out",
            plan(instructions=(INSTRUCTION, NEXT)),
            fault("Henk has not acknowledged version 4"),
            fault("Fatima has not acknowledged version 4"),
            today=NEXT_WEEK,
        ),
    )


def line(item_id: str) -> tuple[Case, ...]:
    others = frozenset(INSTRUCTION.parts - {item_id})
    return (
        COMPLETE,
        case("never published", plan(instructions=()), fault("No staff instruction"), turns=None),
        case("left out", plan(instructions=(replace(INSTRUCTION, parts=others),)), fault("Version 3"), turns=None),
        case("the only line", plan(instructions=(replace(INSTRUCTION, parts=frozenset({item_id})),))),
        case(
            "in an older version only",
            plan(instructions=(INSTRUCTION, replace(NEXT, published_on=DONE_ON))),
            fault("Version 4 of the staff instruction, the newest"),
        ),
        case("to be dropped next week", plan(instructions=(INSTRUCTION, NEXT)), turns=NEXT_WEEK),
        case("dropped today", plan(instructions=(INSTRUCTION, NEXT)), fault("Version 4"), today=NEXT_WEEK, turns=None),
    )


BOUNDARIES = {item.id: policy() if item.id == "staff.policy" else line(item.id) for item in of_section(Section.STAFF)}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_staff_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)


def test_receipts_in_order_are_told_as_one() -> None:
    judgements = list(by_code()["staff.policy"].check(receipts(TODAY), TODAY))
    assert judgements == [Holds(WHOLE_PLAN, UNTIL_365, date(2028, 10, 31))]
