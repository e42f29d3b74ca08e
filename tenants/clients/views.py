"""Pages of a reseller: who let it in, whom it invited, and inviting a whole list."""

from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock, db
from core.sheets.reading import Unreadable
from core.sheets.uploads import read_upload
from tenants.clients import queries, services
from tenants.clients.forms import AskForm, ColumnsForm, UploadForm
from tenants.clients.reading import Columns, Line, guess, read, to_cells
from tenants.clients.words import INVITATION_MARKS, told
from tenants.door import needs, standing
from tenants.errors import AccountError
from tenants.grants import services as grants
from tenants.grants.forms import LEVEL_LABELS
from tenants.grants.reach import clients_of, given_to
from tenants.grants.views import show_error
from tenants.invitations.services import Host
from tenants.models import Capacity, ClientInvitation, ClientList, GrantLevel, ManagementGrant
from tenants.owned import Area
from tenants.permissions import Permission
from tenants.scope import Actor, Scope, close_scope, current_scope, open_scope

bp = Blueprint("clients", __name__, url_prefix="/o/<slug>/clients")
MOST_ROWS, MOST_COLUMNS = 2000, 60
# Of clients and of invitations each, so that a page of both stays light; a name finds any other.
PAGE, ROWS_SHOWN = 20, 100


@bp.get("/")
@needs(Permission.PORTFOLIO_INVITE)
def index() -> ResponseReturnValue:
    """Show which clients let this reseller in, whom it invited, and which lists wait."""
    words = request.args.get("q", "").strip()[:200]
    every = sorted(given_to(standing()), key=lambda one: one.client.name.casefold())
    asked = queries.invitations(clock.now())
    given = [one for one in every if _named(words, one.client.name, one.client.kvk)]
    invited = [one for one in asked if _named(words, one.name, one.kvk, one.email)]
    page, last = _page(max(len(given), len(invited)), PAGE)
    part = slice((page - 1) * PAGE, page * PAGE)
    return render_template(
        "clients/index.html",
        given=given[part],
        given_total=len(given),
        invited=invited[part],
        invited_total=len(invited),
        marks=INVITATION_MARKS,
        lists=queries.lists(),
        levels=LEVEL_LABELS,
        page=page,
        last=last,
        words=words,
        many=max(len(every), len(asked)) > PAGE,
        page_href=lambda number: url_for("clients.index", q=words or None, page=number),
    )


def _named(words: str, *told: str) -> bool:
    """Tell whether all of `words` stand in what is told of somebody."""
    named = " ".join(told).casefold()
    return all(word in named for word in words.casefold().split())


@bp.post("/<client>/hand-back")
@needs(Permission.PORTFOLIO_INVITE)
def hand_back(client: str) -> ResponseReturnValue:
    """Give a client's access back: from now on nobody here reaches it."""
    found = next(iter(given_to(standing(), slug=client)), None)
    if found is None:
        abort(404)
    own, where = current_scope(), standing()
    role = Capacity.MANAGER_EDIT if found.client.level is GrantLevel.EDIT else Capacity.MANAGER_VIEW
    actor = Actor(own.actor.user_id, own.actor.name, role.value, own.actor.request_id, where.name)
    people = frozenset({Area.PEOPLE})
    close_scope()
    open_scope(Scope(frozenset({found.client.client_id}), people, people | {Area.TRAIL}, actor))
    grant = db.session().get_one(ManagementGrant, (found.client.client_id, found.grant_id))
    grants.hand_back(grant, by=g.me.user_id, at=clock.now())
    flash(_("You have no access to %(client)s any more.", client=found.client.name), "success")
    return redirect(url_for(".index"))


