"""What a browser may send about handovers."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from continuity import fields
from continuity.fields import AddForm, EditForm
from continuity.handovers.services import DeliveryValues, ItemValues
from continuity.models import HandoverKind
from continuity.scheme import HANDOVER_LABELS


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

    def values(self) -> DeliveryValues:
        """Return what was filled in."""
        return DeliveryValues(self.delivered_on.data, self.delivered_by.data, self.specification.data)
