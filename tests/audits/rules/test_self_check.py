"""The opening questions, at their boundaries."""

from datetime import date

import pytest

from tests.audits.rules.build import (
    DONE_ON,
    NEXT_WEEK,
    ORDERS,
    RECIPES,
    SOUND,
    TODAY,
    UNTIL_365,
    answering,
    leaving_out,
    plan,
    unanswered,
)
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, lapsing, rows, tightened
from tests.audits.rules.changing import replace

NO_DATA = plan(data_sets=(ORDERS,))
LEFT_OUT_UNTIL = date(2028, 2, 29)
BOUNDARIES = {
    "self-check.secured": (
        COMPLETE,
        case("not answered", unanswered("self-check.secured"), fault("not been answered")),
        case("no verdict", answering("self-check.secured", verdict=""), fault("not been answered")),
        case("no is an answer", answering("self-check.secured", verdict="no")),
        case(
            "answered next week",
            answering("self-check.secured", answered_on=NEXT_WEEK),
            fault("2027-12-09, has yet to come"),
            turns=NEXT_WEEK,
        ),
        *lapsing(UNTIL_365, "counts until 2028-11-30", "counted until 2028-11-30"),
        *tightened("review", "until 2027-12-11"),
    ),
    "self-check.weakest-point": (
        COMPLETE,
        case("not answered", unanswered("self-check.weakest-point"), fault("No weak point")),
        case("only blanks", answering("self-check.weakest-point", points=" \n"), fault("No weak point")),
    ),
    "self-check.attractive-data": (
        COMPLETE,
        case("nothing marked", NO_DATA, fault("No data set")),
        case("no data sets", plan(data_sets=()), fault("No data set")),
    ),
    "self-check.extra-protection": (
        COMPLETE,
        case(
            "one of two unprotected",
            plan(data_sets=(RECIPES, replace(ORDERS, attractive=True))),
            fault("whether Orders has extra"),
        ),
        case("only blanks", plan(data_sets=(replace(RECIPES, protection=" "),)), fault("whether Recipes has extra")),
        case("nothing marked", NO_DATA, fault("Name the attractive data first"), turns=None),
        case(
            "nothing marked, left out from today",
            leaving_out(NO_DATA, "self-check.attractive-data", LEFT_OUT_UNTIL, starts_on=TODAY),
            turns=date(2028, 1, 30),
        ),
        case(
            "nothing marked, something else left out",
            leaving_out(NO_DATA, "self-check.weakest-point", LEFT_OUT_UNTIL),
            fault("Name the attractive data first"),
        ),
        case("marked all the same", leaving_out(SOUND, "self-check.attractive-data", LEFT_OUT_UNTIL), turns=None),
        case(
            "nothing marked, left out from next week",
            leaving_out(NO_DATA, "self-check.attractive-data", LEFT_OUT_UNTIL, starts_on=NEXT_WEEK),
            fault("Name the attractive data first"),
            turns=NEXT_WEEK,
        ),
        *lapsing(
            LEFT_OUT_UNTIL,
            "does not apply holds until 2028-02-29",
            "Name the attractive data first",
            leaving_out(NO_DATA, "self-check.attractive-data", LEFT_OUT_UNTIL, starts_on=DONE_ON),
        ),
    ),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_opening_questions_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
