"""What a client declares by its link: accept, reject, withdraw; and the foundation's answer to a late acceptance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.acceptance import queries
from continuity.acceptance.codes import LIFE, new_code, spend_code
from continuity.acceptance.receipt import Parties, set_receipt
from continuity.acceptance.states import AcceptanceStep, Said, state_of, take
from continuity.agreements.documents import Document
from continuity.deed.states import Who
from continuity.errors import Refused
from continuity.models import (
    Acceptance,
    Addressee,
    Authority,
    Client,
    Declaration,
    DeclarationKind,
    DeedInvitation,
    DeedState,
    DeedVersion,
    Registration,
)
from continuity.registrations.ended import zone_of
from continuity.registrations.history import told_end
from continuity.registrations.states import AT_WORK, ENDED
from core import db, mail
from core.clock import day_of
from core.files import files
from core.i18n import Language
from plans.turns import take_turn
from tenants import links, trail
from tenants.mail import letters
from tenants.models import LinkPurpose

CODE_LETTER, RECEIPT_LETTER, DECIDED_LETTER = "deed_code", "deed_receipt", "deed_decided"
CODES_AN_HOUR = 5
# The receipt can be fetched by the link for so long.
RECEIPT_LIFE = timedelta(days=730)
_K = DeclarationKind
EVENTS = {
    _K.ACCEPT: "deed.accepted",
    _K.LATE: "deed.accepted_late",
    _K.REJECT: "deed.rejected",
    _K.WITHDRAW: "deed.withdrawn",
    _K.ADMIT: "deed.admitted",
    _K.REFUSE: "deed.not_admitted",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One client and one version of the deed, with everything a declaration needs."""

    invitation: DeedInvitation
    client: Client
    deed: DeedVersion
    registration: Registration
    parties: Parties

    @property
    def triggered(self) -> bool:
        """Tell whether the supplier was declared bankrupt: an acceptance is late from then on."""
        return self.registration.declared_bankrupt_on is not None

    @property
    def at_work(self) -> bool:
        """Tell whether the scheme was triggered and did not end: a client that accepted may ask for continuity."""
        return self.registration.state in AT_WORK

    @property
    def over(self) -> bool:
        """Tell whether the scheme has ended."""
        return self.registration.state in ENDED

    def past(self, today: date) -> bool:
        """Tell whether the last day that was announced is over, confirmed or not: accepting covers nobody now."""
        ends = None if self.triggered else told_end(self.registration)
        return ends is not None and ends.last_on < today


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person stated. note: the reason of a no, or what proves the authority; link: the page, to mail it."""

    code: str
    name: str
    declared_as: str
    authority: Authority | None
    addressee: Addressee | None
    note: str
    document: Document | None
    link: str


class WrongCode(Refused):
    """The code is not the newest one, too old or used."""


def send_code(matter: Matter, *, at: datetime) -> None:
    """Mail a code to the address of the invitation, and note that somebody looked.

    Raises Refused when nothing can be declared now, or the address was written to too often.
    Source: decisions (is a click a declaration).
    """
    take_turn()
    row = matter.invitation
    said, acceptance = _where(matter)
    state = state_of(row, acceptance, said)
    if acceptance is None or acceptance.ended_on is not None:
        _refuse_closed(matter, at)
        take(AcceptanceStep.VIEW, state, Who.CLIENT, triggered=matter.triggered)
        row.viewed_at = row.viewed_at or at
    if mail.queued_since(row.email, CODE_LETTER, at - timedelta(hours=1)) >= CODES_AN_HOUR:
        raise Refused(_l("Several codes were sent to this address just now. Wait an hour."))
    words = {
        "code": new_code(row, at=at),
        "client": matter.client.name,
        "supplier": matter.parties.supplier,
        "until": at + LIFE,
    }
    letters.write(
        CODE_LETTER, row.email, row.language, words, organisation_id=matter.registration.tenant_id, until=at + LIFE
    )
    trail.record("deed.code_sent", "deed_invitation", row.id)
    db.session().flush()


def accept(matter: Matter, stated: Stated, *, at: datetime, today: date) -> Declaration:
    """Write down that the client accepts; after the trigger it is only asked of the foundation.

    Raises WrongCode, and Refused when this version can no longer be accepted or the authority is not shown.
    Source: art. 6:253 BW (1), (3); rules 3.4 B1, B3, B7, B8; scheme.acceptances.
    """
    take_turn()
    said, acceptance = _where(matter)
    _refuse_closed(matter, at)
    step = AcceptanceStep.ASK_LATE if matter.triggered else AcceptanceStep.ACCEPT
    take(step, state_of(matter.invitation, acceptance, said), Who.CLIENT, triggered=matter.triggered)
    if stated.authority is not Authority.REGISTER and not (stated.note or stated.document):
        raise Refused(_l("Tell what shows that you may bind the client, or add a file."), "note")
    _spend(matter, stated, at)
    kind = _K.LATE if matter.triggered else _K.ACCEPT
    made = _declare(matter, kind, stated, at=at)
    if kind is _K.ACCEPT:
        _take_in(matter, acceptance, made, accepted_on=today)
    return made


def reject(matter: Matter, stated: Stated, *, at: datetime) -> Declaration:
    """Write down that the client does not accept, and why. Raises WrongCode and Refused."""
    take_turn()
    said, acceptance = _where(matter)
    state = state_of(matter.invitation, acceptance, said)
    take(AcceptanceStep.REJECT, state, Who.CLIENT, triggered=matter.triggered)
    _spend(matter, stated, at)
    return _declare(matter, _K.REJECT, stated, at=at)


def withdraw(matter: Matter, stated: Stated, *, at: datetime, today: date) -> Declaration:
    """Write down that the client withdraws its acceptance, and why. Raises WrongCode and Refused.

    Source: rules 3.4 B10.
    """
    take_turn()
    said, acceptance = _where(matter)
    state = state_of(matter.invitation, acceptance, said)
    take(AcceptanceStep.WITHDRAW, state, Who.CLIENT, triggered=matter.triggered)
    _spend(matter, stated, at)
    assert acceptance is not None  # what withdraws has accepted
    acceptance.ended_on, acceptance.ended_why = max(today, acceptance.accepted_on), stated.note
    return _declare(matter, _K.WITHDRAW, stated, at=at)


def answer_late(
    matter: Matter, late: Declaration, *, admit: bool, reason: str, officer: str, at: datetime, today: date
) -> Declaration:
    """Admit a client that accepted after the trigger, or refuse it; either with a reason, once.

    Raises Refused when it was answered before. Source: rules 3.4 B8; decisions (acceptance after the bankruptcy).
    """
    take_turn()
    said, acceptance = _where(matter)
    step = AcceptanceStep.ADMIT if admit else AcceptanceStep.REFUSE
    take(step, state_of(matter.invitation, acceptance, said), Who.FOUNDATION, triggered=matter.triggered)
    kind = _K.ADMIT if admit else _K.REFUSE
    row = _row(matter, kind, at=at, name=officer, declared_as="", note=reason, answers_id=late.id)
    db.session().add(row)
    if admit:
        _take_in(matter, acceptance, late, accepted_on=today, admitted_by=officer)
    trail.record(EVENTS[kind], "declaration", row.id, name=matter.client.name)
    words = {
        "client": matter.client.name,
        "foundation": matter.parties.foundation,
        "supplier": matter.parties.supplier,
        "service": matter.parties.service,
        "admitted": admit,
        "reason": reason,
    }
    where = matter.registration.tenant_id
    letters.write(DECIDED_LETTER, late.email, matter.invitation.language, words, organisation_id=where)
    db.session().flush()
    return row


def _where(matter: Matter) -> tuple[Said | None, Acceptance | None]:
    """Return what was said last about this version, and its acceptance; all of the matter is then as it is now."""
    told = sa.select(Declaration).where(
        Declaration.tenant_id == matter.client.tenant_id,
        Declaration.client_id == matter.client.id,
        Declaration.deed_version_id == matter.deed.id,
    )
    newest = db.session().scalar(told.order_by(Declaration.declared_at.desc(), Declaration.id.desc()).limit(1))
    # Rows were read before this turn began: another version may be offered by now, or the supplier be bankrupt.
    for row in (matter.invitation, matter.deed, matter.registration):
        db.session().refresh(row)
    said = Said(newest.kind, newest.declared_at) if newest else None
    acceptance = queries.acceptance(matter.client, matter.deed)
    if acceptance is not None:
        db.session().refresh(acceptance)
    return said, acceptance


def _refuse_closed(matter: Matter, at: datetime) -> None:
    if matter.deed.state is not DeedState.OFFERED:
        raise Refused(_l("This version is no longer offered. You will get a mail when there is a newer one."))
    if matter.over or matter.past(day_of(at, zone_of(matter.registration))):
        raise Refused(_l("The scheme has ended, so the deed can no longer be accepted."))


def _spend(matter: Matter, stated: Stated, at: datetime) -> None:
    if not spend_code(matter.invitation, stated.code, at=at):
        raise WrongCode(_l("This code is not right, or too old. Use the code from the newest mail."), "code")


def _declare(matter: Matter, kind: DeclarationKind, stated: Stated, *, at: datetime) -> Declaration:
    row = _row(matter, kind, at=at, name=stated.name, declared_as=stated.declared_as, note=stated.note)
    row.authority, row.addressee = stated.authority, stated.addressee
    drawer = matter.registration.tenant_id
    if stated.document is not None:
        row.file_sha256 = files().put(drawer, stated.document.data)
        row.file_name, row.file_type = stated.document.name, stated.document.media_type.value
    language: Language = matter.invitation.language
    row.receipt_sha256 = files().put(drawer, set_receipt(row, matter.deed, matter.parties, language))
    db.session().add(row)
    until = at + RECEIPT_LIFE
    links.prolong(LinkPurpose.DEED, matter.invitation.id, until)
    words = {"client": matter.client.name, "supplier": matter.parties.supplier, "service": matter.parties.service,
             "kind": kind, "link": stated.link, "until": until}  # fmt: skip
    letters.write(RECEIPT_LETTER, row.email, language, words, organisation_id=drawer)
    trail.record(EVENTS[kind], "declaration", row.id, name=matter.client.name, sha256=row.deed_sha256)
    db.session().flush()
    return row


def _row(
    matter: Matter, kind: DeclarationKind, *, at: datetime, name: str, declared_as: str, note: str,
    answers_id: object = None,
) -> Declaration:  # fmt: skip
    return Declaration(
        tenant_id=matter.client.tenant_id, client_id=matter.client.id, deed_version_id=matter.deed.id, kind=kind,
        name=name, declared_as=declared_as, authority=None, addressee=None, note=note,
        email=matter.invitation.email, declared_at=at, deed_sha256=matter.deed.sha256, file_name="", file_type="",
        file_sha256="", receipt_sha256="", answers_id=answers_id,
    )  # fmt: skip


def _take_in(
    matter: Matter, row: Acceptance | None, said: Declaration, *, accepted_on: date, admitted_by: str = ""
) -> None:
    """Write the acceptance itself; one that ended before begins anew, with its conditions open."""
    if row is None:
        row = Acceptance(tenant_id=matter.client.tenant_id, client_id=matter.client.id, deed_version_id=matter.deed.id)
        db.session().add(row)
    else:
        for one in queries.checks(row).values():
            one.met_on = None
    row.accepted_on, row.accepted_by, row.accepted_as = accepted_on, said.name, said.declared_as
    row.authority, row.addressee, row.admitted_by = said.authority, said.addressee, admitted_by
    row.conditions_met_on, row.ended_on, row.ended_why = None, None, ""
    db.session().flush()
