"""The link to its own page that a client is mailed: minted with the mail that carries it, kept nowhere else.

A copy of the database opens no page, because only a digest of a link is kept. So no mail can carry an earlier link:
each that carries one makes it anew. Beside letters about a request the earlier ones go on working, as they went to the
same mailbox: a page that was kept for the worst day must not close because a reminder came.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from continuity.models import Acceptance, ClientRequest, DeedInvitation
from continuity.period import Period
from core import db
from tenants import links
from tenants.models import LinkPurpose

PAGE = "request_link.show"
# The answer and the list can still be read for so long after the period.
AFTERWARDS = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A link that works until a moment. invitation: on which it hangs."""

    invitation: DeedInvitation
    address: str
    until: datetime


def mint(
    owner_id: int, invitation_ids: Collection[UUID], running: Period, *, at: datetime, beside: bool = False
) -> tuple[dict[UUID, str], datetime]:
    """Make the links of these invitations of one supplier anew; the letters that carry them are to follow.

    beside: those of before go on working. Returns their addresses, and until when they work: beyond the end of the
    period.
    """
    # The period may be longer than a link of the deed lives.
    until = at + max(links.LIFE[LinkPurpose.DEED], timedelta(days=(running.last_on - at.date()).days) + AFTERWARDS)
    tokens = links.make_many(
        LinkPurpose.DEED, invitation_ids, email="", organisation_id=owner_id, at=at, until=until, beside=beside
    )
    return {about: links.address(PAGE, token) for about, token in tokens.items()}, until


def link_for(row: ClientRequest, to: str, running: Period | None, *, at: datetime) -> Fresh | None:
    """Return a link for a mail about a request, None where `to` is not the mailbox that the client was invited at.

    Codes go to that mailbox and nowhere else, so does the link: an address that somebody told an officer by phone, or
    that of a person who asked signed in, gets none. None, too, where the invitation was taken back.
    """
    if running is None:
        return None
    query = (
        sa.select(DeedInvitation)
        .join(
            Acceptance,
            sa.and_(
                Acceptance.tenant_id == DeedInvitation.tenant_id,
                Acceptance.client_id == DeedInvitation.client_id,
                Acceptance.deed_version_id == DeedInvitation.deed_version_id,
            ),
        )
        .where(
            DeedInvitation.tenant_id == row.tenant_id,
            Acceptance.id == row.acceptance_id,
            DeedInvitation.revoked_at.is_(None),
        )
    )
    found = db.session().scalar(query)
    if found is None or found.email != to:
        return None
    addresses, until = mint(row.tenant_id, [found.id], running, at=at, beside=True)
    return Fresh(found, addresses[found.id], until)
