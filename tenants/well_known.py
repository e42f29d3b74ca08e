"""What programs look for at fixed places: whom to tell of a leak, where a password is changed, what to leave alone."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.settings import Settings
from tenants.door import public

bp = Blueprint("well_known", __name__)
# Shorter than the year the standard allows: whoever finds an old copy is to look again.
GOOD_FOR = timedelta(days=180)


@bp.get("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    """Tell whom to report a leak to (RFC 9116); 404 while the operator has not said so."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.contact:
        abort(404)
    expires = (clock.now() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact_link(settings.contact)}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url}{url_for('well_known.security')}",
        f"Policy: {settings.base_url}{url_for('privacy.show')}",
    )
    return _plain("\n".join(lines))


@bp.get("/.well-known/change-password")
@public
def change_password() -> ResponseReturnValue:
    """Lead programs that keep passwords to where one is changed."""
    return redirect(url_for("security.password"))


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Ask search engines to leave everything alone but what is about the service itself."""
    return _plain(f"User-agent: *\nAllow: {url_for('privacy.show')}\nDisallow: /")


def contact_link(contact: str) -> str:
    """Return `contact`, a mail address or the address of a page, as something that can be opened."""
    return contact if contact.startswith("https://") else f"mailto:{contact}"


def _plain(text: str) -> Response:
    return Response(f"{text}\n", content_type="text/plain; charset=utf-8")
