"""What every page behind the link of a deed does: speak the client's language, be closed, take what needs a code."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask import Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from continuity.acceptance import by_link
from continuity.acceptance.by_link import Closed, Dead, Found
from continuity.acceptance.codes import MOST_TRIES
from continuity.errors import Refused
from core import clock, db
from tenants import links
from tenants.scope import close_scope
from tenants.sign_in import limits
from tenants.sign_in.limits import Limit, TooManyTries

# Secrets that open nothing, from one network address within a quarter of an hour.
MOST_MISSES = 60
# What was found, the secret, the form; then the status and what else is wrong.
Shows = Callable[..., Response]


def declare(
    token: str, form: FlaskForm, change: Callable[[Found, datetime], object], page: Shows
) -> ResponseReturnValue:
    """Do what was declared when the form is right and its code is; else the page again with what is wrong.

    change: may raise Refused, and LookupError for what is not there.
    """
    at = clock.now()
    filled = form.validate_on_submit()
    tries = tries_of(token)
    try:
        if filled:
            limits.take(tries, at=at)
            db.begin(writes=True)
    except TooManyTries as error:
        found = by_link.find(token, at=at)
        if isinstance(found, Closed):
            return closed(found)
        speak_to(found)
        return page(found, token, form, 429, (error.text,))
    found = by_link.find(token, at=at, writes=filled)
    if isinstance(found, Closed):
        return closed(found)
    speak_to(found)
    if not filled:
        return page(found, token, form, 422)
    try:
        change(found, at)
    except LookupError:
        abort(404)
    except Refused as error:
        if error.field in form:
            form[error.field].errors = [*form[error.field].errors, str(error.text)]
            return page(found, token, form, 422)
        return page(found, token, form, 422, (str(error.text),))
    except (IntegrityError, StaleDataError):
        abort(409)
    limits.give_back(tries, [at])
    return back_to(found, token)


def tries_of(token: str) -> list[Limit]:
    """Return how often somebody may try a code behind this link."""
    return [Limit(f"deed:{hashlib.sha256(token.encode()).hexdigest()}", MOST_TRIES)]


def back_to(found: Found, token: str, name: str = "show") -> Response:
    """Go to a page of the same blueprint behind the same link."""
    g.scope_tenants = frozenset({found.tenant.id})
    return links.quiet(make_response(redirect(url_for(f".{name}", token=token), 303)))


def speak_to(found: Found) -> None:
    """Write in the language of the invitation, unless this browser chose one, and in the supplier's time."""
    g.zone = found.tenant.zone
    if "language" not in request.cookies:
        g.language = found.matter.invitation.language.value
        refresh()


def closed(found: Closed) -> Response:
    """Return the page for a link that opens nothing, with the reason."""
    if found.language is not None and "language" not in request.cookies:
        g.language = found.language.value
        refresh()
    if found.why is Dead.UNKNOWN:
        close_scope()
        missed = Limit(f"links:{limits.of_address(request.remote_addr or '').key}", MOST_MISSES)
        try:
            limits.take([missed], at=clock.now())
        except TooManyTries as error:
            return _dead(found, error.text, 429)
    return _dead(found, "", 410)


def _dead(found: Closed, wait: str, status: int) -> Response:
    return links.quiet(make_response(render_template("deed/dead.html", found=found, wait=wait), status))
