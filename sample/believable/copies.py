"""Copies of the back-up of a believable organisation, and its programme of tests."""

from datetime import timedelta

from plans.handbook import Section, of_section
from plans.models import (
    BackupCopy,
    BackupCopySystem,
    CloudIn,
    CopyOf,
    CopySighting,
    FollowUp,
    Keeping,
    MadeEvery,
    PlannedTest,
    Sighted,
)
from sample.believable.answers import TEXTS
from sample.believable.book import Book
from sample.believable.dice import Dice

NAMES = {
    CopyOf.DATA: ("USB-schijf A", "Online back-up", "Tape van de week"),
    CopyOf.LICENCES: ("Map met licenties",),
    CopyOf.INSTALLERS: ("USB-stick met installatiebestanden",),
    CopyOf.PLAN: ("Het plan op papier",),
}
FOLLOW_UPS = ("Handleiding aanvullen", "Tweede sleutel laten maken", "Nummer in het draaiboek zetten")


def add_copies(book: Book, dice: Dice, completeness: float) -> None:
    """Add copies to some organisations; the others answered the items of the back-up in words."""
    if not dice.chance(completeness * 0.6):
        return
    for holds in CopyOf:
        if dice.chance(completeness):
            _copy(book, dice, holds)


def _copy(book: Book, dice: Dice, holds: CopyOf) -> None:
    data = holds is CopyOf.DATA
    version = max(book.versions, 1) if holds is CopyOf.PLAN else None
    copy_id = book.add(
        BackupCopy,
        {
            "holds": holds,
            "name": dice.pick(NAMES[holds]),
            "location": dice.pick(TEXTS["location"]),
            "off_site": dice.chance(0.85),
            "offline": data and dice.chance(0.6),
            "keeping": Keeping.SAFE if dice.chance(0.8) else None,
            "keeper_id": dice.pick(book.contacts),
            "encryption": dice.pick(TEXTS["method"]) if data else "",
            "key_place": dice.pick(TEXTS["key_place"]) if data else "",
            "key_apart": True if data and dice.chance(0.8) else None,
            "night_contact_id": dice.pick(book.contacts) if data else None,
            "night_how": dice.pick(TEXTS["how"]) if data else "",
            "plan_version": version,
            "kept_days": dice.pick((1, 14, 30, 90, 365)) if data and dice.chance(0.7) else None,
            **(_told(dice) if data else {"may_delete": ""}),
        },
    )
    if data and book.systems and dice.chance(0.3):
        book.add(BackupCopySystem, {"copy_id": copy_id, "system_id": book.systems[0][0]})
    for sighted in Sighted:
        if dice.chance(0.8):
            ago = dice.number(0, 110)
            book.add(
                CopySighting,
                {
                    "copy_id": copy_id,
                    "sighted": sighted,
                    "seen_on": dice.days.ago(ago),
                    "seen_at": dice.days.at(ago, 15),
                    "seen_by": book.author,
                    "plan_version": version,
                },
            )


def _told(dice: Dice) -> dict[str, object]:
    return {
        "made_every": dice.pick(tuple(MadeEvery)) if dice.chance(0.7) else None,
        "cloud_in": dice.pick(tuple(CloudIn)) if dice.chance(0.6) else None,
        "settings_in": dice.chance(0.7) if dice.chance(0.6) else None,
        "deletable": dice.chance(0.5) if dice.chance(0.6) else None,
        "may_delete": dice.pick(TEXTS["may_delete"]) if dice.chance(0.5) else "",
    }


def add_programme(book: Book, dice: Dice, completeness: float) -> None:
    """Plan some tests of the coming year."""
    for item in of_section(Section.TESTING):
        if dice.chance(completeness * 0.5):
            ahead = dice.number(-20, 300)
            planned_on = dice.days.ahead(ahead) if ahead >= 0 else dice.days.ago(-ahead)
            book.add(
                PlannedTest,
                {
                    "item_id": item.id,
                    "planned_on": planned_on,
                    "contact_id": dice.pick(book.contacts),
                    "sample_ids": [],
                },
            )


def add_follow_up(book: Book, dice: Dice, result_id: object) -> None:
    """Let something follow a test now and then."""
    if dice.chance(0.3):
        opened_on = dice.ago(3, 200)
        book.add(
            FollowUp,
            {
                "test_result_id": result_id,
                "what": dice.pick(FOLLOW_UPS),
                "owner_id": dice.pick(book.contacts),
                "opened_on": opened_on,
                "due_on": opened_on + timedelta(days=dice.number(10, 220)),
            },
        )
