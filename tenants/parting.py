"""What ends with somebody's membership on the floors above: keys they held for the organisation.

The continuity floor knows what that is; the assembly connects the two.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import Flask, current_app

from tenants.scope import Actor

EXTENSION = "waarborg.parting"


class Parting(Protocol):
    """Ends what people held, in the transaction that ends their membership or takes their right to change things."""

    def part(self, tenant_id: int, user_ids: Collection[UUID], actor: Actor, *, at: datetime) -> None:
        """End what these people held for the organisation. The scope that was open is open again afterwards.

        actor: who ended the membership; at: aware UTC. Rows read before are no longer attached to the session.
        """


def connect(app: Flask, parting: Parting) -> None:
    """Let this floor tell `parting`."""
    app.extensions[EXTENSION] = parting


def part(tenant_id: int, user_ids: Collection[UUID], actor: Actor, *, at: datetime) -> None:
    """Tell the floors above that these people hold nothing for the organisation any more."""
    found: Parting | None = current_app.extensions.get(EXTENSION)
    if found is not None and user_ids:
        found.part(tenant_id, user_ids, actor, at=at)
