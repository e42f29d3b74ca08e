"""What the copies say to each item of the back-up, as one line."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask_babel import gettext as _

from core.i18n import day_text
from plans.backup.queries import Copy, copies
from plans.models import CopyOf

HELD: Mapping[str, CopyOf] = {
    "backup.offsite-data": CopyOf.DATA,
    "backup.offsite-licences": CopyOf.LICENCES,
    "backup.offsite-installers": CopyOf.INSTALLERS,
    "backup.offsite-plan": CopyOf.PLAN,
}


def copy_lines() -> dict[str, list[str]]:
    """Return the lines of each item of the back-up; nothing at all where no copy is in use."""
    found = [one for one in copies() if not one.archived]
    if not found:
        return {}
    data = of_item("backup.encrypted", found)
    lines = {item_id: [_offsite(one) for one in of_item(item_id, found)] for item_id in HELD}
    told: Mapping[str, Callable[[Copy], str]] = {
        "backup.air-gapped": _seen,
        "backup.safe-keeping": lambda one: one.keeper,
        "backup.out-of-hours": lambda one: ": ".join(part for part in (one.night_contact, one.night_how) if part),
        "backup.encrypted": lambda one: " · ".join(part for part in (one.encryption, one.key_place) if part),
    }
    for item_id, tell in told.items():
        shown = [one for one in data if one.offline] if item_id == "backup.air-gapped" else data
        lines[item_id] = [_named(one, tell(one)) for one in shown]
    return lines


def of_item(item_id: str, found: Iterable[Copy]) -> Sequence[Copy]:
    """Return the copies that an item of the back-up asks about."""
    holds = HELD.get(item_id, CopyOf.DATA)
    return [one for one in found if one.holds is holds and (one.off_site or item_id not in HELD)]


def _offsite(copy: Copy) -> str:
    version = _("version %(number)s", number=copy.plan_version) if copy.plan_version else ""
    return _named(copy, ", ".join(part for part in (copy.location, copy.keeper, version, _seen(copy)) if part))


def _seen(copy: Copy) -> str:
    return str(_("seen on %(day)s", day=day_text(copy.there_on)) if copy.there_on else _("not seen yet"))


def _named(copy: Copy, told: str) -> str:
    return f"{copy.name}: {told}" if told else copy.name
