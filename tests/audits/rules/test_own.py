"""The items that an organisation added itself, at their boundaries."""

from datetime import date
from uuid import uuid4

import pytest

from audits.judging.judgement import TenantFacts
from plans.facts import AnswerFact, OwnItemFact, WaiverFact
from plans.handbook import Section, items
from plans.models import OwnKind
from plans.own_items.ids import RULE, own_id, row_of
from tests.audits.rules.build import DONE_ON, HENK, KEES, LONG_AGO, SOUND, UNTIL_90, plan
from tests.audits.rules.cases import Case, case, check, fault, lapsing, notice, rows
from tests.audits.rules.changing import replace

FOLDER = OwnItemFact(HENK.id, Section.RUNBOOK, "Where is the folder?", OwnKind.TEXT, None)
GENERATOR = OwnItemFact(KEES.id, Section.UPKEEP, "Generator tried on?", OwnKind.DAY, 90)
YEARLY = replace(FOLDER, interval_days=90)
WAIVED_UNTIL = date(2028, 5, 1)


def asking(own: OwnItemFact, told: str | None, answered_on: date = DONE_ON, *waivers: WaiverFact) -> TenantFacts:
    answers = dict(SOUND.plan.answers)
    if told is not None:
        answers[own.item_id] = AnswerFact(own.item_id, {"answer": told}, None, None, answered_on)
    return plan(own_items=(own,), answers=answers, waivers=waivers)


def left_out(own: OwnItemFact, part: str = "") -> WaiverFact:
    return WaiverFact(own.item_id, part, LONG_AGO, WAIVED_UNTIL)


BOUNDARIES = {
    RULE: (
        case("complete", asking(FOLDER, "Behind the desk", LONG_AGO), turns=None),
        case("not answered", asking(FOLDER, None), fault("“Where is the folder?” has not been answered")),
        case("only blanks", asking(FOLDER, "  "), fault("has not been answered")),
        case("two of them", plan(own_items=(FOLDER, GENERATOR)), fault("the folder"), fault("Generator")),
        case("a day that has yet to come", asking(GENERATOR, "2028-01-01"), fault("has yet to come")),
        *lapsing(UNTIL_90, "counts until", "counted until", asking(YEARLY, "Behind the desk")),
        case("counted from the day that was filled in", asking(GENERATOR, "2027-12-01", LONG_AGO)),
        case("left out", asking(FOLDER, None, DONE_ON, left_out(FOLDER)), turns=date(2028, 4, 1)),
        case(
            "left out, last day",
            asking(FOLDER, None, DONE_ON, left_out(FOLDER)),
            notice("does not apply holds until"),
            today=WAIVED_UNTIL,
            turns=date(2028, 5, 2),
        ),
        case(
            "left out, day after",
            asking(FOLDER, None, DONE_ON, left_out(FOLDER)),
            fault("has not been answered"),
            today=date(2028, 5, 2),
        ),
        case("another one left out", asking(FOLDER, None, DONE_ON, left_out(GENERATOR)), fault("not been answered")),
    )
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_own_items_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)


def test_an_own_item_is_told_by_its_id_and_never_taken_for_one_of_the_handbook() -> None:
    row_id = uuid4()
    for section in Section:
        item_id = own_id(section, row_id)
        assert len(item_id) <= 60
        assert row_of(item_id.partition(".")[2]) == row_id
    assert [item.id for item in items() if row_of(item.name)] == []
    assert row_of("own-nonsense") is None
