"""The pages of a client without an account: read the deed, accept it, say no, fetch the receipt."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from continuity.acceptance import by_link, declaring
from continuity.acceptance.answer_forms import AcceptForm, NoForm
from continuity.acceptance.by_link import Closed, Found
from continuity.acceptance.declaring import Stated
from continuity.acceptance.downloads import hand_out_receipt
from continuity.acceptance.link_pages import back_to, closed, declare, speak_to
from continuity.acceptance.states import ACCEPTED, STATE_LABELS, AcceptanceState
from continuity.acceptance.words import ADDRESSEE_LABELS, AUTHORITY_LABELS, CLIENT_WARNINGS, DECLARATION_LABELS
from continuity.errors import Refused
from continuity.fields import PressForm
from core import clock
from tenants import links
from tenants.door import public

bp = Blueprint("deed_answer", __name__, url_prefix="/deed/<token>")
Form = AcceptForm | NoForm


@bp.route("/", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """Show the deed and how far the client is; take the acceptance by POST."""
    form = AcceptForm()

    def accept(found: Found, at: datetime) -> object:
        return declaring.accept(found.matter, _stated(form, token), at=at, today=clock.today(found.tenant.zone))

    if request.method != "POST":
        found = by_link.find(token, at=clock.now())
        return closed(found) if isinstance(found, Closed) else _page(found, token, form)
    return declare(token, form, accept, _page)


@bp.route("/no", methods=["GET", "POST"])
@public
def no(token: str) -> ResponseReturnValue:
    """Take a no, or a withdrawal of what was accepted, with the reason."""
    form = NoForm()

    def say_no(found: Found, at: datetime) -> object:
        said = _stated(form, token)
        if found.state in ACCEPTED:
            return declaring.withdraw(found.matter, said, at=at, today=clock.today(found.tenant.zone))
        return declaring.reject(found.matter, said, at=at)

    if request.method != "POST":
        found = by_link.find(token, at=clock.now())
        return closed(found) if isinstance(found, Closed) else _no_page(found, token, form)
    return declare(token, form, say_no, _no_page)


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
    return back_to(found, token, back)


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


def _stated(form: Form, token: str) -> Stated:
    return form.stated(links.address("deed_answer.show", token))


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
        today=clock.today(found.tenant.zone),
        state_label=STATE_LABELS[found.state],
        warning=CLIENT_WARNINGS[found.matter.registration.scheme_type],
        authorities=AUTHORITY_LABELS,
        addressees=ADDRESSEE_LABELS,
        kinds=DECLARATION_LABELS,
    )
    return links.quiet(make_response(page, status))
