"""The beneficiary deed, its clients and who accepted which version."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from continuity.deed.conditions import proposed
from continuity.deed.services import digest_of
from continuity.models import (
    Acceptance,
    Addressee,
    Authority,
    Client,
    DeclarationKind,
    DeedState,
    DeedVersion,
)
from core import db
from core.i18n import Language
from sample.days import Days
from sample.netvast import answers

TEXT = (
    "De stichting biedt de klant deze begunstiging aan. Wordt {supplier} failliet verklaard, dan heeft de klant zelf "
    "het recht de stichting om continuïteit te verzoeken. De stichting levert de dienst {service} dan gedurende drie "
    "maanden aan de klant, samen met {partner}, tegen een vergoeding van de klant.\n\n"
    "De klant aanvaardt de begunstiging door een verklaring aan de stichting of aan {supplier}. Vanaf dat moment is "
    "de klant partij bij de mantelovereenkomst, voor zover die over de begunstiging gaat.\n\n"
    "De begunstiging geldt alleen voor deze dienst en alleen zolang de klant aan de voorwaarden voldoet."
)
TEXT_EN = (
    "The foundation offers this deed to the client. If {supplier} is declared bankrupt, the client has a right of its "
    "own to ask the foundation for continuity. The foundation then delivers the service {service} to the client for "
    "three months, together with {partner}, against a fee that the client pays.\n\n"
    "The client accepts the deed by a declaration to the foundation or to {supplier}. From then on the client is a "
    "party to the framework agreement, as far as that is about the deed.\n\n"
    "The deed is about this service only, and only as long as the client meets the conditions."
)


@dataclass(frozen=True, slots=True)
class Guest:
    """A client. Days ago: invited, accepted which version, conditions met, said no; None where that did not happen."""

    name: str
    kvk: str
    email: str
    fee: Decimal | None
    invited: int | None = None
    version: int = 0
    accepted: int = 0
    by: str = ""
    function: str = ""
    met: int | None = None
    said_no: int | None = None
    why: str = ""


def add_deed(
    registration_id: UUID,
    number: int,
    text: str,
    text_en: str,
    published_on: date | None,
    superseded_on: date | None = None,
) -> UUID:
    """Add a version of the deed with the proposed conditions and return its id."""
    row = DeedVersion(
        registration_id=registration_id,
        number=number,
        text=text,
        text_en=text_en,
        conditions=list(proposed(Language.DUTCH)),
        conditions_en=list(proposed(Language.ENGLISH)),
        irrevocable_free=False,
        published_on=published_on,
        closed_on=superseded_on,
        closed_as=DeedState.SUPERSEDED if superseded_on else None,
    )
    row.sha256 = digest_of(row) if published_on else ""
    db.session().add(row)
    db.session().flush()
    return row.id


def add_clients(registration_id: UUID, guests: tuple[Guest, ...], deeds: dict[int, UUID], days: Days) -> None:
    """Add the clients of a service and what they accepted. deeds: the ids of the versions by number."""
    for guest in guests:
        client = Client(
            registration_id=registration_id,
            name=guest.name,
            kvk=guest.kvk,
            email=guest.email,
            monthly_fee=guest.fee,
            invited_on=None if guest.invited is None else days.ago(guest.invited),
        )
        db.session().add(client)
        db.session().flush()
        if guest.version:
            _accepted(client, guest, deeds[guest.version], days)
        if guest.invited is not None and deeds:
            _answered(client, guest, db.session().get_one(DeedVersion, (client.tenant_id, deeds[max(deeds)])), days)
    db.session().flush()


def _accepted(client: Client, guest: Guest, deed_id: UUID, days: Days) -> None:
    """Note what a client accepted; of one that does not meet all conditions the first two were looked at."""
    ended = guest.version and guest.said_no is not None
    row = Acceptance(
        client_id=client.id,
        deed_version_id=deed_id,
        accepted_on=days.ago(guest.accepted),
        accepted_by=guest.by,
        accepted_as=guest.function,
        authority=Authority.REGISTER,
        addressee=Addressee.FOUNDATION,
        conditions_met_on=None if guest.met is None else days.ago(guest.met),
        ended_on=days.ago(guest.said_no or 0) if ended else None,
        ended_why=guest.why if ended else "",
    )
    db.session().add(row)
    db.session().flush()
    deed = db.session().get_one(DeedVersion, (client.tenant_id, deed_id))
    answers.check(row, deed, len(deed.conditions) if row.conditions_met_on else 2)


def _answered(client: Client, guest: Guest, newest: DeedVersion, days: Days) -> None:
    """Note that a client was asked by a link to accept the newest version, and what it answered."""
    assert guest.invited is not None
    accepted = guest.version == newest.number
    looked = guest.accepted if accepted else guest.said_no
    answers.invite(
        client,
        newest,
        days.at(guest.invited, 10),
        viewed_at=None if looked is None else days.at(looked, 9),
        reminders=0 if accepted else 1,
    )
    by = guest.by, guest.function
    if accepted:
        answers.declare(client, newest, DeclarationKind.ACCEPT, by, days.at(guest.accepted, 9))
    if guest.said_no is not None:
        kind = DeclarationKind.WITHDRAW if accepted else DeclarationKind.REJECT
        answers.declare(client, newest, kind, by, days.at(guest.said_no, 11), guest.why)
