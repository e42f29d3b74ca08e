"""What a browser may send about tokens."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from core.ids import new_id
from core.serving.options import StringField
from tenants.forms import strip
from tenants.models import TenantKind
from tenants.tokens.scopes import TokenScope, offered
from tenants.tokens.services import TokenValues

LIVES = ((30, _l("30 days")), (90, _l("90 days")), (182, _l("Half a year")), (365, _l("A year")))
USUAL = "90"


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A token that somebody wants. token_id: chosen when the page was made, so that sending it twice makes one."""

    name = StringField(
        _l("What it is for"),
        [InputRequired(_l("Fill in what it is for.")), Length(max=120, message=_l("At most 120 characters."))],
        filters=[strip],
        description=_l("For example: the dashboard of our IT supplier."),
    )
    scopes: Any = SelectMultipleField(
        _l("What it may do"),
        [InputRequired(_l("Choose at least one."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    days = RadioField(
        _l("How long it lives"),
        choices=[SelectChoice(str(days), text) for days, text in LIVES],
        default=USUAL,
        description=_l("A short life is safer. Make a new token before it ends."),
    )
    token_id = HiddenField()

    def offer(self, kind: TenantKind) -> None:
        """Let what a token of this kind of organisation may do be chosen, and choose an id for it."""
        self.scopes.choices = [SelectChoice(one.scope.value, one.label) for one in offered(kind)]
        if not self.token_id.data:
            self.token_id.data = str(new_id())

    def values(self) -> TokenValues:
        """Return what was filled in, as one frozen value."""
        scopes = frozenset(TokenScope(scope) for scope in self.scopes.data or ())
        return TokenValues(self.name.data or "", scopes, int(self.days.data))

    @property
    def chosen_id(self) -> UUID:
        """Return the id chosen when the page was made, another one when the browser sent none."""
        try:
            return UUID(self.token_id.data or "")
        except ValueError:
            return new_id()
