"""Forms of the copies."""

from collections.abc import Mapping
from dataclasses import dataclass
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
# Questions that are asked of copies of one kind alone.
ONLY_OF: Mapping[str, CopyOf] = {
    "plan_version": CopyOf.PLAN,
    **dict.fromkeys(
        ("made_every", "kept_days", "systems", "cloud_in", "settings_in", "deletable", "may_delete"), CopyOf.DATA
    ),
}
APART = ((YES, _l("Yes, somewhere else")), (NO, _l("No, they lie together")))


def _asked(field: Field) -> Any:
    return radio(field.label, [(one.value, one.label) for one in field.choices], description=field.hint)


def _answered(told: str | None) -> bool | None:
    return told == YES if told else None


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
    kept_days = NumberBox(HOW_FAR_BACK, description=HOW_FAR_BACK_HINT, least=1)
    systems = ticks(_l("Whose data is in it? Tick none when it holds that of every system"))
    made_every, cloud_in, settings_in, deletable = map(_asked, (MADE_EVERY, CLOUD_IN, SETTINGS_IN, DELETABLE))
    may_delete = TextBox(MAY_DELETE.label, description=MAY_DELETE.hint)
    plan_version = NumberBox(_l("Version of the plan"), description=_l("The number on its first page."))
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

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what is asked of such a copy: nobody sees a mistake in a question that does not stand on the page."""
        super().validate(extra_validators)
        for name in self._unasked:
            self[name].errors = ()
        return not self.errors

    @property
    def _unasked(self) -> list[str]:
        return [name for name, holds in ONLY_OF.items() if self.holds.data and self.holds.data != holds]

    def _told(self, name: str) -> Any:
        return None if name in self._unasked else self[name].data or None

    def values(self) -> CopyValues:
        """Return what was filled in, as far as it is asked of such a copy."""
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
            key_apart=_answered(self.key_apart.data),
            night_contact_id=chosen(self.night_contact),
            night_how=self.night_how.data or "",
            plan_version=self._told("plan_version"),
            kept_days=self._told("kept_days"),
            made_every=MadeEvery(told) if (told := self._told("made_every")) else None,
            cloud_in=CloudIn(told) if (told := self._told("cloud_in")) else None,
            settings_in=_answered(self._told("settings_in")),
            deletable=_answered(self._told("deletable")),
            may_delete=self._told("may_delete") or "",
            system_ids=ticked(self.systems) if self._told("systems") else frozenset(),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading. names: of their fields; holds: of which copies they are asked, None for all."""

    title: Any
    names: tuple[str, ...]
    holds: CopyOf | None = None


GROUPS = (
    Group(_l("How it is made"), ("made_every", "kept_days", "systems", "cloud_in", "settings_in"), holds=CopyOf.DATA),
    Group(
        _l("Safe from thieves and hackers"),
        ("keeping", "offline", "deletable", "may_delete", "encryption", "key_place", "key_apart"),
    ),
    Group(_l("Reachable when the office is closed"), ("night_contact", "night_how")),
)
# Of a tick that is not there nobody knows whether it was left out or meant.
_TICKS = frozenset({"offline", "systems"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A group as it stands on the page. done, total: how many of its questions have an answer; open: shown at once."""

    group: Group
    fields: tuple[tuple[Any, CopyOf | None], ...]
    done: int
    total: int
    open: bool


def asked(form: CopyForm, copy: Copy | None) -> list[Asked]:
    """Return the groups of the form: open where something is wrong, or still to be told of a copy of the data."""
    found = []
    for group in GROUPS:
        names = [name for name in group.names if name != "systems" or form.systems.choices]
        counted = [name for name in names if name not in _TICKS]
        done = sum(form[name].data not in (None, "") for name in counted)
        lacking = copy is not None and copy.holds is CopyOf.DATA and done < len(counted)
        wrong = any(form[name].errors for name in names)
        fields = tuple((form[name], None if group.holds else ONLY_OF.get(name)) for name in names)
        found.append(Asked(group, fields, done, len(counted), wrong or lacking))
    return found


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
