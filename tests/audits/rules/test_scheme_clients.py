"""The beneficiary deed, its acceptances and the clients' fees, at their boundaries."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from audits.judging.judgement import TenantFacts
from continuity.facts import ContinuityFacts
from continuity.models import DeclarationKind, SchemeType
from tests.audits.rules.build import NEXT_WEEK, SOUND, TODAY
from tests.audits.rules.build_scheme import ACCEPTANCE, DEED, HALM, OLD_DEED, RAAF, registered
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, notice, rows, warning
from tests.audits.rules.changing import replace

NOTHING = replace(SOUND, continuity=ContinuityFacts(()))
DRAFT = replace(DEED, id=UUID(int=99), number=3, published_on=None)
NEXT = replace(DRAFT, published_on=NEXT_WEEK)


def scheme(**changes: Any) -> TenantFacts:
    return replace(SOUND, continuity=registered(SchemeType.HOSTING, **changes))


def accepting(**changes: Any) -> TenantFacts:
    """Facts in which the acceptance of one client of two is changed."""
    return scheme(clients=(replace(HALM, acceptances={DEED.id: replace(ACCEPTANCE, **changes)}), RAAF))


def client(**changes: Any) -> TenantFacts:
    return scheme(clients=(replace(HALM, **changes), RAAF))


BOUNDARIES = {
    "scheme.beneficiary-deed": (
        COMPLETE,
        case("no registration", NOTHING),
        case("no deed", scheme(deeds=()), fault("No text of the beneficiary deed"), turns=None),
        case("only a draft", scheme(deeds=(DRAFT,)), fault("No text of the beneficiary deed"), turns=None),
        case("published next week", scheme(deeds=(NEXT,)), fault("No text"), turns=NEXT_WEEK),
        case("no conditions", scheme(deeds=(OLD_DEED, replace(DEED, has_conditions=False))), fault("Version 2 of the")),
        case("conditions in the old text only", scheme(deeds=(replace(OLD_DEED, has_conditions=False), DEED))),
        case(
            "a newer text in the making",
            scheme(deeds=(DEED, DRAFT)),
            notice("version 3 of the beneficiary deed has not"),
        ),
        case("no English", scheme(deeds=(OLD_DEED, replace(DEED, has_english=False))), notice("not there in English")),
        case("revoked", scheme(deeds=(replace(DEED, closed_on=TODAY),)), fault("No text of the beneficiary deed")),
        case("an older text never published", scheme(deeds=(replace(OLD_DEED, published_on=None), DEED))),
        case("a newer text next week", scheme(deeds=(DEED, NEXT)), turns=NEXT_WEEK),
    ),
    "scheme.acceptances": (
        COMPLETE,
        case("no registration", NOTHING),
        case("no clients", scheme(clients=()), fault("No client of the service Our hosting")),
        case("no deed", scheme(deeds=(DRAFT,)), fault("No text of the beneficiary deed")),
        case("not invited", client(invited_on=None), fault("De Halm has not been invited")),
        case("invited next week", client(invited_on=NEXT_WEEK), fault("De Halm has not been invited"), turns=NEXT_WEEK),
        case("invited today", client(invited_on=TODAY)),
        case("accepted today", accepting(accepted_on=TODAY)),
        case("conditions met today", accepting(conditions_met_on=TODAY)),
        case("not accepted", client(acceptances={}), fault("De Halm has not accepted version 2"), turns=None),
        case(
            "accepted the older text",
            client(acceptances={OLD_DEED.id: replace(ACCEPTANCE, deed_version_id=OLD_DEED.id)}),
            fault("De Halm accepted an older text; version 2 asks"),
        ),
        *(
            case(f"declared {kind}", client(acceptances={}, declared={DEED.id: kind}), fault(told))
            for kind, told in (
                (DeclarationKind.REJECT, "De Halm rejected version 2"),
                (DeclarationKind.WITHDRAW, "De Halm withdrew its acceptance of version 2"),
                (DeclarationKind.LATE, "the foundation has not decided yet"),
                (DeclarationKind.REFUSE, "did not admit De Halm"),
            )
        ),
        case("rejected, and accepted after all", client(declared={DEED.id: DeclarationKind.REJECT})),
        case("too late, and admitted", client(declared={DEED.id: DeclarationKind.LATE})),
        case("accepted next week", accepting(accepted_on=NEXT_WEEK), fault("has not accepted"), turns=NEXT_WEEK),
        case("ended today", accepting(ended_on=TODAY), fault("has not accepted version 2")),
        case("ends next week", accepting(ended_on=NEXT_WEEK), turns=NEXT_WEEK),
        case("by nobody", accepting(accepted_by=" "), fault("who accepted the deed for De Halm")),
        case("conditions open", accepting(conditions_met_on=None), fault("De Halm does not meet the conditions")),
        case("conditions next week", accepting(conditions_met_on=NEXT_WEEK), fault("not meet"), turns=NEXT_WEEK),
        case(
            "no conditions to meet",
            scheme(
                deeds=(replace(DEED, has_conditions=False),),
                clients=(replace(HALM, acceptances={DEED.id: replace(ACCEPTANCE, conditions_met_on=None)}),),
            ),
        ),
        case(
            "two that did nothing",
            scheme(clients=(replace(HALM, acceptances={}), replace(RAAF, invited_on=None))),
            fault("De Halm has not accepted"),
            fault("De Raaf has not been invited"),
        ),
        case("a newer text next week", scheme(deeds=(DEED, NEXT)), turns=NEXT_WEEK),
        case(
            "a newer text out",
            scheme(deeds=(DEED, NEXT)),
            fault("De Halm accepted an older text; version 3 asks"),
            fault("De Raaf accepted an older text; version 3 asks"),
            today=NEXT_WEEK,
            turns=None,
        ),
    ),
    "scheme.funding": (
        COMPLETE,
        case("no registration", NOTHING),
        case("no cost", scheme(monthly_cost=None), fault("monthly cost of the upstream")),
        case("no clients", scheme(clients=()), fault("No client fee")),
        case("a fee missing", client(monthly_fee=None), fault("monthly fee of De Halm"), warning("pay 40.00 a month")),
        case("covered to the cent", scheme(monthly_cost=Decimal("100.00"))),
        case(
            "one cent short",
            scheme(monthly_cost=Decimal("100.01")),
            warning("pay 100.00 a month, the cost is 100.01: 0.01 is not covered"),
        ),
        case("free upstream", scheme(monthly_cost=Decimal(0), clients=(replace(HALM, monthly_fee=Decimal(0)),))),
        case("one did not accept", client(acceptances={}), warning("60.00 is not covered")),
        case("one accepts next week", accepting(accepted_on=NEXT_WEEK), warning("60.00 is not"), turns=NEXT_WEEK),
        case("one ends next week", accepting(ended_on=NEXT_WEEK), turns=NEXT_WEEK),
        case("no deed to accept", scheme(deeds=()), warning("100.00 is not covered")),
        case("a newer text out", scheme(deeds=(DEED, NEXT)), warning("pay 0 a month"), today=NEXT_WEEK, turns=None),
        case("a newer text next week", scheme(deeds=(DEED, NEXT)), turns=NEXT_WEEK),
    ),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_client_duties_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
