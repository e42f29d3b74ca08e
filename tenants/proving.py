"""Proving anew who somebody is: when it is asked for at the door, and the way there and back."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from flask import Response, current_app, g, make_response, redirect, request, url_for

from core import clock
from tenants.sessions import SignedIn

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FACTOR_PAGE = "/security/second-factor"
PROVE_PAGE = "/prove"
# How much longer than a page a form may wait for its sender.
FORM_GRACE = 3


def proved_lately(visitor: SignedIn) -> bool:
    """Tell whether the person proved who they are a moment ago.

    A form that was opened in time may be sent some time later: what somebody typed is not thrown away.
    """
    window: timedelta = current_app.config["STEP_UP"]
    if request.method not in SAFE_METHODS:
        window *= FORM_GRACE
    return clock.now() - visitor.proved_at < window


def sent_to(page: str) -> Response:
    """Send somebody to prove more about themselves, and back here afterwards."""
    asked = request.full_path.rstrip("?") if request.method in SAFE_METHODS else _page_of_the_form()
    return make_response(redirect(f"{page}?{urlencode({'next': asked})}", code=303))


def to_sign_in() -> Response:
    """Send somebody to sign in, and back to this page afterwards."""
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return make_response(redirect(url_for("tenants.sign_in") + query))


def _page_of_the_form() -> str:
    """Return the path of the page a form was sent from, on this site; the organisation's own page otherwise."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host and came_from.path.startswith("/"):
        return came_from.path
    return url_for("audits.home", slug=g.standing.slug) if "standing" in g else "/"
