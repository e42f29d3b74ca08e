"""What a browser may send about the people of an organisation."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from core.mail.outbox import ADDRESS, ADDRESS_LENGTH
from core.serving.options import StringField
from tenants.forms import likely_day, strip
from tenants.invitations.services import AuditorValues, MemberValues
from tenants.models import Role

ROLE_LABELS = {
    Role.READER: _l("Reader: sees all, changes nothing"),
    Role.EDITOR: _l("Editor: fills in and changes the plan"),
    Role.OWNER: _l("Owner: changes everything, and decides who has access"),
}


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role.value, label) for role, label in ROLE_LABELS.items()]


def _email() -> EmailField:
    return EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Fill in the e-mail address.")),
            Length(max=ADDRESS_LENGTH, message=_l("This is not an e-mail address.")),
            Regexp(rf"^{ADDRESS.pattern}$", message=_l("This is not an e-mail address.")),
        ],
        filters=[strip],
    )


class InviteForm(FlaskForm):  # type: ignore[misc]
    """Who shall be a member, and with which role."""

    email = _email()
    role = RadioField(_l("Role"), choices=_roles(), default=Role.READER.value)

    def values(self) -> MemberValues:
        """Return what was filled in, as one frozen value."""
        return MemberValues((self.email.data or "").lower(), Role(self.role.data))


class EngageForm(FlaskForm):  # type: ignore[misc]
    """Who shall audit what, and when."""

    email = _email()
    reference = StringField(
        _l("Name of the assignment"),
        [DataRequired(_l("Fill in a name.")), Length(max=120, message=_l("At most 120 characters."))],
        filters=[strip],
        description=_l("For example: audit of 2027."),
    )
    plan = BooleanField(_l("Calamity plan"), default=True)
    continuity = BooleanField(_l("Continuity scheme"))
    starts_on = DateField(_l("First day"), [InputRequired(_l("Fill in a day.")), likely_day])
    ends_on = DateField(
        _l("Last day"),
        [InputRequired(_l("Fill in a day.")), likely_day],
        description=_l("Access ends by itself at the end of this day."),
    )

    def values(self) -> AuditorValues:
        """Return what was filled in, as one frozen value."""
        assert self.starts_on.data is not None
        assert self.ends_on.data is not None
        return AuditorValues(
            email=(self.email.data or "").lower(),
            reference=self.reference.data or "",
            plan=bool(self.plan.data),
            continuity=bool(self.continuity.data),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )


class RoleForm(FlaskForm):  # type: ignore[misc]
    """Another role for a member."""

    role = RadioField(_l("Role"), choices=_roles())
