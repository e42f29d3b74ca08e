"""Who can be asked, what is held about them, and what they said must change."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from core.i18n import Language
from plans.intervals import Interval, of_party
from plans.models import Asset, AssetKind, Contact, Correction, ExternalParty, LicenceKeeper
from plans.registers.columns import register
from plans.registers.display import shown
from plans.registers.shape import Register


class Whom(StrEnum):
    """Of whom something is asked."""

    CONTACT = "contact"
    PARTY = "party"


REGISTER_OF: dict[Whom, Register] = {Whom.CONTACT: register("contacts"), Whom.PARTY: register("parties")}
# What somebody is shown of themselves, and may correct.
HELD = {
    Whom.CONTACT: ("name", "job_title", "department", "phone", "phone_2", "email"),
    Whom.PARTY: ("name", "contact_name", "phone", "email", "reference"),
}
CORRECTED = {Whom.CONTACT: ("phone", "phone_2", "email"), Whom.PARTY: ("contact_name", "phone", "email")}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that somebody is asked about."""

    id: UUID
    name: str
    quantity: int | None
    expires_on: date | None
    perpetual: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about a person or a firm. greeting: whom to write to; licences: those to ask about.

    interval: within which it is confirmed again.
    """

    whom: Whom
    id: UUID
    version: int
    name: str
    greeting: str
    email: str
    language: Language | None
    confirmed_on: date | None
    interval: Interval
    texts: tuple[tuple[str, str], ...]
    licences: tuple[Licence, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return a digest of what is held: a link about something else says nothing about this."""
        told = repr((self.id, self.texts, [(one.name, one.quantity, one.expires_on) for one in self.licences]))
        return hashlib.sha256(told.encode()).hexdigest()

    def lines(self) -> list[tuple[Any, str]]:
        """Return what is held, each with its label; what is empty is left out."""
        columns = REGISTER_OF[self.whom]
        return [(columns.column(name).label, text) for name, text in self.texts if text]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A correction that nobody decided about. changes: label, what is held now, and what it should become.

    version: of the record it is about, as it is held now.
    """

    id: UUID
    version: int
    name: str
    note: str
    proposed_by: str
    proposed_on: date
    changes: Sequence[tuple[Any, str, str]]


def held(whom: Whom, ids: Sequence[UUID] | None = None) -> list[Held]:
    """Return what is held about everybody in use, or those among `ids`: longest unconfirmed first, then by name."""
    model: Any = Contact if whom is Whom.CONTACT else ExternalParty
    query = sa.select(model).where(model.archived_at.is_(None))
    rows = db.session().scalars(query if ids is None else query.where(model.id.in_(ids)))
    licences = _licences(whom)
    found = [_held(whom, row, _of(row, licences)) for row in rows]
    return sorted(found, key=lambda one: (one.confirmed_on or date.min, one.name.casefold(), one.id))


def _of(row: Any, licences: Mapping[UUID | str, list[Licence]]) -> tuple[Licence, ...]:
    """Return the licences somebody is asked about: those that a firm delivers, and those they were chosen for."""
    own = [*licences.get(row.id, ()), *licences.get(row.name.strip().casefold(), ())]
    return tuple(sorted(own, key=lambda one: (one.name, one.id)))


def _held(whom: Whom, row: Any, licences: tuple[Licence, ...]) -> Held:
    texts = tuple((name, str(getattr(row, name))) for name in HELD[whom])
    greeting = row.name if whom is Whom.CONTACT else row.contact_name or row.name
    spoken = row.language if whom is Whom.CONTACT else None
    return Held(
        whom,
        row.id,
        row.version,
        row.name,
        greeting,
        row.email.strip().lower(),
        spoken,
        row.confirmed_on,
        Interval.CONTACT if whom is Whom.CONTACT else of_party(row.kind),
        texts,
        licences,
    )


def _licences(whom: Whom) -> dict[UUID | str, list[Licence]]:
    """Return the licences in use by whom they are asked of: the one who was chosen, else the firm named as supplier."""
    chosen = keepers()
    query = sa.select(Asset.supplier, Asset.id, Asset.name, Asset.quantity, Asset.expires_on, Asset.perpetual).where(
        Asset.kind == AssetKind.LICENCE, Asset.archived_at.is_(None)
    )
    found: dict[UUID | str, list[Licence]] = defaultdict(list)
    for row in db.session().execute(query):
        keeper, supplier = chosen.get(row.id), row.supplier.strip().casefold()
        licence = Licence(row.id, row.name, row.quantity, row.expires_on, row.perpetual)
        if keeper is not None:
            found[keeper.id].append(licence)
        elif whom is Whom.PARTY and supplier:
            found[supplier].append(licence)
    return found


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who is asked about a licence: a contact or an external party that is still in use."""

    whom: Whom
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Loose:
    """A licence that no external party is named for as supplier. keeper: who was chosen to be asked, if anybody."""

    id: UUID
    name: str
    supplier: str
    confirmed_on: date | None
    keeper: Keeper | None


def keepers() -> dict[UUID, Keeper]:
    """Return who was chosen to be asked, by licence. Whoever was put away since does not count."""
    row, found = LicenceKeeper, dict[UUID, Keeper]()
    for whom, model, column in (
        (Whom.CONTACT, Contact, row.contact_id),
        (Whom.PARTY, ExternalParty, row.party_id),
    ):
        kept: Any = model
        query = sa.select(row.asset_id, kept.id, kept.name).join(
            kept, (kept.tenant_id == row.tenant_id) & (kept.id == column)
        )
        for asset_id, keeper_id, name in db.session().execute(query.where(kept.archived_at.is_(None))):
            found[asset_id] = Keeper(whom, keeper_id, name)
    return found


def loose_licences() -> list[Loose]:
    """Return the licences in use whose supplier is no external party: those that nobody is asked about first."""
    chosen = keepers()
    names = db.session().scalars(sa.select(ExternalParty.name).where(ExternalParty.archived_at.is_(None)))
    known = {name.strip().casefold() for name in names}
    query = sa.select(Asset.id, Asset.name, Asset.supplier, Asset.confirmed_on).where(
        Asset.kind == AssetKind.LICENCE, Asset.archived_at.is_(None)
    )
    rows = [Loose(*row, chosen.get(row.id)) for row in db.session().execute(query)]
    found = [one for one in rows if one.keeper or one.supplier.strip().casefold() not in known]
    return sorted(found, key=lambda one: (one.keeper is not None, one.confirmed_on or date.min, one.name.casefold()))


def open_corrections() -> list[Proposed]:
    """Return what people said must change and nobody decided about, the earliest first."""
    query = sa.select(Correction).where(Correction.decided_at.is_(None)).order_by(Correction.proposed_on, Correction.id)
    rows = list(db.session().scalars(query))
    now = {one.id: one for whom in Whom for one in held(whom)} if rows else {}
    return [_proposed(row, now[about]) for row in rows if (about := row.contact_id or row.party_id) in now]


def _proposed(row: Correction, now: Held) -> Proposed:
    columns, texts = REGISTER_OF[now.whom], dict(now.texts)
    told = [(columns.column(name), texts[name], str(text)) for name, text in row.values.items()]
    changes = [(one.label, shown(one, old, {}), shown(one, new, {})) for one, old, new in told]
    return Proposed(row.id, now.version, now.name, row.note, row.proposed_by, row.proposed_on, changes)
