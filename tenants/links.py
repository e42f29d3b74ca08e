"""Mailed links: a secret that opens one thing, once, for a short while. The database keeps its hash.

Opening such a link only looks (`find`); sending the form behind it uses it up (`spend`).
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import Response, current_app, make_response, render_template
from sqlalchemy import CursorResult

from core import db
from core.settings import Settings
from tenants.models import LinkPurpose, MailedLink

# 192 bits: nobody guesses one of these while it lives.
SECRET_BYTES = 24
LONGEST = 200
LIFE = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.CLIENT: timedelta(days=14),
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.EMAIL_CHANGE: timedelta(days=1),
    LinkPurpose.PLAN: timedelta(days=30),
    LinkPurpose.SCHEME: timedelta(days=30),
    LinkPurpose.DEED: timedelta(days=90),
    LinkPurpose.REMINDER: timedelta(days=30),
}
KEPT = timedelta(days=30)
# Rows in one statement: databases take some thousands of parameters, not any number.
AT_ONCE = 500


def make(purpose: LinkPurpose, *, about: UUID, email: str, organisation_id: int | None = None, at: datetime) -> str:
    """Make a link and return its secret, which exists nowhere else. Earlier ones for the same purpose end now.

    about: what it opens; email: the address it will be sent to; organisation_id: whose row `about` is, if anybody's.
    """
    until = at + LIFE[purpose]
    return make_many(purpose, [about], email=email, organisation_id=organisation_id, at=at, until=until)[about]


def make_many(
    purpose: LinkPurpose,
    abouts: Collection[UUID],
    *,
    email: str,
    organisation_id: int | None = None,
    at: datetime,
    until: datetime,
    beside: bool = False,
) -> dict[UUID, str]:
    """Make a link about each of `abouts`, as `make` does, that works until then; return their secrets.

    beside: those of before go on working. In a number of statements that does not grow with each.
    """
    named = [] if beside else list(abouts)
    for start in range(0, len(named), AT_ONCE):
        _end(at, MailedLink.purpose == purpose, MailedLink.about.in_(named[start : start + AT_ONCE]))
    tokens = {about: secrets.token_urlsafe(SECRET_BYTES) for about in abouts}
    db.session().add_all(
        MailedLink(
            token_hash=_hash(token),
            purpose=purpose,
            about=about,
            organisation_id=organisation_id,
            email=email,
            made_at=at,
            expires_at=until,
            ended_at=None,
            opened_at=None,
        )
        for about, token in tokens.items()
    )
    db.session().flush()
    return tokens


def find(purpose: LinkPurpose, token: str, *, at: datetime) -> MailedLink | None:
    """Return the live link with this secret, or None when it is unknown, used, ended, too old or for another purpose.

    Changes nothing: programs that look into mails open every link in them.
    """
    if len(token) > LONGEST:
        return None
    return db.session().scalar(sa.select(MailedLink).where(*_alive(purpose, token, at)))


def recall(purpose: LinkPurpose, token: str) -> MailedLink | None:
    """Return the link with this secret, live or not, as long as it is kept: to say kindly why it opens nothing."""
    if len(token) > LONGEST:
        return None
    return db.session().scalar(
        sa.select(MailedLink).where(MailedLink.token_hash == _hash(token), MailedLink.purpose == purpose)
    )


def note_opened(link_id: UUID, *, at: datetime, again_after: timedelta) -> bool:
    """Note that somebody looked; tell False when that was noted less than `again_after` ago."""
    lately = sa.or_(MailedLink.opened_at.is_(None), MailedLink.opened_at <= at - again_after)
    done = db.session().execute(sa.update(MailedLink).where(MailedLink.id == link_id, lately).values(opened_at=at))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def spend(purpose: LinkPurpose, token: str, *, at: datetime) -> bool:
    """Use the link up. Of several requests with the same secret at once one is told True."""
    done = db.session().execute(sa.update(MailedLink).where(*_alive(purpose, token, at)).values(ended_at=at))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def _alive(purpose: LinkPurpose, token: str, at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        MailedLink.token_hash == _hash(token),
        MailedLink.purpose == purpose,
        MailedLink.ended_at.is_(None),
        MailedLink.expires_at > at,
    )


def prolong(purpose: LinkPurpose, about: UUID, until: datetime) -> None:
    """Let the link about `about` that works now work until then: what was answered may be looked at for longer."""
    live = (MailedLink.purpose == purpose, MailedLink.about == about, MailedLink.ended_at.is_(None))
    db.session().execute(sa.update(MailedLink).where(*live, MailedLink.expires_at < until).values(expires_at=until))


def end(purpose: LinkPurpose, about: UUID, *, at: datetime) -> None:
    """End the links of this purpose about `about`, if there are any."""
    _end(at, MailedLink.purpose == purpose, MailedLink.about == about)


def end_all(about: UUID, *, at: datetime) -> None:
    """End every link about `about`: what a person's password or address opened before must open nothing after."""
    _end(at, MailedLink.about == about)


def _end(at: datetime, *which: sa.ColumnElement[bool]) -> None:
    db.session().execute(sa.update(MailedLink).where(*which, MailedLink.ended_at.is_(None)).values(ended_at=at))


def forget_old(at: datetime) -> None:
    """Remove links that were of no use any more KEPT ago."""
    db.session().execute(sa.delete(MailedLink).where(MailedLink.expires_at < at - KEPT))


def address(endpoint: str, token: str = "", where: Mapping[str, object] | None = None) -> str:
    """Return the full address of a page for use in a mail; its host comes from the settings, never from a request.

    where: what else stands in the address, such as the organisation and what the page is about.
    """
    settings: Settings = current_app.config["SETTINGS"]
    values = {**(where or {}), **({"token": token} if token else {})}
    # Built without the request, which anybody may send with a host of their choice.
    return settings.base_url + current_app.url_map.bind("unused").build(endpoint, values)


def dead_page() -> Response:
    """Return the page for a link that opens nothing: why that may be, and what to do."""
    return quiet(make_response(render_template("links/dead.html"), 410))


def quiet(response: Response) -> Response:
    """Let no other page learn the address of this one, which is a secret."""
    # The origin stays: over https the protection against forged forms compares it.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
