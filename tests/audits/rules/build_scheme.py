"""Facts of three registered services, one of each type, with everything in order."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from continuity.facts import (
    AcceptanceFact,
    AgreementFact,
    ClientFact,
    ContinuityFacts,
    CounterpartyFact,
    DeedFact,
    DeliveryFact,
    HandoverFact,
    RegistrationFact,
    RequestFact,
    SchemeContactFact,
)
from continuity.models import AgreementKind, HandoverKind, RequestState, SchemeParty, SchemeState, SchemeType
from tests.audits.rules.changing import replace

DONE_ON = date(2027, 12, 1)
AGREEMENT_UNTIL = date(2028, 2, 29)
HANDOVER_UNTIL = date(2028, 2, 29)  # 90 days after it was delivered


def _id(number: int) -> UUID:
    return UUID(int=(1 << 64) + number)


FRAMEWORK = AgreementFact(
    id=_id(1),
    kind=AgreementKind.FRAMEWORK,
    party="The foundation",
    first_signed_on=DONE_ON,
    second_signed_on=DONE_ON,
    starts_on=DONE_ON,
    ends_on=AGREEMENT_UNTIL,
    notice_on=None,
    fee=Decimal("500.00"),
    delivers_on=False,
    file_sha256="0" * 64,
)
SUPPLY = replace(FRAMEWORK, id=_id(2), kind=AgreementKind.SUPPLY, party="DataHal", delivers_on=True, file_sha256="")
PROCESSOR = replace(FRAMEWORK, id=_id(4), kind=AgreementKind.PROCESSOR, fee=None)
PARTNER = CounterpartyFact(
    id=_id(3),
    name="DataHal",
    contact_name="Ria",
    phone="+31201234567",
    chosen_on=DONE_ON,
    knows_on=DONE_ON,
    willing_on=DONE_ON,
    willing_by="Ria, director",
    signed_on=DONE_ON,
)
CONTACTS = {
    party: SchemeContactFact(_id(10 + number), party, f"Ria of the {party}", "+31201234567", "ria@x.example", DONE_ON)
    for number, party in enumerate(SchemeParty)
}
OLD_DEED = DeedFact(_id(20), 1, True, date(2020, 1, 1))
DEED = DeedFact(_id(21), 2, True, DONE_ON)
ACCEPTANCE = AcceptanceFact(DEED.id, DONE_ON, "Henk", DONE_ON, None)
HALM = ClientFact(_id(30), "De Halm", Decimal("60.00"), DONE_ON, {DEED.id: ACCEPTANCE})
RAAF = ClientFact(_id(31), "De Raaf", Decimal("40.00"), DONE_ON, {DEED.id: ACCEPTANCE})
HANDOVERS = tuple(
    HandoverFact(
        _id(40 + number),
        kind,
        f"The {kind}",
        True,
        90,
        None,
        DONE_ON,
        DONE_ON,
        confirmed=(DeliveryFact(DONE_ON, DONE_ON, DONE_ON),),
    )
    for number, kind in enumerate(HandoverKind)
)
REGISTRATIONS = {
    scheme_type: RegistrationFact(
        id=_id(50 + number),
        service_name=f"Our {scheme_type}",
        scheme_type=scheme_type,
        state=SchemeState.ACTIVE,
        foundation_id=9,
        scope_understood_on=DONE_ON,
        uncovered_services="Telephony",
        portfolio_changed_on=None,
        monthly_cost=Decimal("100.00"),
        duration_months=3,
        declared_bankrupt_on=None,
        agreements=(FRAMEWORK, SUPPLY, PROCESSOR),
        counterparty=PARTNER,
        contacts=CONTACTS,
        deeds=(OLD_DEED, DEED),
        clients=(HALM, RAAF),
        handovers=HANDOVERS,
    )
    for number, scheme_type in enumerate(SchemeType)
}
# Whoever asked yesterday still waits for nothing.
ASKED = RequestFact(_id(60), "De Halm", RequestState.ASKED, DONE_ON, None, None, None)
REGISTRATIONS[SchemeType.STANDARD_SOFTWARE] = replace(REGISTRATIONS[SchemeType.STANDARD_SOFTWARE], requests=(ASKED,))
SCHEME = ContinuityFacts(tuple(REGISTRATIONS.values()))


def registered(scheme_type: SchemeType, **changes: Any) -> ContinuityFacts:
    """Return one registration with fields replaced."""
    return ContinuityFacts((replace(REGISTRATIONS[scheme_type], **changes),))
