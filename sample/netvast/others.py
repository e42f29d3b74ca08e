"""Two more services of NetVast: one on its way, whose partner is asked by a link, and one that was ended."""

from datetime import timedelta
from decimal import Decimal

from continuity.models import (
    Agreement,
    AgreementKind,
    By,
    CaseStage,
    Counterparty,
    Registration,
    SchemeState,
    SchemeType,
    TriggerCase,
    TriggerKind,
    TriggerProof,
)
from continuity.registrations.asking import fingerprint
from continuity.registrations.states import move, settle
from core import db
from core.i18n import Language
from sample.days import Days
from sample.foundation import SECRETARY
from sample.organisations import FOUNDATION
from tenants.models import SchemeLink, Topic

LICENCES, ENDED = "Microsoft 365-licenties", "Werkplekbeheer op afstand"
PARTNER, CONTACT = "Licentiehuis Noord BV", "Femke Postma"
ASKED = 4


def fill(days: Days, foundation_id: int, hosting: Registration) -> None:
    """Add both, and a signal about the hosting that the foundation keeps in mind."""
    licences = _registration(LICENCES, SchemeType.STANDARD_SOFTWARE, foundation_id, days)
    licences.supplies_licences = True
    db.session().add(
        Agreement(
            registration_id=licences.id,
            kind=AgreementKind.FRAMEWORK,
            party=FOUNDATION.values.name,
            reference="MO-021",
            first_signed_on=days.ago(40),
            first_signed_by="Ruben Visser, directeur",
            second_signed_on=days.ago(38),
            second_signed_by=f"{SECRETARY}, secretaris",
            starts_on=days.ago(38),
            ends_on=days.ahead(690),
            fee=Decimal("300.00"),
        )
    )
    partner = Counterparty(
        registration_id=licences.id,
        name=PARTNER,
        contact_name=CONTACT,
        phone="+31502000660",
        email="femke@licentiehuis.example",
        chosen_on=days.ago(12),
        knows_on=days.ago(10),
        knows_by=f"{CONTACT}, accountmanager",
    )
    db.session().add(partner)
    settle(licences)
    db.session().add(_asked(licences, partner, days))
    ended = _registration(ENDED, SchemeType.SERVER_MANAGEMENT, foundation_id, days)
    ended.manages_servers = True
    move(ended, SchemeState.TERMINATED, By.SUPPLIER, reason="Wij leveren deze dienst niet meer.")
    db.session().add(_signal(hosting, days))
    db.session().flush()


def _registration(name: str, scheme_type: SchemeType, foundation_id: int, days: Days) -> Registration:
    row = Registration(
        service_name=name,
        scheme_type=scheme_type,
        foundation_id=foundation_id,
        scope_understood_on=days.ago(45),
        uncovered_services="Werkplekken, telefonie en maatwerk.",
        duration_months=3,
    )
    db.session().add(row)
    db.session().flush()
    return row


def _asked(owner: Registration, partner: Counterparty, days: Days) -> SchemeLink:
    """Return a link that was sent; nobody has its secret any more, as after the mail was sent."""
    return SchemeLink(
        topic=Topic.WILLING,
        subject_id=partner.id,
        label=owner.service_name,
        fingerprint=fingerprint(owner, partner),
        name=CONTACT,
        email=partner.email,
        language=Language.DUTCH,
        sent_by="Ruben Visser",
        sent_at=days.at(ASKED),
        answered_at=None,
        revoked_at=None,
    )


def _signal(hosting: Registration, days: Days) -> TriggerCase:
    """Return what the foundation heard of and keeps in mind."""
    return TriggerCase(
        registration_id=hosting.id,
        kind=TriggerKind.TAKE_OVER,
        stage=CaseStage.SIGNAL,
        happened_on=days.ago(25),
        proof=TriggerProof.TRADE_REGISTER,
        reference="KvK, wijziging bestuur",
        note="Er is een tweede bestuurder ingeschreven. Nagevraagd: een uitbreiding, geen overname.",
        filed_at=days.at(24) + timedelta(hours=1),
        filed_by=SECRETARY,
        filed_by_id=None,
    )
