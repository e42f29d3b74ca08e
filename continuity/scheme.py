"""The scheme as data: three types and thirteen duties, with the ids everything else refers to.

Source: the scheme's own page (continuiteitsregeling.nl, "De regeling").
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from continuity.models import AgreementKind, FeeEvery, HandoverKind, NoticeUnit, SchemeParty, SchemeType
from core.i18n import Language, language

TYPE_LABELS = {
    SchemeType.HOSTING: _l("Hosting"),
    SchemeType.SERVER_MANAGEMENT: _l("Server management"),
    SchemeType.STANDARD_SOFTWARE: _l("Standard software"),
}
TYPE_QUESTIONS = {
    SchemeType.HOSTING: _l("Do you buy hosting services and sell them on to your clients?"),
    SchemeType.SERVER_MANAGEMENT: _l("Do you manage servers for your clients?"),
    SchemeType.STANDARD_SOFTWARE: _l("Do you supply licences on standard software, such as Microsoft 365?"),
}
TYPE_PROMISES = {
    SchemeType.HOSTING: _l(
        "If your company goes bankrupt, the foundation delivers the hosting to your clients for three months, "
        "together with the upstream supplier where you buy it."
    ),
    SchemeType.SERVER_MANAGEMENT: _l(
        "If your company goes bankrupt, the foundation has your clients' servers managed for three months "
        "by a partner company that you choose."
    ),
    SchemeType.STANDARD_SOFTWARE: _l(
        "If your company goes bankrupt, the foundation has the licences delivered to your clients for three months "
        "by a partner company that you choose."
    ),
}
# Hosting goes on with the supplier where it is bought; the other two types need somebody who steps in.
COUNTERPARTY_LABELS = {
    SchemeType.HOSTING: _l("Upstream supplier"),
    SchemeType.SERVER_MANAGEMENT: _l("Partner company"),
    SchemeType.STANDARD_SOFTWARE: _l("Partner company"),
}
DELIVERS_ON_LABELS = {
    SchemeType.HOSTING: _l("The supplier will not stop the service and delivers it to the foundation for three months"),
    SchemeType.SERVER_MANAGEMENT: _l("The partner manages the servers for three months, by order of the foundation"),
    SchemeType.STANDARD_SOFTWARE: _l("The partner delivers the licences for three months, by order of the foundation"),
}
AGREEMENT_LABELS = {
    AgreementKind.FRAMEWORK: _l("Framework agreement with the foundation"),
    AgreementKind.SUPPLY: _l("Agreement of the foundation with the upstream supplier or partner"),
    AgreementKind.SERVICE: _l("Service contract with a client"),
    AgreementKind.PROCESSOR: _l("Processor agreement with the foundation (GDPR)"),
}
FEE_LABELS = {
    FeeEvery.MONTH: _l("Every month"),
    FeeEvery.YEAR: _l("Every year"),
    FeeEvery.ONCE: _l("Once"),
}
NOTICE_LABELS = {NoticeUnit.MONTHS: _l("months"), NoticeUnit.DAYS: _l("days")}
# Between whom; the other party of a framework agreement is the foundation, of a service contract the client.
AGREEMENT_PARTIES = {
    AgreementKind.FRAMEWORK: (_l("The supplier"), _l("The foundation")),
    AgreementKind.SUPPLY: (_l("The foundation"), _l("The upstream supplier or partner")),
    AgreementKind.SERVICE: (_l("The supplier"), _l("The client")),
    AgreementKind.PROCESSOR: (_l("The supplier"), _l("The foundation")),
}
# When what was done has to be done again.
RHYTHMS = {
    "scheme.type": _l("Again when your services change."),
    "scheme.framework-agreement": _l("Look again before it ends, or before the last day to give notice."),
    "scheme.partner-chosen": _l("Look again every year."),
    "scheme.partner-informed": _l("Ask again every year."),
    "scheme.supply-agreement": _l("Look again before it ends, or before the last day to give notice."),
    "scheme.beneficiary-deed": _l("Again when the text changes."),
    "scheme.acceptances": _l("Again when the text of the deed changes."),
    "scheme.documentation": _l("Hand over again when it is too old, and at once when it changes."),
    "scheme.logins": _l("Hand over again when it is too old, and at once when it changes."),
    "scheme.other-information": _l("Hand over again when it is too old, and at once when it changes."),
    "scheme.communication": _l("Check the names and numbers again in time."),
    "scheme.period": _l("Runs only after a declaration of bankruptcy."),
    "scheme.funding": _l("Again when the cost or a fee changes."),
}
HANDOVER_LABELS = {
    HandoverKind.DOCUMENT: _l("Documentation"),
    HandoverKind.LOGIN: _l("Login codes"),
    HandoverKind.INFORMATION: _l("Other information"),
}
PARTY_LABELS = {
    SchemeParty.COMPANY: _l("Your company"),
    SchemeParty.FOUNDATION: _l("The foundation"),
    SchemeParty.PARTNER: _l("The partner company"),
}
SCOPE_WARNINGS = {
    SchemeType.HOSTING: _l(
        "This scheme protects only the hosting service that you pass through to your clients. "
        "Your other services and products are not inventoried and not secured."
    ),
    SchemeType.SERVER_MANAGEMENT: _l(
        "This scheme protects only the management of your clients' servers. "
        "Your other services and products are not inventoried and not secured."
    ),
    SchemeType.STANDARD_SOFTWARE: _l(
        "This scheme protects only that your clients keep a licence on the named standard software. "
        "Your other services and products are not inventoried and not secured."
    ),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of the scheme and the types it applies to."""

    id: str
    applies_to: frozenset[SchemeType]
    title_nl: str
    title_en: str
    complete_when: str
    falls_due: str

    @property
    def title(self) -> str:
        """Return the title in the language of the reader."""
        return self.title_in(language())

    def title_in(self, chosen: Language) -> str:
        """Return the title in `chosen`."""
        return self.title_en if chosen is Language.ENGLISH else self.title_nl


@cache
def duties() -> tuple[Duty, ...]:
    """Return the thirteen duties in order."""
    path = Path(__file__).with_name("scheme.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Duty(
                row["id"],
                frozenset(SchemeType(name) for name in row["applies_to"].split()),
                row["title_nl"],
                row["title_en"],
                row["complete_when"],
                row["falls_due"],
            )
            for row in csv.DictReader(file)
        )


@cache
def by_id() -> dict[str, Duty]:
    """Return the duties by their id."""
    return {duty.id: duty for duty in duties()}


def of_type(scheme_type: SchemeType) -> tuple[Duty, ...]:
    """Return the duties that apply to one type."""
    return tuple(duty for duty in duties() if scheme_type in duty.applies_to)
