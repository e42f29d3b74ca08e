"""What a browser may send about grants."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type information
from wtforms.validators import DataRequired, Optional

from core.serving.options import StringField
from tenants.forms import likely_day, strip
from tenants.grants.services import Limits
from tenants.models import GrantLevel

LEVEL_LABELS = {
    GrantLevel.VIEW: _l("Look at it, change nothing"),
    GrantLevel.EDIT: _l("Fill it in and change it"),
}


def levels(up_to: GrantLevel = GrantLevel.EDIT) -> list[SelectChoice]:
    """Return the levels to choose from, `up_to` being the furthest."""
    chosen = [level for level in GrantLevel if up_to is GrantLevel.EDIT or level is GrantLevel.VIEW]
    return [SelectChoice(level.value, LEVEL_LABELS[level]) for level in chosen]


class SupplierForm(FlaskForm):  # type: ignore[misc]
    """Which IT supplier: sent by GET, so the address says it."""

    class Meta:
        """Looking something up changes nothing, so nobody needs to prove it was meant."""

        csrf = False

    supplier = StringField(
        _l("Short name or KvK number of the IT supplier"),
        [DataRequired(_l("Fill in the short name or KvK number."))],
        filters=[strip],
        description=_l("Ask your supplier for it. The short name stands in the address of its own pages."),
    )


class LimitsForm(FlaskForm):  # type: ignore[misc]
    """How far, in which parts, until when."""

    level = RadioField(_l("What may its staff do?"), choices=levels(), default=GrantLevel.VIEW.value)
    plan = BooleanField(_l("Calamity plan"), default=True)
    continuity = BooleanField(_l("Continuity scheme"), default=True)
    ends_on = DateField(
        _l("Last day"),
        [Optional(), likely_day],
        description=_l("Access ends by itself after this day. Leave it empty to end it yourself."),
    )

    def limits(self, zone: str) -> Limits:
        """Return what was filled in, as one frozen value. zone: of the organisation, in which days end."""
        ends_at = None
        if self.ends_on.data is not None:
            ends_at = datetime.combine(self.ends_on.data + timedelta(days=1), time(), ZoneInfo(zone))
        return Limits(GrantLevel(self.level.data), bool(self.plan.data), bool(self.continuity.data), ends_at)


class AskedForm(FlaskForm):  # type: ignore[misc]
    """What a reseller asked for, to be given or lessened."""

    level = RadioField(_l("What may its staff do?"), choices=levels())
    plan = BooleanField(_l("Calamity plan"))
    continuity = BooleanField(_l("Continuity scheme"))

    def limit_to(self, level: GrantLevel, *, plan: bool, continuity: bool) -> None:
        """Offer no more than was asked for."""
        self.level.choices = levels(level)
        if not plan:
            del self.plan
        if not continuity:
            del self.continuity

    def limits(self) -> Limits:
        """Return what was filled in, as one frozen value."""
        plan, continuity = self.data.get("plan"), self.data.get("continuity")
        return Limits(GrantLevel(self.level.data), bool(plan), bool(continuity))
