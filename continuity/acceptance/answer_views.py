"""The pages of a client without an account: read the deed, accept it, say no, fetch the receipt."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from continuity.acceptance import by_link, declaring
from continuity.acceptance.answer_forms import AcceptForm, NoForm
from continuity.acceptance.by_link import Closed, Dead, Found
from continuity.acceptance.codes import MOST_TRIES
from continuity.acceptance.downloads import hand_out_receipt
from continuity.acceptance.states import ACCEPTED, STATE_LABELS, AcceptanceState
from continuity.acceptance.words import ADDRESSEE_LABELS, AUTHORITY_LABELS, CLIENT_WARNINGS, DECLARATION_LABELS
from continuity.errors import Refused
from continuity.fields import PressForm
from core import clock, db
from tenants import links
from tenants.door import public
from tenants.scope import close_scope
from tenants.sign_in import limits
from tenants.sign_in.limits import Limit, TooManyTries

bp = Blueprint("deed_answer", __name__, url_prefix="/deed/<token>")
# Secrets that open nothing, from one network address within a quarter of an hour.
MOST_MISSES = 60
Form = AcceptForm | NoForm


@bp.route("/", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """Show the deed and how far the client is; take the acceptance by POST."""
    form = AcceptForm()
    if request.method != "POST":
        found = by_link.find(token, at=clock.now())
        return closed(found) if isinstance(found, Closed) else _page(found, token, form)
    return _declare(token, form, _accept, _page)


@bp.route("/no", methods=["GET", "POST"])
@public
def no(token: str) -> ResponseReturnValue:
    """Take a no, or a withdrawal of what was accepted, with the reason."""
    form = NoForm()
    if request.method != "POST":
        found = by_link.find(token, at=clock.now())
        return closed(found) if isinstance(found, Closed) else _no_page(found, token, form)
    return _declare(token, form, _say_no, _no_page)


@bp.post("/code")
@public
def code(token: str) -> ResponseReturnValue:
    """Mail a code to the address of the invitation, and note that somebody looked."""
    at = clock.now()
    found = by_link.find(token, at=at, writes=True)
    if isinstance(found, Closed):
        return closed(found)
    speak_to(found)
    back = "no" if request.form.get("back") == "no" else "show"
    try:
        declaring.send_code(found.matter, at=at)
    except Refused as error:
        page = _no_page if back == "no" else _page
        return page(found, token, (NoForm if back == "no" else AcceptForm)(formdata=None), 422, (str(error.text),))
    g.scope_tenants = frozenset({found.tenant.id})
    return links.quiet(make_response(redirect(url_for(f".{back}", token=token), 303)))


@bp.get("/receipts/<uuid:declaration_id>")
@public
def receipt(token: str, declaration_id: UUID) -> ResponseReturnValue:
    """Hand out the receipt of a declaration, as PDF."""
    found = by_link.find(token, at=clock.now())
    if isinstance(found, Closed):
        return closed(found)
    row = next((one for one in found.said if one.id == declaration_id and one.receipt_sha256), None)
    if row is None:
        abort(404)
    return links.quiet(hand_out_receipt(row))


def _declare(
    token: str,
    form: Form,
    change: Callable[[Found, Form, str, datetime, date], object],
    page: Callable[[Found, str, Form, int, Sequence[str]], Response],
) -> ResponseReturnValue:
    """Take a declaration when its form is right and its code is; else the page again with what is wrong."""
    at = clock.now()
    filled = form.validate_on_submit()
    tries = [Limit(f"deed:{hashlib.sha256(token.encode()).hexdigest()}", MOST_TRIES)]
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
        return page(found, token, form, 422, ())
    try:
        change(found, form, links.address("deed_answer.show", token), at, clock.today(found.tenant.zone))
    except Refused as error:
        if error.field in form:
            form[error.field].errors = [*form[error.field].errors, str(error.text)]
            return page(found, token, form, 422, ())
        return page(found, token, form, 422, (str(error.text),))
    except (IntegrityError, StaleDataError):
        abort(409)
    limits.give_back(tries, [at])
    g.scope_tenants = frozenset({found.tenant.id})
    return links.quiet(make_response(redirect(url_for(".show", token=token), 303)))


def _accept(found: Found, form: Form, link: str, at: datetime, today: date) -> object:
    return declaring.accept(found.matter, form.stated(link), at=at, today=today)


def _say_no(found: Found, form: Form, link: str, at: datetime, today: date) -> object:
    if found.state in ACCEPTED:
        return declaring.withdraw(found.matter, form.stated(link), at=at, today=today)
    return declaring.reject(found.matter, form.stated(link), at=at)


def speak_to(found: Found) -> None:
    """Write in the language of the invitation, unless this browser chose one, and in the supplier's time."""
    g.zone = found.tenant.zone
    if "language" not in request.cookies:
        g.language = found.matter.invitation.language.value
        refresh()


def _page(found: Found, token: str, form: Form, status: int = 200, extra: Sequence[str] = ()) -> Response:
    return _render("deed/show.html", found, token, form, status, extra)


def _no_page(found: Found, token: str, form: Form, status: int = 200, extra: Sequence[str] = ()) -> Response:
    can = found.state in ACCEPTED or found.state is AcceptanceState.VIEWED or found.state is AcceptanceState.INVITED
    if not can:
        return _page(found, token, AcceptForm(formdata=None), status, extra)
    return _render("deed/no.html", found, token, form, status, extra)


def _render(template: str, found: Found, token: str, form: Form, status: int, extra: Sequence[str]) -> Response:
    speak_to(found)
    page = render_template(
        template,
        found=found,
        matter=found.matter,
        token=token,
        form=form,
        press=PressForm(formdata=None),
        extra=tuple(extra),
        coded=found.code_works(clock.now()),
        accepted=found.state in ACCEPTED,
        state_label=STATE_LABELS[found.state],
        warning=CLIENT_WARNINGS[found.matter.registration.scheme_type],
        authorities=AUTHORITY_LABELS,
        addressees=ADDRESSEE_LABELS,
        kinds=DECLARATION_LABELS,
    )
    return links.quiet(make_response(page, status))


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
