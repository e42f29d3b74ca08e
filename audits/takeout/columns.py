"""Which rows a takeout holds, which columns it leaves out and why, and how bytes become readable."""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from core.db import Base
from plans.calamity.frozen import readable as frozen
from plans.importing.cells import unpacked
from plans.registers.undo.steps import readable
from plans.versions import content as versions
from tenants.models import LinkedIdentity, SignOnDomain
from tenants.owned import TenantOwned

# A column that is not here is in the takeout; a test walks every table.
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("webhook", "secret"): "signs what this installation tells, of no use elsewhere",
    ("webhook", "former_secret"): "as webhook.secret, for a day after it was renewed",
    ("handover_opening", "half_secret"): "sealed to an officer of the foundation, and gone when the opening ends",
    ("deed_invitation", "code_hash"): "answers for a client, for some minutes",
    ("sign_on_provider", "client_secret"): "a secret between the provider and this installation, of no use elsewhere",
}
# Rows that tell of an organisation although they are nobody's own.
ABOUT_IT: tuple[tuple[type[Base], str], ...] = ((SignOnDomain, "organisation_id"), (LinkedIdentity, "organisation_id"))
# Tables that name an organisation and are not in its takeout, and why.
WITHOUT: Mapping[str, str] = {
    "api_key": "hashes of the secrets of tokens, of no use elsewhere",
    "tenant_change": "a mark that lives until the next judgement",
    "tenant_key": "keys of this installation; the takeout holds what they open",
    "mailed_link": "hashes of links that were mailed, of no use elsewhere",
    "certificate_token": "hashes of the secrets in addresses of certificates, of no use elsewhere",
    "paper_token": "hashes of the secrets on papers, of no use elsewhere",
    "outbox_mail": "mail that waits; its text is thrown away once it was sent",
    "trail_head": "the end of the trail, which stands in the last row of trail_entry",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One table of the takeout. owner: the column that names the organisation where the lock does not fill it in."""

    model: type[Base]
    owner: str = ""

    @property
    def name(self) -> str:
        """Return the name of the table, which is the name of its file."""
        return str(self.model.__tablename__)

    @property
    def columns(self) -> list[InstrumentedAttribute[Any]]:
        """Return the columns that are written, in the order of the table."""
        kept = [one.key for one in sa.inspect(self.model).column_attrs if (self.name, one.key) not in LEFT_OUT]
        return [cast(InstrumentedAttribute[Any], getattr(self.model, key)) for key in kept]

    @property
    def about(self) -> str:
        """Return in one paragraph what a row is."""
        return " ".join((self.model.__doc__ or "").split())


def sources() -> list[Source]:
    """Return every table of a takeout, sorted by name."""
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    owned = [Source(cast(type[Base], one)) for one in mapped if issubclass(one, TenantOwned)]
    return sorted([*owned, *(Source(model, owner) for model, owner in ABOUT_IT)], key=lambda source: source.name)


def _sheet(kept: bytes) -> object:
    """Return the cells of an uploaded sheet that was not brought in yet, row by row."""
    return [[str(value) if value is not None else None for value in row] for row in unpacked(kept).rows]


def _packed(kept: bytes) -> object:
    """Return compressed JSON: what could not be used of an uploaded sheet, what was judged, rows of an earlier day."""
    return json.loads(zlib.decompress(kept))


# Bytes that hold more than a fingerprint; all others are written in hexadecimal.
READABLE: Mapping[tuple[str, str], Callable[[bytes], object]] = {
    ("calamity", "frozen"): frozen,
    ("evaluation", "judged"): _packed,
    ("kept_rows", "content"): _packed,
    ("import_sheet", "cells"): _sheet,
    ("import_sheet", "report"): _packed,
    ("register_change", "content"): readable,
    ("plan_content", "packed"): versions.readable,
}
