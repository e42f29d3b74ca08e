"""What a browser may send about clients and invitations."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import InputRequired, NumberRange

from core.serving.options import IntegerField, SelectField
from tenants.clients.reading import NONE, Cells, Columns, headings
from tenants.clients.services import Ask
from tenants.grants.forms import LEVEL_LABELS
from tenants.models import GrantLevel


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A list of clients."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("A spreadsheet (.xlsx) or text file (.csv) with a name, an e-mail address and a KvK number."),
    )


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """Which column is what: sent by GET, so the address says it."""

    class Meta:
        """Looking at a list in another way changes nothing."""

        csrf = False

    header_row = IntegerField(
        _l("Headings in row"), [InputRequired(), NumberRange(0, 100)], description=_l("0 when there are none.")
    )
    name = SelectField(_l("Name of the client"), coerce=int)
    email = SelectField(_l("E-mail address"), coerce=int)
    kvk = SelectField(_l("KvK number"), coerce=int)

    def offer(self, cells: Cells, header_row: int) -> None:
        """Offer the columns of the list by what stands above them."""
        choices = [SelectChoice(NONE, _("not in the file"))]
        for index, text in enumerate(headings(cells, header_row)):
            choices.append(SelectChoice(index, text or _("Column %(number)s", number=index + 1)))
        for field in (self.name, self.email, self.kvk):
            field.choices = choices

    def columns(self) -> Columns:
        """Return what was chosen, as one frozen value."""
        return Columns(self.header_row.data or 0, self.name.data, self.kvk.data, self.email.data)


class AskForm(FlaskForm):  # type: ignore[misc]
    """What to ask the clients for."""

    level = RadioField(
        _l("What do you ask for?"),
        choices=[SelectChoice(level.value, label) for level, label in LEVEL_LABELS.items()],
        default=GrantLevel.EDIT.value,
    )
    plan = BooleanField(_l("Calamity plan"), default=True)
    continuity = BooleanField(_l("Continuity scheme"))

    def ask(self) -> Ask:
        """Return what was filled in, as one frozen value."""
        return Ask(GrantLevel(self.level.data), bool(self.plan.data), bool(self.continuity.data))
