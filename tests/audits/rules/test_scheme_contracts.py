"""The scheme's type, agreements and counterparty, at their boundaries."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from audits.judging.judgement import TenantFacts
from continuity.facts import AgreementFact, ContinuityFacts
from continuity.models import AgreementKind, SchemeState, SchemeType
from tests.audits.rules.build import LONG_AGO, NEXT_WEEK, SOUND, TODAY, UNTIL_365
from tests.audits.rules.build_scheme import AGREEMENT_UNTIL, FRAMEWORK, PARTNER, PROCESSOR, SUPPLY, registered
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, lapsing, notice, rows, tightened, warning
from tests.audits.rules.changing import replace

HOSTING, SERVERS, SOFTWARE = SchemeType
NOTHING = replace(SOUND, continuity=ContinuityFacts(()))


def scheme(scheme_type: SchemeType = HOSTING, **changes: Any) -> TenantFacts:
    return replace(SOUND, continuity=registered(scheme_type, **changes))


def partner(scheme_type: SchemeType = SERVERS, **changes: Any) -> TenantFacts:
    return scheme(scheme_type, counterparty=replace(PARTNER, **changes))


def framework(**changes: Any) -> TenantFacts:
    return scheme(agreements=(replace(FRAMEWORK, **changes), SUPPLY, PROCESSOR))


def supply(scheme_type: SchemeType = HOSTING, **changes: Any) -> TenantFacts:
    return scheme(scheme_type, agreements=(FRAMEWORK, replace(SUPPLY, **changes), PROCESSOR))


def both(*agreements: AgreementFact) -> TenantFacts:
    return scheme(agreements=(*agreements, PROCESSOR))


DRAFT = replace(FRAMEWORK, id=UUID(int=99), first_signed_on=None, second_signed_on=None, ends_on=None, fee=None)
NEXT = replace(FRAMEWORK, id=UUID(int=99), starts_on=date(2028, 3, 1), ends_on=date(2029, 2, 28))


def agreement(kind: AgreementKind, changed: Any, party: str) -> tuple[Case, ...]:
    """What both kinds of agreement have in common."""
    until = "2028-02-29"
    other = SUPPLY if kind is AgreementKind.FRAMEWORK else FRAMEWORK
    return (
        COMPLETE,
        case("no registration", NOTHING),
        case("none", both(other), fault("There is no"), turns=None),
        case("not signed", changed(first_signed_on=None, second_signed_on=None), fault("has not been signed yet")),
        case("signed today", changed(second_signed_on=TODAY)),
        case(
            "notice date today, with an end",
            changed(ends_on=date(2029, 1, 1), notice_on=TODAY),
            notice("notice can be given until 2027-12-02"),
        ),
        case("only one side signed", changed(second_signed_on=None), fault("by one side only")),
        case("only the other side signed", changed(first_signed_on=None), fault("by one side only")),
        case("signed next week", changed(second_signed_on=NEXT_WEEK), fault("has yet to come"), turns=NEXT_WEEK),
        case("starts next week", changed(starts_on=NEXT_WEEK), warning("starts on 2027-12-09"), turns=NEXT_WEEK),
        case("no start is known", changed(starts_on=None)),
        case("no end", changed(ends_on=None), turns=None),
        *lapsing(AGREEMENT_UNTIL, f"{party} ends on {until}", f"{party} ended on {until}", changed()),
        *(
            replace(each, name=f"notice date, {each.name}")
            for each in lapsing(
                AGREEMENT_UNTIL,
                f"notice can be given until {until}",
                f"could be given until {until}",
                changed(ends_on=None, notice_on=AGREEMENT_UNTIL),
                worst=warning,
            )
        ),
        case(
            "notice date gone by, with an end",
            changed(ends_on=date(2029, 1, 1), notice_on=LONG_AGO),
            turns=date(2028, 12, 2),
        ),
    )


def yearly(scheme_type: SchemeType, soon: str, lapsed: str) -> tuple[Case, ...]:
    return lapsing(UNTIL_365, f"{soon} until 2028-11-30", f"{lapsed} until 2028-11-30", scheme(scheme_type))


BOUNDARIES = {
    "scheme.type": (
        COMPLETE,
        case("no registration", NOTHING),
        case("not ticked", scheme(scope_understood_on=None), fault("ticked yet that only the service Our hosting")),
        case("ticked next week", scheme(scope_understood_on=NEXT_WEEK), fault("yet to come"), turns=NEXT_WEEK),
        case("ticked today", scheme(scope_understood_on=TODAY)),
        case("others not listed", scheme(uncovered_services=" "), fault("have not been listed")),
        case("nothing done", scheme(uncovered_services="", scope_understood_on=None), fault("ticked"), fault("listed")),
        case("services changed the day before", scheme(portfolio_changed_on=date(2027, 11, 30))),
        case("services changed on the day", scheme(portfolio_changed_on=date(2027, 12, 1))),
        case("services changed since", scheme(portfolio_changed_on=TODAY), fault("changed on 2027-12-02"), turns=None),
        case("services change next week", scheme(portfolio_changed_on=NEXT_WEEK), turns=NEXT_WEEK),
    ),
    "scheme.framework-agreement": (
        *agreement(AgreementKind.FRAMEWORK, framework, "The foundation"),
        case("no fee", framework(fee=None), fault("The fee of the framework")),
        case("not stored", framework(file_sha256=""), fault("itself has not been stored")),
        case("promises too few months", framework(duration_months=2), fault("fewer months than the scheme")),
        case("promises more months", framework(duration_months=4)),
        case("no processor agreement", scheme(agreements=(FRAMEWORK, SUPPLY)), notice("no processor agreement")),
        case("offered", scheme(state=SchemeState.OFFERED), warning("has not said yet")),
        case("suspended", scheme(state=SchemeState.SUSPENDED), fault("suspended the scheme of Our hosting")),
        case("triggered", scheme(state=SchemeState.TRIGGERED)),
        case("a draft beside one that holds", both(DRAFT, FRAMEWORK), turns=date(2028, 1, 30)),
        case(
            "a draft beside one that ended",
            both(DRAFT, FRAMEWORK),
            fault("The foundation ended on 2028-02-29"),
            today=date(2028, 3, 1),
        ),
        case(
            "another one comes into order next week",
            both(
                replace(FRAMEWORK, fee=None, ends_on=None),
                replace(NEXT, second_signed_on=NEXT_WEEK, starts_on=NEXT_WEEK),
            ),
            fault("The fee of the framework"),
            turns=NEXT_WEEK,
        ),
        case("renewed ahead of time", both(FRAMEWORK, NEXT), turns=date(2028, 1, 30)),
        case(
            "renewed, the old one in its last month",
            both(FRAMEWORK, NEXT),
            notice("The foundation ends on 2028-02-29"),
            today=AGREEMENT_UNTIL,
            turns=date(2028, 3, 1),
        ),
        case("renewed, the old one ended", both(FRAMEWORK, NEXT), today=date(2028, 3, 1), turns=date(2029, 1, 29)),
    ),
    "scheme.partner-chosen": (
        COMPLETE,
        case("no registration", NOTHING),
        case("not asked for hosting", scheme(HOSTING, counterparty=None)),
        case("none, for servers", scheme(SERVERS, counterparty=None), fault("can take over the servers")),
        case("none, for licences", scheme(SOFTWARE, counterparty=None), fault("can deliver the licences")),
        case("no contact", partner(contact_name=" "), fault("No contact is known at DataHal")),
        case("no phone", partner(phone=" "), fault("No phone number is known of DataHal")),
        case("no day", partner(chosen_on=None), warning("when DataHal was chosen")),
        case("next week", partner(chosen_on=NEXT_WEEK), fault("has yet to come"), turns=NEXT_WEEK),
        *yearly(SERVERS, "the choice counts", "the choice counted"),
        *tightened("counterparty", *["the choice counts"] * 2),
    ),
    "scheme.partner-informed": (
        COMPLETE,
        case("no registration", NOTHING),
        case("none", scheme(HOSTING, counterparty=None), fault("upstream supplier has not been recorded")),
        case("does not know", partner(knows_on=None), fault("came to know the scheme")),
        case("knows since today", partner(knows_on=TODAY)),
        case("knows next week", partner(knows_on=NEXT_WEEK), fault("has yet to come"), turns=NEXT_WEEK),
        case("not willing", partner(willing_on=None), fault("has not said yet that it is willing")),
        case(
            "refused",
            partner(willing_on=None, refused_on=TODAY),
            fault("said on 2027-12-02 that it is not willing"),
            turns=None,
        ),
        case("refused before, willing since", partner(refused_on=LONG_AGO)),
        case("nobody said so", partner(willing_by=" "), fault("who said that DataHal is willing")),
        case("willing next week", partner(willing_on=NEXT_WEEK), fault("has yet to come"), turns=NEXT_WEEK),
        case("signing is another duty", partner(signed_on=None)),
        *yearly(HOSTING, "its statement counts", "its statement counted"),
        *tightened("counterparty", *["its statement counts"] * 3),
    ),
    "scheme.supply-agreement": (
        *agreement(AgreementKind.SUPPLY, supply, "DataHal"),
        case("no price", supply(fee=None), fault("The price has not been recorded")),
        case("promises too few months", supply(duration_months=2), fault("fewer months than the scheme")),
        case("no promise, hosting", supply(delivers_on=False), fault("does not stop the service")),
        case("no promise, servers", supply(SERVERS, delivers_on=False), fault("manages the servers")),
        case("no promise, licences", supply(SOFTWARE, delivers_on=False), fault("delivers the licences")),
        case("not stored", supply(file_sha256="")),
        case(
            "a service contract is none",
            both(FRAMEWORK, replace(SUPPLY, kind=AgreementKind.SERVICE)),
            fault("no agreement"),
        ),
    ),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_contract_duties_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
