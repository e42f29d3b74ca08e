"""The pages of the copies: a list, each copy with its sightings, and one tap for "I have seen it"."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from plans.backup import asking, beginning, queries, services
from plans.backup.forms import (
    CLOUD_LABELS,
    MADE_LABELS,
    SIGHTED_LABELS,
    asked,
    copy_form,
    sighting_form,
)
from plans.backup.queries import Copy
from plans.blueprint import bp
from plans.errors import NotThere, PlanError
from plans.handbook import Section, of_section
from plans.intervals import Interval, days
from plans.items.queries import answers, parties, people
from plans.keeping import HOLDS_LABELS, KEEPING_LABELS
from plans.models import BackupCopy, CopyOf, Sighted
from plans.turns import known, seen
from plans.upkeep.queries import tightened
from plans.uploads import PICTURES, hand_out, sent_file
from tenants.door import needs, standing, today_here
from tenants.errors import AccountError
from tenants.models import PlanLink, Topic
from tenants.owned import EditConflict
from tenants.permissions import Permission
from tenants.personal_links.queries import newest_about
from tenants.personal_links.services import Sender


@bp.get("/backup/copies")
@needs(Permission.PLAN_READ)
def copies() -> ResponseReturnValue:
    """List the copies and who saw them last."""
    found = queries.copies()
    return render_template(
        "backup/copies.html",
        copies=[one for one in found if not one.archived],
        archived=[one for one in found if one.archived],
        asked=newest_about(PlanLink, Topic.COPY),
        answered=not found and bool(beginning.copies_from(_answered(), _names())),
        days=_days(),
        newest=queries.newest_plan_version(),
        holds=HOLDS_LABELS,
        made=MADE_LABELS,
        today=today_here(),
    )


@bp.route("/backup/copies/new", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def copy_add() -> ResponseReturnValue:
    """Record a copy."""
    form = copy_form(people(), parties(), queries.systems_to_hold())
    if form.validate_on_submit():
        try:
            row = services.add_copy(form.values(), row_id=form.new_row.row_id)
        except PlanError as error:
            form[error.field].errors = [error.text]
        else:
            flash(_("The copy was recorded."), "success")
            return redirect(url_for(".copy", backup_id=row.id))
    page = render_template("backup/edit.html", form=form, groups=asked(form, None), copy=None, conflict=False)
    return page, 422 if form.is_submitted() else 200


@bp.post("/backup/copies/from-answers")
@needs(Permission.PLAN_EDIT)
def copies_begin() -> ResponseReturnValue:
    """Make records of the copies that were described in earlier answers."""
    added = beginning.begin_from_answers(_answered(), _names())
    flash(ngettext("%(num)s copy was recorded.", "%(num)s copies were recorded.", added), "success")
    return redirect(url_for(".copies"))


@bp.get("/backup/copies/<uuid:backup_id>")
@needs(Permission.PLAN_READ)
def copy(backup_id: UUID) -> ResponseReturnValue:
    """Show a copy and its sightings."""
    return _copy_page(_found(backup_id))


@bp.route("/backup/copies/<uuid:backup_id>/edit", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def copy_edit(backup_id: UUID) -> ResponseReturnValue:
    """Change a copy."""
    found = _found(backup_id)
    form = copy_form(people(), parties(), queries.systems_to_hold(found), found)
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            services.change_copy(backup_id, form.values(), seen=form.seen.data)
        except EditConflict:
            form.seen.data, status = seen([found]), 409
        except PlanError as error:
            form[error.field].errors = [error.text]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".copy", backup_id=backup_id))
    page = render_template("backup/edit.html", form=form, groups=asked(form, found), copy=found, conflict=status == 409)
    return page, status


@bp.post("/backup/copies/<uuid:backup_id>/seen/<any(there, reached):sighted>")
@needs(Permission.PLAN_EDIT)
def copy_seen(backup_id: UUID, sighted: str) -> ResponseReturnValue:
    """Note with one tap that a copy was seen, or reached at night, today."""
    try:
        services.record_sighting(
            backup_id, services.Seen(Sighted(sighted), by=g.me.name), today=today_here(), at=clock.now()
        )
    except NotThere:
        abort(404)
    flash(_("Noted. Was it a mistake? Take it back on the page of the copy."), "success")
    return redirect(url_for(".copies") if request.form.get("list") else url_for(".copy", backup_id=backup_id))


@bp.post("/backup/copies/<uuid:backup_id>/sightings")
@needs(Permission.PLAN_EDIT)
def sighting_add(backup_id: UUID) -> ResponseReturnValue:
    """Note a sighting with a photo, or with the version that was read on it."""
    found = _found(backup_id)
    form = sighting_form(found)
    if not form.validate_on_submit():
        return _copy_page(found, form), 422
    try:
        photo = sent_file(form.photo.data, PICTURES, "photo")
        version = form.plan_version.data if "plan_version" in form else None
        told = services.Seen(Sighted(form.sighted.data), by=g.me.name, plan_version=version, photo=photo)
        services.record_sighting(backup_id, told, today=today_here(), at=clock.now(), row_id=form.new_row.row_id)
    except PlanError as error:
        form[error.field].errors = [error.text]
        return _copy_page(found, form), 422
    except NotThere:
        abort(404)
    flash(_("Noted."), "success")
    return redirect(url_for(".copy", backup_id=backup_id))


@bp.post("/backup/copies/<uuid:backup_id>/sightings/<uuid:sighting_id>/take-back")
@needs(Permission.PLAN_EDIT)
def sighting_take_back(backup_id: UUID, sighting_id: UUID) -> ResponseReturnValue:
    """Declare a sighting a mistake."""
    try:
        services.take_back(backup_id, sighting_id, by=g.me.name, today=today_here(), at=clock.now())
    except NotThere:
        abort(404)
    flash(_("Taken back: this sighting no longer counts."), "success")
    return redirect(url_for(".copy", backup_id=backup_id))


@bp.get("/backup/copies/<uuid:backup_id>/sightings/<uuid:sighting_id>/photo")
@needs(Permission.PLAN_READ)
def sighting_photo(backup_id: UUID, sighting_id: UUID) -> ResponseReturnValue:
    """Hand out the photo of a sighting."""
    return hand_out(queries.photo_of(backup_id, sighting_id) or abort(404))


@bp.post("/backup/copies/<uuid:backup_id>/ask")
@needs(Permission.PLAN_EDIT)
def copy_ask(backup_id: UUID) -> ResponseReturnValue:
    """Mail whoever keeps a copy a link by which they say that they still have it."""
    where, row = standing(), known(BackupCopy, backup_id)
    if row is None:
        abort(404)
    try:
        link = asking.ask(row, Sender(where.tenant_id, where.name, g.me.name), where.language, at=clock.now())
    except NotThere:
        flash(_("Nobody keeps this copy yet: choose who does."), "warning")
    except AccountError as error:
        flash(str(error.text), "warning")
    else:
        flash(_("A mail to %(name)s is on its way.", name=link.name), "success")
    return redirect(url_for(".copy", backup_id=backup_id))


@bp.post("/backup/copies/<uuid:backup_id>/put-<any(away, back):way>")
@needs(Permission.PLAN_EDIT)
def copy_put(backup_id: UUID, way: str) -> ResponseReturnValue:
    """Record that a copy is no longer there, or that it is there after all."""
    try:
        if way == "away":
            services.put_away(backup_id, at=clock.now())
        else:
            services.put_back(backup_id)
    except NotThere:
        abort(404)
    flash(_("Put away. It stays at the bottom of the page, where you can put it back.") if way == "away" else
          _("Put back."), "success")  # fmt: skip
    return redirect(url_for(".copies"))


def _found(backup_id: UUID) -> Copy:
    return queries.copy_named(backup_id) or abort(404)


def _copy_page(found: Copy, form: object = None) -> str:
    return render_template(
        "backup/copy.html",
        copy=found,
        form=form or sighting_form(found, formdata=None),
        sightings=queries.sightings(found.id),
        asked=newest_about(PlanLink, Topic.COPY).get(found.id),
        days=_days(),
        newest=queries.newest_plan_version(),
        holds=HOLDS_LABELS,
        keeping=KEEPING_LABELS,
        made=MADE_LABELS,
        cloud=CLOUD_LABELS,
        systems=queries.systems_to_hold(found),
        kinds=SIGHTED_LABELS,
        today=today_here(),
    )


def _days() -> int:
    return days({one.name: one.days for one in tightened()}, Interval.OFFSITE)


def _answered() -> dict[str, beginning.Answered]:
    found = answers([item.id for item in of_section(Section.BACKUP)])
    return {item_id: beginning.Answered(one.values, one.contact_id) for item_id, one in found.items()}


def _names() -> Mapping[CopyOf, str]:
    return {holds: str(label) for holds, label in HOLDS_LABELS.items()}
