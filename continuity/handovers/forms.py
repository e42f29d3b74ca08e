"""What a browser may send about handovers."""

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from continuity import fields
from continuity.agreements.documents import Document, look_over
from continuity.fields import AddForm, EditForm
from continuity.handovers.services import DeliveryValues, ItemValues
from continuity.models import ChangeKind, HandoverKind
from continuity.scheme import HANDOVER_LABELS
from core.serving.options import IntegerField

CHANGE_LABELS = {
    ChangeKind.LOGIN: _l("We changed a password, code or key"),
    ChangeKind.PERSON_LEFT: _l("Somebody left who knew it, or to whom it belonged"),
    ChangeKind.SECOND_STEP: _l("The second step of signing in moved to another phone or app"),
    ChangeKind.SYSTEM: _l("A system was replaced, moved or set up anew"),
    ChangeKind.OTHER: _l("Something else"),
}


class ItemForm(AddForm):
    """Something the foundation must hold."""

    kind = fields.choice(_l("Kind"), ((kind.value, label) for kind, label in HANDOVER_LABELS.items()))
    label = fields.line(
        _l("What is handed over"),
        missing=_l("Fill in what is handed over."),
        hint=_l("Only what it is for. Never write a password or key here."),
    )
    service = fields.line(_l("For which part of the service"))
    required = BooleanField(_l("The foundation cannot deliver without it"), default=True)
    secret = BooleanField(_l("It is a secret: seal it, so that only two officers together can open it"), default=True)
    owner = fields.line(_l("Who keeps it up to date"))
    max_age_days = IntegerField(
        _l("How many days old a delivery may get"),
        [InputRequired(_l("Fill in a number of days.")), NumberRange(1, 90, _l("A whole number from 1 to 90."))],
        description=_l("At most 90 for documentation, 30 for login codes and other information."),
    )

    def values(self) -> ItemValues:
        """Return what was filled in."""
        return ItemValues(
            kind=HandoverKind(self.kind.data),
            label=self.label.data,
            service=self.service.data,
            required=self.required.data,
            owner=self.owner.data,
            max_age_days=self.max_age_days.data or 1,
            secret=self.secret.data,
        )


class DeliveryForm(EditForm):
    """One delivery to the foundation."""

    delivered_on = fields.day(_l("Handed over on"), missing=_l("Fill in the day."))
    delivered_by = fields.line(_l("By whom"), missing=_l("Fill in who handed it over."))
    specification = fields.text(
        _l("What is in it"),
        missing=_l("Describe what is in it: others can check the delivery by this text alone."),
        hint=_l(
            "For example: sealed envelope 14 with the administrator logins of server web-01 and web-02. "
            "Never write the password, code or key itself: everybody who may see this registration reads this text."
        ),
    )

    document = FileField(
        _l("The document"),
        description=_l(
            "A PDF, Word document (docx), JPEG or PNG that is no secret. It is kept encrypted; members of your "
            "organisation and the foundation can read it."
        ),
    )

    def values(self) -> DeliveryValues:
        """Return what was filled in. Raises Refused when the file is not one we take."""
        filled = (self.delivered_on.data, self.delivered_by.data, self.specification.data)
        return DeliveryValues(*filled, uploaded(self.document.data))


def uploaded(sent: object) -> Document | None:
    """Return the file that was sent, if any. Raises Refused when it is not one we take."""
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    limit = current_app.config["SETTINGS"].upload_limit
    return look_over(sent.filename, sent.stream.read(limit + 1), limit)


class ChangesForm(FlaskForm):  # type: ignore[misc]
    """What happened at the supplier, and which items it touches."""

    kind = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Choose what happened."))],
        choices=fields.offered((kind.value, label) for kind, label in CHANGE_LABELS.items()),
    )
    what = fields.line(
        _l("In a few words"), hint=_l("For example: the owner of the account left. Never write a password or code.")
    )
    items: Any = SelectMultipleField(
        _l("What does it touch?"),
        [InputRequired(_l("Tick at least one item."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
