"""The pages on which a spreadsheet is brought in."""

from uuid import UUID

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core import clock, db
from core.sheets.reading import Unreadable
from core.sheets.uploads import read_upload
from plans.errors import NotThere
from plans.importing import block_views, queries, services
from plans.importing.blueprint import bp
from plans.importing.cells import Grid, unpacked
from plans.importing.forms import ColumnsForm, LookForm, UploadForm, columns_form
from plans.importing.guessing import day_evidence, guess, guess_columns
from plans.importing.layouts import BY_SLUG, Layout
from plans.importing.mapping import Chosen, data_rows, headings, restored
from plans.importing.models import ImportSheet, SheetState
from plans.importing.services import NotReady
from plans.importing.showing import LABELS, Show, examples
from plans.importing.showing import preview as preview_of
from plans.registers.undo.queries import just_done
from tenants.clients.reading import tells_of_clients
from tenants.door import needs, standing
from tenants.owned import EditConflict
from tenants.permissions import Permission

__all__ = ["PAGES", "bp"]

PAGES = (block_views,)
MOST_ROWS = 20_000
REPORT_LENGTH = 100


@bp.route("/", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def start() -> ResponseReturnValue:
    """Upload a file, or take up an earlier one."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            upload = read_upload(form.file.data, rows=MOST_ROWS)
        except Unreadable as refused:
            form.file.errors = [refused.told()]
        else:
            batch = services.take_in(upload, by=g.me.name, at=clock.now())
            return redirect(_after_upload(batch.id))
    page = render_template(
        "importing/start.html", form=form, uploads=queries.uploads(), left=queries.open_sheets, megabytes=_megabytes()
    )
    return page, 422 if form.is_submitted() else 200


def _after_upload(batch_id: UUID) -> str:
    """Return where to go on: straight to the preview of a register's own workbook, which has but one sheet."""
    found = queries.upload(batch_id).sheets
    if len(found) == 1 and found[0].state is SheetState.MAPPED:
        return url_for("importing.preview", batch_id=batch_id, position=1)
    return url_for("importing.sheets", batch_id=batch_id)


def _megabytes() -> int:
    return int(current_app.config["SETTINGS"].upload_limit) // 1_000_000


@bp.get("/<uuid:batch_id>")
@needs(Permission.PLAN_EDIT)
def sheets(batch_id: UUID) -> ResponseReturnValue:
    """Show the sheets of a file and how far each of them is."""
    upload = _upload(batch_id)
    too_old = queries.expired(upload.batch, at=clock.now())
    return render_template("importing/sheets.html", upload=upload, layouts=BY_SLUG, too_old=too_old)


@bp.route("/<uuid:batch_id>/<int:position>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def sheet(batch_id: UUID, position: int) -> ResponseReturnValue:
    """Choose what is in a sheet and what its columns are."""
    found = _open_sheet(batch_id, position)
    if found is None:
        return redirect(_onwards(batch_id, position))
    grid, wish = unpacked(found.cells), request.form if request.method == "POST" else request.args
    look, shown = _looked(found, grid, wish)
    form = columns_form(shown, headings(grid, shown.header_row))
    if request.method == "POST" and look.validate() and form.validate():
        chosen = form.chosen(shown.layout, shown.header_row)
        if form.check(chosen):
            rows = sum(1 for _number in data_rows(grid, chosen.header_row))
            services.choose(batch_id, position, chosen, rows)
            return redirect(url_for("importing.preview", batch_id=batch_id, position=position))
    return _sheet_page(found, grid, look, form, shown)


def _looked(found: ImportSheet, grid: Grid, wish: MultiDict[str, str]) -> tuple[LookForm, Chosen]:
    """Return the form on top of the page, and what the columns are guessed to be, given what it says."""
    if wish.get("layout") is None:
        chosen = restored(found.chosen) if found.chosen else guess(grid, found.name)
        return LookForm(formdata=None, layout=chosen.layout.slug, header_row=chosen.header_row), chosen
    look = LookForm(formdata=wish)
    fallback = guess(grid, found.name)
    usable = look.validate()
    layout: Layout = BY_SLUG.get(look.layout.data or "", fallback.layout)
    header_row = look.header_row.data if usable else fallback.header_row
    return look, guess_columns(grid, layout, min(header_row, len(grid.rows)))


def _sheet_page(
    found: ImportSheet, grid: Grid, look: LookForm, form: ColumnsForm, shown: Chosen
) -> ResponseReturnValue:
    days, months = day_evidence(grid, shown.layout, shown.header_row, shown.targets)
    above = headings(grid, shown.header_row)
    page = render_template(
        "importing/sheet.html",
        sheet=found,
        upload=queries.upload(found.batch_id),
        look=look,
        form=form,
        examples=examples(grid, shown),
        conflict=bool(days and months),
        of_clients=standing().may(Permission.PORTFOLIO_INVITE) and tells_of_clients(above),
    )
    return page, 422 if form.is_submitted() or look.errors else 200


@bp.get("/<uuid:batch_id>/<int:position>/preview")
@needs(Permission.PLAN_EDIT)
def preview(batch_id: UUID, position: int) -> ResponseReturnValue:
    """Show what a sheet would do, row by row."""
    found = _open_sheet(batch_id, position)
    if found is None or found.chosen is None:
        return redirect(_onwards(batch_id, position))
    return _preview_page(found, restored(found.chosen), status=200)


def _preview_page(found: ImportSheet, chosen: Chosen, *, status: int) -> ResponseReturnValue:
    plan = queries.plan_of(found, chosen)
    wish = Show(request.args["show"]) if request.args.get("show") in tuple(Show) else Show.ALL
    shown = preview_of(plan, wish, request.args.get("page", 1, type=int))

    def page_href(number: int) -> str:
        return url_for(
            "importing.preview", batch_id=found.batch_id, position=found.position, show=wish.value, page=number
        )

    page = render_template(
        "importing/preview.html",
        sheet=found,
        upload=queries.upload(found.batch_id),
        layout=chosen.layout,
        shown=shown,
        wish=wish,
        labels=LABELS,
        seen=plan.digest,
        conflict=status == 409,
        page_href=page_href,
    )
    return page, status


@bp.post("/<uuid:batch_id>/<int:position>/apply")
@needs(Permission.PLAN_EDIT)
def apply(batch_id: UUID, position: int) -> ResponseReturnValue:
    """Bring a sheet in, or only keep which of its rows are to come in."""
    if _open_sheet(batch_id, position) is None:
        return redirect(_onwards(batch_id, position))
    try:
        if "shown" in request.form:
            services.tick(batch_id, position, request.form.getlist("shown"), request.form.getlist("tick"))
        if "keep" in request.form:
            flash(_("Your choice has been kept. Nothing was brought in yet."), "success")
            show, page = request.args.get("show"), request.args.get("page", type=int)
            return redirect(url_for("importing.preview", batch_id=batch_id, position=position, show=show, page=page))
        done = services.apply(batch_id, position, by=g.me.name, at=clock.now(), seen=request.form.get("seen"))
    except NotReady:
        return redirect(_onwards(batch_id, position))
    except EditConflict:
        return _changed_meanwhile(batch_id, position)
    if done:
        flash(_("This sheet has been brought in."), "success")
    return redirect(url_for("importing.result", batch_id=batch_id, position=position))


def _changed_meanwhile(batch_id: UUID, position: int) -> ResponseReturnValue:
    """Show what the sheet would do now. Nothing of what was begun may stay in the session."""
    db.rollback()
    db.begin(writes=True)
    found = _open_sheet(batch_id, position)
    if found is None or found.chosen is None:
        return redirect(_onwards(batch_id, position))
    return _preview_page(found, restored(found.chosen), status=409)


@bp.get("/<uuid:batch_id>/<int:position>/result")
@needs(Permission.PLAN_EDIT)
def result(batch_id: UUID, position: int) -> ResponseReturnValue:
    """Show what was brought in and what could not be used."""
    found = _sheet(batch_id, position)
    if found.state is not SheetState.APPLIED:
        return redirect(_onwards(batch_id, position))
    lines = queries.report_of(found)
    last = max(1, -(-len(lines) // REPORT_LENGTH))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    upload = queries.upload(batch_id)
    return render_template(
        "importing/result.html",
        sheet=found,
        upload=upload,
        layout=BY_SLUG[found.layout],
        lines=lines[(page - 1) * REPORT_LENGTH : page * REPORT_LENGTH],
        total=len(lines),
        page=page,
        last=last,
        left=queries.open_sheets(upload),
        undo=just_done(found.change_id) if found.change_id else None,
        page_href=lambda number: url_for("importing.result", batch_id=batch_id, position=position, page=number),
    )


@bp.post("/<uuid:batch_id>/drop")
@needs(Permission.PLAN_EDIT)
def drop(batch_id: UUID) -> ResponseReturnValue:
    """Throw away what was uploaded and not brought in."""
    try:
        services.drop(batch_id)
    except NotThere:
        abort(404)
    flash(_("What was not brought in has been thrown away."), "success")
    return redirect(url_for("importing.start"))


def _upload(batch_id: UUID) -> queries.Upload:
    try:
        return queries.upload(batch_id)
    except NotThere:
        abort(404)


def _sheet(batch_id: UUID, position: int) -> ImportSheet:
    try:
        return queries.sheet_of(batch_id, position)
    except NotThere:
        abort(404)


def _open_sheet(batch_id: UUID, position: int) -> ImportSheet | None:
    """Return a sheet that can still be brought in, None for every other one of this organisation; else 404."""
    found = _sheet(batch_id, position)
    waiting = found.state in (SheetState.UPLOADED, SheetState.MAPPED)
    return found if waiting and not queries.expired(_upload(batch_id).batch, at=clock.now()) else None


def _onwards(batch_id: UUID, position: int) -> str:
    """Return the page on which somebody can go on with a sheet."""
    found, upload = _sheet(batch_id, position), _upload(batch_id)
    if found.state is SheetState.APPLIED:
        return url_for("importing.result", batch_id=batch_id, position=position)
    if found.state is SheetState.DROPPED or queries.expired(upload.batch, at=clock.now()):
        return url_for("importing.sheets", batch_id=batch_id)
    return url_for("importing.sheet", batch_id=batch_id, position=position)
