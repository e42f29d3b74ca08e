"""The payments section, at its boundaries."""

import pytest

from tests.audits.rules.build import SOUND, UNTIL_365, answering, plan, unanswered
from tests.audits.rules.cases import (
    COMPLETE,
    Case,
    case,
    check,
    fault,
    lapsing,
    rows,
    tightened,
    warning,
    without,
)
from tests.audits.rules.changing import replace

LIMIT, FOUR_EYES = "payments.unchecked-limit", "payments.four-eyes"


def protocol(item_id: str) -> tuple[Case, ...]:
    return (
        COMPLETE,
        case("not written", unanswered(item_id), fault("protocol has not been written")),
        case("only blanks", answering(item_id, protocol=" "), fault("protocol has not been written")),
    )


NO_ORDER = unanswered("payments.email-order")
NO_LIMIT = plan(answers={item_id: each for item_id, each in SOUND.plan.answers.items() if item_id != LIMIT})
OPEN_AND_UNAPPROVED = replace(NO_ORDER, plan=replace(NO_ORDER.plan, approvals=()))
BOUNDARIES = {
    LIMIT: (
        COMPLETE,
        case("never approved", plan(approvals=()), fault("No director has approved")),
        *lapsing(UNTIL_365, "counts until", "counted until"),
        *tightened("payment-approval", "counts until"),
        case("not answered", unanswered(LIMIT), fault("No amount")),
        case("no amount", answering(LIMIT, amount=""), fault("No amount")),
        case("nothing without a check", answering(LIMIT, amount="0"), fault("changed after the approval of")),
        case("other steps", answering("payments.email-order", protocol="Pay"), fault("changed after the approval")),
        case("one is open, so there is nothing to approve", OPEN_AND_UNAPPROVED),
    ),
    FOUR_EYES: (
        COMPLETE,
        case("not answered", unanswered(FOUR_EYES), fault("No amount")),
        case("no amount", answering(FOUR_EYES, amount=None), fault("No amount")),
        case("one cent above", answering(FOUR_EYES, amount="500.01"), warning("from 500.01, but staff pay")),
        case("equal", answering(FOUR_EYES, amount="500.00")),
        case("one cent below", answering(FOUR_EYES, amount="499.99")),
        case("nothing to compare with", NO_LIMIT),
    ),
    "payments.address-book": (
        COMPLETE,
        case("not answered", unanswered("payments.address-book"), fault("not been answered")),
        *without("payments.address-book", only_address_book="only to accounts", bank_book="set up at the bank"),
        case("other accounts too", answering("payments.address-book", only_address_book="no")),
        case(
            "none at the bank", answering("payments.address-book", bank_book="no"), fault("No address book is set up")
        ),
    ),
    "payments.unknown-account": protocol("payments.unknown-account"),
    "payments.account-change": (
        COMPLETE,
        case("not answered", unanswered("payments.account-change"), fault("not been answered")),
        *without("payments.account-change", protocol="protocol has not been written", calls_back="whether you call"),
        case(
            "not called", answering("payments.account-change", calls_back="no"), fault("does not say that the sender")
        ),
    ),
    "payments.email-order": protocol("payments.email-order"),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_payment_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
