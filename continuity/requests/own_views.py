"""The page on which the owner of an organisation here asks for continuity as a client, and ticks off what it did."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from continuity.errors import Refused
from continuity.models import AskedBy, Client, CoverClaim, Registration
from continuity.pages import existing
from continuity.queries import tenant_name
from continuity.requests import asking, client_side
from continuity.requests.asking import Asking
from continuity.requests.client_forms import OwnForm, TakeBackForm, TaskForm
from continuity.requests.client_side import Position
from continuity.requests.states import STATE_LABELS
from core import clock, db
from tenants.door import also_changes, needs, standing, today_here
from tenants.models import Tenant
from tenants.owned import Area
from tenants.permissions import Permission
from tenants.scope import Actor, Scope, close_scope, current_scope, open_scope

bp = Blueprint("own_requests", __name__, url_prefix="/o/<slug>/cover-claims/<uuid:claim_id>/continuity")
_SCHEME, _WRITTEN = frozenset({Area.CONTINUITY}), frozenset({Area.CONTINUITY, Area.TRAIL})


@dataclass(frozen=True, slots=True)
class Tied:
    """A client at its supplier, and the service, read in the supplier's scope. today: in the supplier's zone."""

    owner: Registration
    client: Client
    today: date


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page tells of it: it outlives the supplier's scope."""

    at: Position
    supplier: str
    foundation: str
    service: str


@bp.route("/", methods=["GET", "POST"])
@needs(Permission.COVER_CLAIM)
def show(claim_id: UUID) -> ResponseReturnValue:
    """Tell what happened, until when and what it costs; take the request by POST."""
    form = OwnForm()
    if not form.is_submitted():
        return _page(claim_id, form)
    if not form.validate():
        return _page(claim_id, form, 422)
    said = Asking(AskedBy.ORGANISATION, g.me.name, form.asked_as.data, g.me.email, form.note.data or "")
    try:
        with _at_supplier(claim_id, writes=True) as tied:
            asking.ask(tied.owner, tied.client, said, at=clock.now(), today=tied.today)
    except Refused as error:
        return _page(claim_id, form, 422, (str(error.text),))
    except (IntegrityError, StaleDataError):
        abort(409)
    flash(_("Asked. The foundation answers by mail."), "success")
    return redirect(url_for(".show", claim_id=claim_id))


@bp.route("/withdrawal", methods=["GET", "POST"])
@needs(Permission.COVER_CLAIM)
def take_back(claim_id: UUID) -> ResponseReturnValue:
    """Ask whether the client is sure; take its request back by POST."""
    form, sure = TakeBackForm(), "continuity_request/take_back_own.html"
    if not form.is_submitted():
        return _page(claim_id, form, template=sure)
    if not form.validate():
        return _page(claim_id, form, 422, template=sure)
    try:
        with _at_supplier(claim_id, writes=True) as tied:
            client_side.take_back(tied.owner, tied.client, by=g.me.name, why=form.why.data or "", at=clock.now())
    except LookupError:
        abort(404)
    except Refused as error:
        return _page(claim_id, form, 422, (str(error.text),), template=sure)
    except (IntegrityError, StaleDataError):
        abort(409)
    flash(_("Taken back. The foundation gets a mail."), "success")
    return redirect(url_for(".show", claim_id=claim_id))


@bp.post("/tasks/<uuid:task_id>")
@needs(Permission.COVER_CLAIM)
def task(claim_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Tick off something of the list, or take that back."""
    form, done = TaskForm(), "undo" not in request.form
    if not form.validate():
        return _page(claim_id, OwnForm(formdata=None), 422, tuple(form.note.errors))
    try:
        with _at_supplier(claim_id, writes=True) as tied:
            client_side.tick(
                tied.owner, tied.client, task_id, done=done, note=form.note.data, by=g.me.name, today=tied.today
            )
    except LookupError:
        abort(404)
    except Refused as error:
        return _page(claim_id, OwnForm(formdata=None), 422, (str(error.text),))
    return redirect(url_for(".show", claim_id=claim_id))


@contextmanager
def _at_supplier(claim_id: UUID, *, writes: bool = False) -> Iterator[Tied]:
    """Go on, inside the block, in the scheme of the supplier that still names this organisation as its client.

    404 when it does not, or the claim ended. Nothing is read there but this client, its service and its request.
    """
    own = current_scope()
    claim = existing(db.session().get(CoverClaim, (standing().tenant_id, claim_id)))
    if claim.ended_at is not None:
        abort(404)
    supplier_id, client_id = claim.supplier_id, claim.client_id
    mine = db.session().get_one(Tenant, own.only_tenant).name
    actor = Actor(own.actor.user_id, own.actor.name, "client", own.actor.request_id, mine)
    db.session().flush()
    close_scope()
    open_scope(Scope(frozenset({supplier_id}), _SCHEME, _WRITTEN if writes else frozenset(), actor))
    try:
        named = (Client.id == client_id, Client.organisation_id == own.only_tenant, Client.archived_at.is_(None))
        client = existing(db.session().scalar(sa.select(Client).where(*named)))
        kept = (Registration.id == client.registration_id, Registration.archived_at.is_(None))
        owner = existing(db.session().scalar(sa.select(Registration).where(*kept)))
        yield Tied(owner, client, clock.today(db.session().get_one(Tenant, supplier_id).zone))
        db.session().flush()
        if writes:
            # By now this has the supplier's turn: who unties the two meanwhile did so before, or does after.
            db.session().refresh(client)
            if client.organisation_id != own.only_tenant:
                abort(404)
            # The supplier and its foundation read at once what it still has to do, as where a client comes by its link.
            also_changes(supplier_id)
    finally:
        close_scope()
        open_scope(own)


def _page(
    claim_id: UUID,
    form: FlaskForm,
    status: int = 200,
    extra: Sequence[str] = (),
    template: str = "continuity_request/own.html",
) -> ResponseReturnValue:
    with _at_supplier(claim_id) as tied:
        names = tenant_name(tied.owner.tenant_id), tenant_name(tied.owner.foundation_id), tied.owner.service_name
        seen = Seen(client_side.position(tied.owner, tied.client, tied.today), *names)
    page = render_template(
        template,
        claim_id=claim_id,
        seen=seen,
        form=form,
        extra=tuple(extra),
        states=STATE_LABELS,
        today=today_here(),
    )
    return page, status
