"""The page on which a client without an account asks for continuity, sees how far it is, and ticks off its list."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from continuity.acceptance import by_link, declaring
from continuity.acceptance.answer_views import closed, speak_to
from continuity.acceptance.by_link import Closed, Found
from continuity.acceptance.codes import MOST_TRIES
from continuity.errors import Refused
from continuity.fields import PressForm
from continuity.requests import client_side
from continuity.requests.client_forms import LinkForm, LinkTakeBackForm, TaskForm
from continuity.requests.states import STATE_LABELS
from core import clock, db
from tenants import links
from tenants.door import public
from tenants.sign_in import limits
from tenants.sign_in.limits import Limit, TooManyTries

bp = Blueprint("request_link", __name__, url_prefix="/deed/<token>/continuity")
Shows = Callable[..., Response]


@bp.route("/", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """Tell what happened, until when and what it costs; take the request by POST, with the code that was mailed."""
    form = LinkForm()

    def ask(found: Found, at: datetime) -> object:
        said = form.code.data, form.name.data, form.asked_as.data, form.note.data or ""
        return client_side.ask_by_link(found.matter, *said, at=at, today=clock.today(found.tenant.zone))

    if request.method == "POST":
        return _declare(token, form, ask, _page)
    found = by_link.find(token, at=clock.now())
    return closed(found) if isinstance(found, Closed) else _page(found, token, form)


@bp.route("/withdrawal", methods=["GET", "POST"])
@public
def take_back(token: str) -> ResponseReturnValue:
    """Ask whether the client is sure; take its request back by POST, with the code that was mailed."""
    form = LinkTakeBackForm()

    def withdraw(found: Found, at: datetime) -> None:
        client_side.take_back_by_link(found.matter, form.code.data, form.name.data, form.why.data or "", at=at)

    if request.method == "POST":
        return _declare(token, form, withdraw, _sure)
    found = by_link.find(token, at=clock.now())
    return closed(found) if isinstance(found, Closed) else _sure(found, token, form)


@bp.post("/code")
@public
def code(token: str) -> ResponseReturnValue:
    """Mail a code to the address of the invitation, and go back to the page on which it is filled in."""
    at = clock.now()
    found = by_link.find(token, at=at, writes=True)
    if isinstance(found, Closed):
        return closed(found)
    speak_to(found)
    try:
        declaring.send_code(found.matter, at=at)
    except Refused as error:
        return _page(found, token, LinkForm(formdata=None), 422, (str(error.text),))
    return _back(found, token, "take_back" if request.form.get("back") == "withdrawal" else "show")


@bp.post("/tasks/<uuid:task_id>")
@public
def task(token: str, task_id: UUID) -> ResponseReturnValue:
    """Tick off something of the list, or take that back; the list binds nobody, so it needs no code."""
    found = by_link.find(token, at=clock.now(), writes=True)
    if isinstance(found, Closed):
        return closed(found)
    speak_to(found)
    form = TaskForm()
    if not form.validate_on_submit():
        return _page(found, token, LinkForm(formdata=None), 422, tuple(form.note.errors))
    matter, done = found.matter, "undo" not in request.form
    try:
        client_side.tick(
            matter.registration, matter.client, task_id, done=done, note=form.note.data, by=matter.client.name,
            today=clock.today(found.tenant.zone),
        )  # fmt: skip
    except LookupError:
        abort(404)
    except Refused as error:
        return _page(found, token, LinkForm(formdata=None), 422, (str(error.text),))
    return _back(found, token)


def _declare(
    token: str, form: LinkForm | LinkTakeBackForm, change: Callable[[Found, datetime], object], page: Shows
) -> ResponseReturnValue:
    """Take what was said when the form is right and the code is; else the page again with what is wrong."""
    at = clock.now()
    filled = form.validate_on_submit()
    tries = [Limit(f"deed:{hashlib.sha256(token.encode()).hexdigest()}", MOST_TRIES)]
    try:
        if filled:
            limits.take(tries, at=at)
            db.begin(writes=True)
    except TooManyTries as error:
        found = by_link.find(token, at=at)
        return closed(found) if isinstance(found, Closed) else page(found, token, form, 429, (error.text,))
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
    return _back(found, token)


def _back(found: Found, token: str, to: str = "show") -> Response:
    g.scope_tenants = frozenset({found.tenant.id})
    return links.quiet(make_response(redirect(url_for(f".{to}", token=token), 303)))


def _page(found: Found, token: str, form: FlaskForm, status: int = 200, extra: Sequence[str] = ()) -> Response:
    return _shown("continuity_request/by_link.html", found, token, form, status, extra)


def _sure(found: Found, token: str, form: FlaskForm, status: int = 200, extra: Sequence[str] = ()) -> Response:
    return _shown("continuity_request/take_back_by_link.html", found, token, form, status, extra)


def _shown(template: str, found: Found, token: str, form: FlaskForm, status: int, extra: Sequence[str]) -> Response:
    speak_to(found)
    matter, today = found.matter, clock.today(found.tenant.zone)
    page = render_template(
        template,
        found=found,
        matter=matter,
        at=client_side.position(matter.registration, matter.client, today),
        today=today,
        token=token,
        form=form,
        press=PressForm(formdata=None),
        extra=tuple(extra),
        coded=found.code_works(clock.now()),
        states=STATE_LABELS,
    )
    return links.quiet(make_response(page, status))
