"""Begin keeping copies as records with what was answered of the back-up before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core import db
from plans.backup.services import CopyValues, add_copy
from plans.fields import KEPT_DAYS, YES
from plans.models import BackupCopy, CloudIn, CopyOf, Keeping, MadeEvery
from plans.turns import take_turn

# What was answered before copies were records, by the item and what its copy holds.
ANSWERED: Mapping[str, CopyOf] = {
    "backup.offsite-data": CopyOf.DATA,
    "backup.offsite-licences": CopyOf.LICENCES,
    "backup.offsite-installers": CopyOf.INSTALLERS,
    "backup.offsite-plan": CopyOf.PLAN,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to an item of the back-up: its fields by name, and the contact it names."""

    values: Mapping[str, Any]
    contact_id: UUID | None


def copies_from(answers: Mapping[str, Answered], names: Mapping[CopyOf, str]) -> list[CopyValues]:
    """Return the copies that the earlier answers describe, to begin with. names: what to call each.

    What was told of the back-up as a whole goes to the copy of the data. Days of sightings are not carried over: a
    sighting is evidence, and nobody saw these records.
    """
    found = []
    for item_id, holds in ANSWERED.items():
        answer = answers.get(item_id)
        if answer is None or not (answer.values.get("location") or answer.contact_id):
            continue
        whole = holds is CopyOf.DATA
        version = answer.values.get("version")
        found.append(
            CopyValues(
                holds=holds,
                name=names[holds],
                location=_text(answer, "location"),
                off_site=True,
                keeping=_keeping(answers.get("backup.safe-keeping")) if whole else None,
                keeper_id=answer.contact_id,
                encryption=_text(answers.get("backup.encrypted"), "method") if whole else "",
                key_place=_text(answers.get("backup.encrypted"), "key_place") if whole else "",
                night_contact_id=_contact(answers.get("backup.out-of-hours")) if whole else None,
                night_how=_text(answers.get("backup.out-of-hours"), "how") if whole else "",
                plan_version=int(version) if version else None,
            )
        )
        if whole:
            found[-1] = _as_answered(found[-1], answers.get("backup.safe-keeping"))
    offline = answers.get("backup.air-gapped")
    if offline and _text(offline, "copy"):
        found.append(CopyValues(CopyOf.DATA, _text(offline, "copy"), offline=_text(offline, "offline") == "yes"))
    return found


def begin_from_answers(answers: Mapping[str, Answered], names: Mapping[CopyOf, str]) -> int:
    """Record the copies that earlier answers describe; return how many. Does nothing once there are copies."""
    take_turn()
    if db.session().scalar(sa.select(BackupCopy.id).limit(1)) is not None:
        return 0
    found = copies_from(answers, names)
    for values in found:
        add_copy(values)
    return len(found)


def _text(answer: Answered | None, name: str) -> str:
    return str(answer.values.get(name) or "")[:200] if answer else ""


def _contact(answer: Answered | None) -> UUID | None:
    return answer.contact_id if answer else None


def _keeping(answer: Answered | None) -> Keeping | None:
    told = _text(answer, "keeping")
    return Keeping(told) if told else None


def _as_answered(values: CopyValues, answer: Answered | None) -> CopyValues:
    """Return a copy of the data with what was answered of the back-up as a whole."""
    days = answer.values.get(KEPT_DAYS) if answer else None
    made, cloud = _text(answer, "made_every"), _text(answer, "cloud_in")
    return replace(
        values,
        kept_days=int(days) if days else None,
        made_every=MadeEvery(made) if made else None,
        cloud_in=CloudIn(cloud) if cloud else None,
        settings_in=_yes(answer, "settings_in"),
        deletable=_yes(answer, "deletable"),
        may_delete=_text(answer, "may_delete"),
    )


def _yes(answer: Answered | None, name: str) -> bool | None:
    told = _text(answer, name)
    return told == YES if told else None