@bp.route("/invite", methods=["GET", "POST"])
@needs(Permission.PORTFOLIO_INVITE)
def invite() -> ResponseReturnValue:
    """Upload a list of clients."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            upload = read_upload(form.file.data, rows=MOST_ROWS, columns=MOST_COLUMNS)
        except Unreadable as refused:
            form.file.errors = [refused.told()]
        else:
            row = services.take_in(upload.name, to_cells(upload.first_rows), by=g.me.user_id, at=clock.now())
            return redirect(url_for(".preview", list_id=row.id))
    return render_template("clients/invite.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/lists/<uuid:list_id>")
@needs(Permission.PORTFOLIO_INVITE)
def preview(list_id: UUID) -> ResponseReturnValue:
    """Show what would happen to each row of a list."""
    found = _list(list_id)
    if found.sent_at is not None:
        return _sent_before()
    look, columns = _look(found)
    return _preview(found, look, columns, AskForm(formdata=None))


@bp.post("/lists/<uuid:list_id>/send")
@needs(Permission.PORTFOLIO_INVITE)
def send(list_id: UUID) -> ResponseReturnValue:
    """Invite the clients of every good row."""
    services.hold(standing().tenant_id)
    found = _list(list_id)
    if found.sent_at is not None:
        return _sent_before()
    look, columns = _look(found)
    form = AskForm()
    if form.validate_on_submit():
        try:
            sent = services.send(_lines(found, columns), form.ask(), _host(), at=clock.now())
        except AccountError as error:
            show_error(form, error)
        else:
            services.put_away(found, at=clock.now())
            flash(
                ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", sent.sent),
                "success",
            )
            if sent.held:
                flash(
                    _("%(number)s were held back: these people were written to several times just now.",
                      number=sent.held),
                    "warning",
                )  # fmt: skip
            return redirect(url_for(".index"))
    return _preview(found, look, columns, form, 422)


@bp.post("/lists/<uuid:list_id>/drop")
@needs(Permission.PORTFOLIO_INVITE)
def drop(list_id: UUID) -> ResponseReturnValue:
    """Throw a list away."""
    services.drop(_list(list_id))
    flash(_("The list has been thrown away. Nobody was invited from it."), "success")
    return redirect(url_for(".index"))


@bp.post("/invitations/<uuid:client_invitation_id>/resend")
@needs(Permission.PORTFOLIO_INVITE)
def resend(client_invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation once more."""
    try:
        services.resend(_invitation(client_invitation_id), _host(), at=clock.now())
    except AccountError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("The invitation is on its way once more. Links sent earlier no longer work."), "success")
    return redirect(url_for(".index"))


@bp.post("/invitations/<uuid:client_invitation_id>/withdraw")
@needs(Permission.PORTFOLIO_INVITE)
def withdraw(client_invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    services.withdraw(_invitation(client_invitation_id), at=clock.now())
    flash(_("The invitation was withdrawn."), "success")
    return redirect(url_for(".index"))


def _preview(
    found: ClientList, look: ColumnsForm, columns: Columns, form: AskForm, status: int = 200
) -> tuple[str, int]:
    lines = _lines(found, columns)
    page, last = _page(len(lines), ROWS_SHOWN)
    chosen = asdict(columns)
    text = render_template(
        "clients/preview.html",
        found=found,
        look=look,
        chosen=chosen,
        form=form,
        lines=lines[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN],
        good=sum(line.problem is None for line in lines),
        total=len(lines),
        told=told,
        page=page,
        last=last,
        page_href=lambda number: url_for("clients.preview", list_id=found.id, page=number, **chosen),
    )
    return text, status


def _look(found: ClientList) -> tuple[ColumnsForm, Columns]:
    """Return the form that says which column is what, and what it says: as the address does, else as guessed."""
    guessed = guess(found.cells)
    wish = request.form if request.method == "POST" else request.args
    asked = "name" in wish
    look = ColumnsForm(formdata=wish if asked else None, obj=guessed)
    row = look.header_row.data if isinstance(look.header_row.data, int) else guessed.header_row
    look.offer(found.cells, row)
    return look, look.columns() if asked and look.validate() else guessed


def _lines(found: ClientList, columns: Columns) -> list[Line]:
    return read(found.cells, columns, queries.known(clients_of(standing())))


def _sent_before() -> ResponseReturnValue:
    flash(_("This list was sent already."), "warning")
    return redirect(url_for(".index"))


def _list(list_id: UUID) -> ClientList:
    found = db.session().get(ClientList, (standing().tenant_id, list_id))
    if found is None:
        abort(404)
    return found


def _invitation(invitation_id: UUID) -> ClientInvitation:
    found = db.session().get(ClientInvitation, (standing().tenant_id, invitation_id))
    if found is None:
        abort(404)
    return found


def _host() -> Host:
    return Host(standing(), g.me.user_id, g.me.name)


def _page(count: int, size: int) -> tuple[int, int]:
    """Return the page of the address, kept between the first and the last, and the last."""
    last = max(1, -(-count // size))
    return min(max(1, request.args.get("page", 1, type=int)), last), last
