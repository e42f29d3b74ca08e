"""Forms of the copies."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField

from plans.backup.queries import Copy
from plans.backup.services import CopyValues
from plans.fields import (
    CLOUD_IN,
    DELETABLE,
    HOW_FAR_BACK,
    HOW_FAR_BACK_HINT,
    MADE_EVERY,
    MAY_DELETE,
    NO,
    SETTINGS_IN,
    YES,
    Field,
)
from plans.inputs import (
    NewRowField,
    NumberBox,
    SeenField,
    TextBox,
    chosen,
    filled,
    offer,
    pick,
    radio,
    shorten,
    spare_boxes,
    ticked,
    ticks,
)
from plans.items.queries import Party, Person, options
from plans.keeping import HOLDS_LABELS, KEEPING_LABELS
from plans.models import CloudIn, CopyOf, Keeping, MadeEvery, Sighted
from plans.turns import seen

SIGHTED_LABELS: Mapping[Sighted, Any] = {
    Sighted.THERE: _l("Seen"),
    Sighted.REACHED: _l("Reached outside office hours"),
}
MADE_LABELS: Mapping[MadeEvery, Any] = {MadeEvery(one.value): one.label for one in MADE_EVERY.choices}
CLOUD_LABELS: Mapping[CloudIn, Any] = {CloudIn(one.value): one.label for one in CLOUD_IN.choices}
APART = ((YES, _l("Yes, somewhere else")), (NO, _l("No, they lie together")))


def _asked(field: Field) -> Any:
    return radio(field.label, [(one.value, one.label) for one in field.choices], description=field.hint)


def _answered(field: Any) -> bool | None:
    return field.data == YES if field.data else None


class CopyForm(FlaskForm):  # type: ignore[misc]
    """Everything that is told of a copy."""

    new_row = NewRowField()
    seen = SeenField()
    holds = radio(_l("What does it hold?"), [(one.value, label) for one, label in HOLDS_LABELS.items()])
    name = TextBox(
        _l("What do you call it?"),
        [filled(_l("Give it a name."))],
        description=_l("For example: the blue USB disk, or the back-up at our provider."),
    )
    location = TextBox(_l("Where it is"))
    off_site = BooleanField(_l("This is outside our building"))
    offline = BooleanField(_l("It is never connected to the internet or our network"))
    kept_days = NumberBox(
        HOW_FAR_BACK, description=_l("Only for a copy of your data. %(hint)s", hint=HOW_FAR_BACK_HINT), least=1
    )
    systems = ticks(_l("Whose data is in it? Tick none when it holds that of every system"))
    made_every, cloud_in, settings_in, deletable = map(_asked, (MADE_EVERY, CLOUD_IN, SETTINGS_IN, DELETABLE))
    may_delete = TextBox(MAY_DELETE.label, description=MAY_DELETE.hint)
    plan_version = NumberBox(
        _l("Version of the plan"), description=_l("Only for a copy of the plan: the number on its first page.")
    )
    keeping = radio(_l("How it is kept"), [(one.value, label) for one, label in KEEPING_LABELS.items()])
    keeper = pick(_l("Who keeps it"))
    party = pick(_l("Or which firm keeps it"))
    encryption = TextBox(_l("How it is encrypted"))
    key_place = TextBox(
        _l("Where the key is kept (never the key itself)"), description=_l("Never write the key or password here.")
    )
    key_apart = radio(_l("Does the key lie apart from the copy?"), APART)
    night_contact = pick(_l("Who can reach it at night?"))
    night_how = TextBox(_l("How they get at it at night"))

    def validate_holds(self, field: Any) -> None:
        """A copy of nothing is no copy."""
        filled(_l("Choose one from the list."))(self, field)

    def values(self) -> CopyValues:
        """Return what was filled in."""
        return CopyValues(
            holds=CopyOf(self.holds.data),
            name=self.name.data,
            location=self.location.data or "",
            off_site=self.off_site.data,
            offline=self.offline.data,
            keeping=Keeping(self.keeping.data) if self.keeping.data else None,
            keeper_id=chosen(self.keeper),
            party_id=chosen(self.party),
            encryption=self.encryption.data or "",
            key_place=self.key_place.data or "",
            key_apart=_answered(self.key_apart),
            night_contact_id=chosen(self.night_contact),
            night_how=self.night_how.data or "",
            plan_version=self.plan_version.data,
            kept_days=self.kept_days.data,
            made_every=MadeEvery(self.made_every.data) if self.made_every.data else None,
            cloud_in=CloudIn(self.cloud_in.data) if self.cloud_in.data else None,
            settings_in=_answered(self.settings_in),
            deletable=_answered(self.deletable),
            may_delete=self.may_delete.data or "",
            system_ids=ticked(self.systems),
        )


def copy_form(
    people: Mapping[UUID, Person],
    parties: Mapping[UUID, Party],
    systems: Mapping[UUID, str],
    copy: Copy | None = None,
    **sent: Any,
) -> CopyForm:
    """Return the form of a new copy, or of `copy` as it is stored. systems: whose data it may hold."""
    form = CopyForm(data=_stored(copy) if copy else {}, **sent)
    held = {copy.keeper_id, copy.night_contact_id} if copy else set()
    for field in (form.keeper, form.night_contact):
        offer(field, options(people.values(), held))
    offer(form.party, options(parties.values(), {copy.party_id} if copy else ()))
    offer(form.systems, systems.items())
    spare_boxes(form.systems)
    shorten([form.keeper, form.night_contact], "people-names")
    shorten([form.party], "party-names")
    return form


def _stored(copy: Copy) -> dict[str, Any]:
    answers = {None: None, True: YES, False: NO}
    return {
        "seen": seen([copy]),
        "holds": copy.holds.value,
        "name": copy.name,
        "location": copy.location,
        "off_site": copy.off_site,
        "offline": copy.offline,
        "plan_version": copy.plan_version,
        "kept_days": copy.kept_days,
        "keeping": copy.keeping.value if copy.keeping else None,
        "keeper": copy.keeper_id,
        "party": copy.party_id,
        "encryption": copy.encryption,
        "key_place": copy.key_place,
        "key_apart": answers[copy.key_apart],
        "systems": [str(one) for one in copy.system_ids],
        "made_every": copy.made_every.value if copy.made_every else None,
        "cloud_in": copy.cloud_in.value if copy.cloud_in else None,
        "settings_in": answers[copy.settings_in],
        "deletable": answers[copy.deletable],
        "may_delete": copy.may_delete,
        "night_contact": copy.night_contact_id,
        "night_how": copy.night_how,
    }


class SightingForm(FlaskForm):  # type: ignore[misc]
    """A sighting with what one tap leaves out."""

    new_row = NewRowField()
    sighted = radio(_l("What did you do?"), [(one.value, label) for one, label in SIGHTED_LABELS.items()])
    plan_version = NumberBox(_l("Which version of the plan stands on it?"))
    photo = FileField(
        _l("Photo"),
        description=_l("A JPEG or PNG. Where and when it was taken is removed from the file before it is kept."),
    )

    def validate_sighted(self, field: Any) -> None:
        """It must be told what was found out."""
        filled(_l("Choose one from the list."))(self, field)


def sighting_form(copy: Copy, **sent: Any) -> SightingForm:
    """Return the form of a sighting of `copy`; it proposes that it was seen."""
    form = SightingForm(data={"sighted": Sighted.THERE.value}, **sent)
    if copy.holds is not CopyOf.PLAN:
        del form.plan_version
    return form
