"""A delivery sealed to two officers of the foundation whose secret keys a test holds, and the steps of opening it."""

import base64
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

import pyrage

from tenants import services as people
from tenants.models import Role
from tests.cast import JOINED, Cast, Organisation, Person
from tests.continuity.envelopes import Officer, officer, parts_for, tar, trust
from tests.continuity.world import World
from tests.visitor import Visitor

Visitors = Callable[[Person], Visitor]
Scoped = Callable[[Organisation], AbstractContextManager[None]]
PURPOSE = "Yearly drill with Bulk Hosting."
SECRET = "geheim van web-01"
SPECIFICATION = "Administrators of web-01."


@dataclass(frozen=True, slots=True)
class Vault:
    """A delivery sealed to two officers, in the order in which they open it."""

    first: Officer
    second: Officer
    delivery_id: UUID
    path: str
    parts: dict[str, bytes]

    @property
    def layer(self) -> bytes:
        """Return what comes out of the outer layer."""
        wrapped = self.parts[f"pairs/{self.first.fingerprint}-{self.second.fingerprint}.age"]
        return bytes(pyrage.decrypt(wrapped, [self.first.identity]))

    @property
    def passed_on(self) -> dict[str, str]:
        """Return what the first officer sends."""
        return {"second": self.second.fingerprint, "half": base64.b64encode(self.layer).decode()}


def fill(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> Vault:
    """Seal a delivery to the owner of the foundation and an editor who was its reader."""
    with scope_of(cast.foundation):
        people.add_member(cast.foundation.id, cast.foundation_reader.id, Role.EDITOR, at=JOINED)
        pair = sorted(
            (officer(cast.foundation_owner), officer(cast.foundation_reader)), key=lambda one: one.fingerprint
        )
    with scope_of(cast.supplier):
        trust(cast.foundation.id, *pair)
    parts, _codes = parts_for(*pair, secret=SECRET.encode())
    sent = {
        "version": "1",
        "delivered_by": "S. Owner",
        "specification": SPECIFICATION,
        "envelope": (io.BytesIO(tar(parts)), "delivery.tar"),
    }
    seal = visitor(cast.supplier_owner).post(f"{world.path}/handovers/{world.item_id}/seal", sent)
    delivery_id = UUID(re.findall(r"[0-9a-f-]{36}", str(seal.location))[-1])
    path = f"{world.registrant_path}/deliveries/{delivery_id}"
    return Vault(pair[0], pair[1], delivery_id, path, parts)


def asked(officer_: Visitor, vault: Vault) -> str:
    """Ask to open it; return the address of the opening."""
    answer = officer_.post(f"{vault.path}/open", {"purpose": PURPOSE})
    assert answer.status_code == 302
    return str(answer.location)


def at_supplier(world: World, address: str) -> str:
    return f"{world.path}/openings/{address.rpartition('/')[2]}"
