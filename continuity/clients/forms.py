"""What a browser may send about a client."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from continuity import fields
from continuity.clients.services import ClientValues
from continuity.fields import AddForm, EditForm
from core.i18n import Language
from core.serving.options import SelectField

_LANGUAGES = fields.offered(
    [("", _l("As my organisation")), (Language.DUTCH.value, "Nederlands"), (Language.ENGLISH.value, "English")]
)


class ClientForm(AddForm):
    """A client of the service."""

    name = fields.line(_l("Name of the client"), missing=_l("Fill in the name of the client."))
    kvk = fields.kvk()
    email = fields.mail()
    monthly_fee = fields.euros(
        _l("What the client will pay the foundation a month"),
        hint=_l(
            "Only while the scheme runs. Together the fees must cover the cost of the upstream supplier or partner."
        ),
    )
    invited_on = fields.day(
        _l("Invited to accept the deed on"), hint=_l("Filled in by itself when you invite the client from here.")
    )
    language = SelectField(
        _l("Language of mails to this client"), choices=_LANGUAGES, coerce=lambda told: Language(told) if told else None
    )

    def values(self) -> ClientValues:
        """Return what was filled in."""
        return ClientValues(
            self.name.data,
            self.kvk.data,
            self.email.data,
            self.monthly_fee.data,
            self.invited_on.data,
            self.language.data,
        )


def _over(first: Any) -> Any:
    """Return the boxes of what can be taken over. first: whom to ask before."""
    return SelectMultipleField(
        _l("What you take over"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=first,
    )


class HeldForm(EditForm):
    """What the foundation takes over of what a supplier says of a client since what happened to it."""

    over = _over(
        _l(
            "Ask the client itself first, by a telephone number that you did not get from the supplier. Without a tick "
            "everything stays as it was."
        )
    )

    def offer(self, labels: Mapping[str, Any]) -> None:
        """Let what differs be chosen. labels: what each of it is called."""
        self.over.choices = fields.offered(labels.items())


class HeldPartForm(HeldForm):
    """What the foundation takes over of what a supplier says of its scheme since what happened to it."""

    over = _over(
        _l(
            "Ask whom it is about first, by a telephone number that you did not get from the supplier. Without a tick "
            "everything stays as it was."
        )
    )
