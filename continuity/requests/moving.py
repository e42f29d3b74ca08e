"""A client says by its own link where it is written to from now on: it needs nobody of its supplier for that."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from continuity.acceptance.declaring import Matter
from continuity.clients.changing import move_by_client
from continuity.errors import Refused
from continuity.period import period
from continuity.requests import linking
from continuity.requests.client_side import prove
from continuity.requests.queries import held_acceptance
from continuity.requests.telling import contact_text
from core import db
from tenants.mail import letters

LETTER = "client_moved"


def may_move(matter: Matter) -> bool:
    """Tell whether a client can say where it is written to: its supplier does so until the period begins."""
    return matter.at_work and held_acceptance(matter.client) is not None


def move_by_link(matter: Matter, code: str, name: str, email: str, *, at: datetime) -> None:
    """Write to a client at another address from now on, with the code that was mailed to the one of before.

    Both addresses are told; the new one gets a link. Those of before go on working: they went to the client itself.
    Raises WrongCode, Refused for the address of before, and LookupError where it is its supplier's to say still.
    """
    prove(matter, code, at=at)
    db.session().refresh(matter.registration)
    db.session().refresh(matter.client)
    if not may_move(matter):
        raise LookupError("the period does not run")
    before = matter.invitation.email
    if email.casefold() == before.casefold():
        raise Refused(_l("We write to this address already."), "email")
    move_by_client(matter.client, email, by=name, at=at)
    owner = matter.registration
    running = period(owner.declared_bankrupt_on, owner.duration_months)
    assert running is not None
    addresses, until = linking.mint(owner.tenant_id, [matter.invitation.id], running, at=at, beside=True)
    words = {
        "client": matter.client.name,
        "name": name,
        "service": matter.parties.service,
        "foundation": matter.parties.foundation,
        "contact": contact_text(owner),
        "until": until,
    }
    for to, link in {before: "", email: addresses[matter.invitation.id]}.items():
        told = {**words, "link": link}
        letters.write(LETTER, to, matter.invitation.language, told, organisation_id=owner.tenant_id)
    db.session().flush()
