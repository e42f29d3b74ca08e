"""The page on which a client without an account asks for continuity, sees how far it is, and ticks off its list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from continuity.acceptance import by_link, declaring
from continuity.acceptance.by_link import Closed, Found
from continuity.acceptance.link_pages import back_to, closed, declare, speak_to
from continuity.errors import Refused
from continuity.fields import PressForm
from continuity.requests import client_side, moving
from continuity.requests.client_forms import AddressForm, LinkForm, LinkTakeBackForm, TaskForm
from continuity.requests.states import STATE_LABELS
from core import clock
from tenants import links
from tenants.door import public
from tenants.models import LinkPurpose

bp = Blueprint("request_link", __name__, url_prefix="/deed/<token>/continuity")
# To which page it goes back once a code was mailed.
BACK = {"withdrawal": "take_back", "address": "address"}


@bp.route("/", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """Tell what happened, until when and what it costs; take the request by POST, with the code that was mailed."""
    form = LinkForm()

    def ask(found: Found, at: datetime) -> object:
        said = form.code.data, form.name.data, form.asked_as.data, form.note.data or ""
        return client_side.ask_by_link(found.matter, *said, at=at, today=clock.today(found.tenant.zone))

    if request.method == "POST":
        return declare(token, form, ask, _page)
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
        return declare(token, form, withdraw, _sure)
    found = by_link.find(token, at=clock.now())
    return closed(found) if isinstance(found, Closed) else _sure(found, token, form)


@bp.route("/address", methods=["GET", "POST"])
@public
def address(token: str) -> ResponseReturnValue:
    """Ask where the client is written to from now on; take it by POST, with the code that was mailed."""
    form = AddressForm()

    def move(found: Found, at: datetime) -> None:
        moving.move_by_link(found.matter, form.code.data, form.name.data, form.email.data, at=at)

    if request.method == "POST":
        return declare(token, form, move, _where)
    found = by_link.find(token, at=clock.now())
    return closed(found) if isinstance(found, Closed) else _where(found, token, form)


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
    return back_to(found, token, BACK.get(request.form.get("back", ""), "show"))


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
    if links.find(LinkPurpose.DEED, token, at=clock.now()) is None:
        # It was taken back, or another one was mailed, before the turn came: nothing is kept.
        abort(410)
    return back_to(found, token)


def _page(found: Found, token: str, form: FlaskForm, status: int = 200, extra: Sequence[str] = ()) -> Response:
    return _shown("continuity_request/by_link.html", found, token, form, status, extra)


def _sure(found: Found, token: str, form: FlaskForm, status: int = 200, extra: Sequence[str] = ()) -> Response:
    return _shown("continuity_request/take_back_by_link.html", found, token, form, status, extra)


def _where(found: Found, token: str, form: FlaskForm, status: int = 200, extra: Sequence[str] = ()) -> Response:
    if not moving.may_move(found.matter):
        abort(404)
    return _shown("continuity_request/address_by_link.html", found, token, form, status, extra)


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
        may_move=moving.may_move(matter),
        states=STATE_LABELS,
    )
    return links.quiet(make_response(page, status))
