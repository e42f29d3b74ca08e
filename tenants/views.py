"""Pages of people and organisations."""

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, db
from core.i18n import LANGUAGE_COOKIE, Language
from core.serving.assets import THEME_COOKIE, Theme
from core.serving.web import local_path
from core.settings import Environment
from tenants import relations, services, sessions
from tenants.door import needs, public, signed_in, standing
from tenants.errors import AccountError
from tenants.forms import KIND_LABELS, SettingsForm, SetUpForm
from tenants.models import Capacity, Tenant, TenantKind, User
from tenants.permissions import Permission
from tenants.sign_in import views as sign_in_views

bp = Blueprint("tenants", __name__)
# Some people look after hundreds of organisations; a page of them must stay light.
PLACES_SHOWN = 60
OF_MEMBERS = frozenset({Capacity.OWNER, Capacity.EDITOR, Capacity.READER})
OF_CLIENTS = frozenset({Capacity.MANAGER_EDIT, Capacity.MANAGER_VIEW})
here = Blueprint("organisation", __name__, url_prefix="/o/<slug>")
bp.add_url_rule("/sign-in", view_func=sign_in_views.sign_in, methods=["GET", "POST"])
bp.add_url_rule("/sign-out", view_func=sign_in_views.sign_out, methods=["POST"])


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Lead everybody to where they belong."""
    if g.me is None:
        return redirect(url_for("tenants.sign_in" if services.anybody() else "tenants.set_up"))
    places = relations.entries_of(g.me.user_id)
    if places and all(place.capacity is Capacity.AUDITOR for place in places):
        return redirect(url_for("engagements.index"))
    if len(places) == 1:
        return redirect(url_for("audits.home", slug=places[0].slug))
    own = [place for place in places if place.capacity not in OF_CLIENTS]
    if len(own) == 1 and own[0].capacity in OF_MEMBERS and own[0].kind is TenantKind.IT_SUPPLIER:
        # Its staff came for whom to call, not to look for its own organisation among hundreds of clients.
        return redirect(url_for("portfolio.index", slug=own[0].slug))
    return redirect(url_for("tenants.places"))


@bp.route("/set-up", methods=["GET", "POST"])
@public
def set_up() -> ResponseReturnValue:
    """Set up the first organisation; the page is gone once there is one."""
    if services.anybody() or current_app.config["ENVIRONMENT"] is Environment.PRODUCTION:
        abort(404)
    form = SetUpForm()
    if form.validate_on_submit():
        try:
            user = services.set_up_first(
                form.values(TenantKind(form.kind.data)),
                form.email.data or "",
                form.owner.data or "",
                form.password.data or "",
                at=clock.now(),
            )
        except AccountError as error:
            form[error.field if error.field in form else "email"].errors = [str(error.text)]
        else:
            sessions.start(user, at=clock.now())
            return redirect(url_for("tenants.start"))
    return render_template("tenants/set_up.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/organisations")
@signed_in
def places() -> ResponseReturnValue:
    """List the organisations somebody may enter, their own before those of clients."""
    found = sorted(relations.entries_of(g.me.user_id), key=lambda place: place.capacity in OF_CLIENTS)
    words = request.args.get("q", "").strip()
    chosen = [place for place in found if words.casefold() in place.name.casefold()]
    last = max(1, -(-len(chosen) // PLACES_SHOWN))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    shown = chosen[(page - 1) * PLACES_SHOWN : page * PLACES_SHOWN]
    own = [place for place in shown if place.capacity not in OF_CLIENTS]
    return render_template(
        "tenants/places.html",
        places=shown,
        groups=(("", own), (_("Clients"), shown[len(own) :])),
        kinds=KIND_LABELS,
        many=len(found) > PLACES_SHOWN,
        total=len(chosen),
        words=words,
        page=page,
        last=last,
        operates=relations.is_operator(g.me.user_id),
        audits=any(place.capacity is Capacity.AUDITOR for place in found),
    )


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Change the language and stay on the page."""
    chosen = request.form.get("language", "")
    if chosen not in tuple(Language):
        abort(404)
    if g.me is not None:
        user = db.session().get(User, g.me.user_id)
        if user is not None:
            user.language = Language(chosen)
            db.session().flush()
    response = redirect(local_path(request.form.get("back")) or url_for("tenants.start"))
    response.set_cookie(
        LANGUAGE_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax", secure=current_app.config["HTTPS"]
    )
    return response


@bp.post("/theme")
@public
def theme() -> ResponseReturnValue:
    """Choose light, dark or as the device, and stay on the page."""
    chosen = request.form.get("theme", "")
    if chosen not in tuple(Theme):
        abort(404)
    response = redirect(local_path(request.form.get("back")) or url_for("tenants.start"))
    response.set_cookie(
        THEME_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax", secure=current_app.config["HTTPS"]
    )
    return response


@here.get("/settings")
@needs(Permission.PEOPLE_READ)
def settings() -> ResponseReturnValue:
    """Show the organisation, and the ways to everything that is set for it."""
    tenant = db.session().get(Tenant, standing().tenant_id)
    return render_template("tenants/settings.html", tenant=tenant, kinds=KIND_LABELS)


@here.route("/settings/edit", methods=["GET", "POST"])
@needs(Permission.ORGANISATION_EDIT)
def settings_edit() -> ResponseReturnValue:
    """Change the organisation's name and numbers."""
    tenant = db.session().get(Tenant, standing().tenant_id)
    if tenant is None:
        abort(404)
    form = SettingsForm(obj=tenant)
    if form.validate_on_submit():
        services.change_tenant(tenant, form.values(tenant.kind))
        flash(_("Saved."), "success")
        return redirect(url_for("organisation.settings"))
    return render_template("tenants/settings_edit.html", form=form), 422 if form.is_submitted() else 200
