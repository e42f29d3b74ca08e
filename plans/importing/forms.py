"""What a browser may send while a spreadsheet is brought in."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import ValidationError

from core.serving.options import SelectField
from plans.importing.headings import INTO_NOTE, NOT_USED
from plans.importing.layouts import LAYOUTS, MIXED, Layout
from plans.importing.mapping import LAST_HEADER_ROW, Chosen
from plans.inputs import NumberBox, radio
from plans.registers.cells import DayOrder

ORDERS = (
    (DayOrder.DAY_FIRST.value, _l("The day comes first: 3/4/2027 is 3 April")),
    (DayOrder.MONTH_FIRST.value, _l("The month comes first: 3/4/2027 is 4 March")),
)
COLUMN = "column_"


class UploadForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type information
    """A file to bring in."""

    file: Any = FileField(
        _l("File"), description=_l("A spreadsheet (.xlsx, .xlsm) or a text file with columns (.csv, .tsv).")
    )

    def validate_file(self, field: Any) -> None:
        """A file was chosen."""
        if not field.data or not field.data.filename:
            raise ValidationError(_("Choose a file."))


class LookForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type information
    """What is in a sheet and where its headings are; sent by GET, so that the columns can be guessed anew."""

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False

    layout: Any = SelectField(
        _l("What is in this sheet"),
        choices=[SelectChoice(found.slug, found.label) for found in LAYOUTS if found not in MIXED]
        + [SelectChoice(found.slug, found.label) for found in MIXED],
    )
    header_row: Any = NumberBox(
        _l("Row with the headings"),
        description=_l("What stands above it is passed over. Fill in 0 when there are no headings."),
    )

    def validate_header_row(self, field: Any) -> None:
        """A row near the top."""
        if field.data is None or not 0 <= field.data <= LAST_HEADER_ROW:
            raise ValidationError(_("Give the number of a row, from 0 to %(last)s.", last=LAST_HEADER_ROW))


class ColumnsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no type information
    """What each column of a sheet is; columns_form() adds a list for each of them."""

    # On its page stand those of LookForm as well.
    layout: Any = HiddenField(id="kept-layout")
    header_row: Any = HiddenField(id="kept-header-row")
    order: Any = radio(_l("Days written with numbers only"), ORDERS)

    def columns(self) -> list[Any]:
        """Return the list of each column, in the order of the sheet."""
        return [field for name, field in self._fields.items() if name.startswith(COLUMN)]

    def chosen(self, layout: Layout, header_row: int) -> Chosen:
        """Return what was chosen."""
        targets = tuple(field.data or NOT_USED for field in self.columns())
        return Chosen(layout, header_row, targets, DayOrder(self.order.data or DayOrder.DAY_FIRST))

    def check(self, chosen: Chosen) -> bool:
        """Tell whether the columns fit together; where they do not, say so at the column."""
        doubled = set(chosen.doubled())
        for field in self.columns():
            if field.data in doubled:
                field.errors = [_("This is chosen for more than one column. Choose one of them.")]
        if "name" not in chosen.targets:
            self.form_errors.append(_("Choose which column holds the name; without it no row can come in."))
        return not doubled and "name" in chosen.targets


def columns_form(guessed: Chosen, above: Sequence[str]) -> ColumnsForm:
    """Return the form for the columns of a sheet, filled in as `guessed`. above: the heading of each column."""
    layout = guessed.layout
    names = [target for target in layout.targets if target != INTO_NOTE]
    options = [(target, str(layout.label_of(target))) for target in names]
    noted = [INTO_NOTE] if INTO_NOTE in layout.targets else []
    choices = [
        SelectChoice(NOT_USED, layout.label_of(NOT_USED)),
        *(SelectChoice(target, layout.label_of(target)) for target in noted),
        *(SelectChoice(target, label) for target, label in options),
    ]

    class Form(ColumnsForm):
        """The columns of one sheet."""

    for place, (heading, target) in enumerate(zip(above, guessed.targets, strict=True), start=1):
        field = SelectField(heading or _("Column %(letter)s", letter=letter(place)), choices=choices, default=target)
        setattr(Form, f"{COLUMN}{place}", field)
    form = Form(order=guessed.order.value)
    form.layout.data, form.header_row.data = layout.slug, guessed.header_row
    return form


def letter(place: int) -> str:
    """Return what a spreadsheet calls column `place` (from 1): A, B, ..., Z, AA."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
