"""Bring in a list of clients: upload or paste it, see what is wrong with each cell, add the good rows."""

from dataclasses import asdict
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import Length, NumberRange, Optional

from continuity import queries as shared
from continuity.clients import listing, services
from continuity.clients.listing import MOST_ROWS, Line, Places, Problem
from continuity.models import Registration
from continuity.pages import bp, existing
from core.serving.options import IntegerField, SelectField
from core.sheets.reading import Unreadable
from core.sheets.uploads import read_upload
from tenants.clients.reading import NONE, headings
from tenants.clients.reading import to_cells as plain_cells
from tenants.door import needs
from tenants.permissions import Permission

MOST_COLUMNS = 60
MOST_SIGNS = 400_000
SHOWN = 40
PROBLEM_LABELS = {
    Problem.NO_NAME: _l("There is no name."),
    Problem.LONG_NAME: _l("The name has more than 200 characters."),
    Problem.WRONG_EMAIL: _l("This is not an e-mail address."),
    Problem.WRONG_KVK: _l("A KvK number has eight digits."),
    Problem.WRONG_FEE: _l("This is not an amount in euro."),
    Problem.WRONG_LANGUAGE: _l("Fill in nl or en."),
    Problem.TWICE: _l("A client of this name stands in an earlier row."),
    Problem.KNOWN: _l("This client is on your list already."),
}


class ListForm(FlaskForm):  # type: ignore[misc]
    """A list of clients, as a file or as text."""

    file = FileField(
        _l("File"), description=_l("A spreadsheet (.xlsx) or text file (.csv) with a column of names. Not needed when "
                                   "you paste the list below."),
    )  # fmt: skip
    rows = TextAreaField(
        _l("Or paste the list here"),
        [Optional(), Length(max=MOST_SIGNS, message=_l("This list is too long. Bring it in in parts."))],
        description=_l("Copy the rows from your spreadsheet, with their headings."),
    )


class PlacesForm(FlaskForm):  # type: ignore[misc]
    """Which column is what."""

    header_row = IntegerField(_l("Headings in row"), [Optional(), NumberRange(0, 100)])
    name = SelectField(_l("Name of the client"), coerce=int)
    email = SelectField(_l("E-mail address"), coerce=int)
    kvk = SelectField(_l("KvK number"), coerce=int)
    fee = SelectField(_l("Fee a month"), coerce=int)
    language = SelectField(_l("Language"), coerce=int)

    def offer(self, cells: list[list[str]], header_row: int) -> None:
        """Offer the columns of the list by what stands above them."""
        choices = [SelectChoice(NONE, _("not in the list"))]
        for index, text in enumerate(headings(cells, header_row)):
            choices.append(SelectChoice(index, text or _("Column %(number)s", number=index + 1)))
        for field in (self.name, self.email, self.kvk, self.fee, self.language):
            field.choices = choices

    def places(self) -> Places:
        """Return what was chosen."""
        return Places(
            self.header_row.data or 0, self.name.data, self.kvk.data, self.email.data, self.fee.data,
            self.language.data,
        )  # fmt: skip


@bp.route("/<uuid:registration_id>/clients/list", methods=["GET", "POST"])
@needs(Permission.CONTINUITY_EDIT)
def clients_import(registration_id: UUID) -> ResponseReturnValue:
    """Take a list of clients: look at it first, then add the good rows."""
    registration = existing(shared.registration(registration_id))
    form = ListForm()
    if not form.validate_on_submit():
        return _start(registration, form)
    try:
        text, mended = _text(form, request.form.get("step", ""))
    except Unreadable as refused:
        form.file.errors = [refused.told()]
        return _start(registration, form)
    cells = listing.to_cells(text)
    if not cells:
        form.rows.errors = [str(_("Choose a file, or paste a list."))]
        return _start(registration, form)
    look, places = _look(cells)
    registration = existing(shared.registration(registration_id))
    lines = listing.read(cells, places, services.known_clients(registration))
    if request.form.get("step") == "add":
        added = services.add_listed(registration, lines)
        left = len(lines) - added
        flash(ngettext("%(num)s client was added.", "%(num)s clients were added.", added), "success")
        if left:
            flash(ngettext("%(num)s row was left out.", "%(num)s rows were left out.", left), "warning")
        return redirect(url_for(".clients", registration_id=registration_id))
    return _preview(registration, text, look, places, lines, mended)


def _start(registration: Registration, form: ListForm) -> ResponseReturnValue:
    page = render_template("continuity/clients_import.html", registration=registration, form=form)
    return page, 422 if form.is_submitted() else 200


def _text(form: ListForm, step: str) -> tuple[str, int]:
    """Return the list as text, and how many KvK numbers of the file got zeros back. Raises Unreadable.

    The list is that of the file, else what was pasted or looked at before.
    """
    sent = form.file.data
    if step or not isinstance(sent, FileStorage) or not sent.filename:
        return form.rows.data or "", 0
    rows = read_upload(sent, rows=MOST_ROWS, columns=MOST_COLUMNS).first_rows
    return listing.to_text(plain_cells(rows)) if rows else ("", 0)


def _look(cells: list[list[str]]) -> tuple[PlacesForm, Places]:
    """Return the form that says which column is what, and what it says: as it was sent, else as guessed."""
    guessed = listing.guess(cells)
    asked = "name" in request.form
    look = PlacesForm(formdata=request.form if asked else None, obj=guessed)
    row = look.header_row.data if isinstance(look.header_row.data, int) else guessed.header_row
    look.offer(cells, row)
    return look, look.places() if asked and look.validate() else guessed


def _preview(
    registration: Registration, text: str, look: PlacesForm, places: Places, lines: list[Line], mended: int
) -> ResponseReturnValue:
    wrong = [line for line in lines if line.problems]
    return render_template(
        "continuity/clients_preview.html",
        registration=registration,
        text=text,
        look=look,
        chosen=asdict(places),
        good=len(lines) - len(wrong),
        lines=[*wrong[:SHOWN], *[line for line in lines if not line.problems][: max(0, SHOWN - len(wrong))]],
        total=len(lines),
        wrong=len(wrong),
        told=PROBLEM_LABELS,
        mended=mended,
    )
