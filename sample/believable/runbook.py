"""Seats, recovery steps, tests, waivers and what a believable organisation published."""

from datetime import timedelta
from decimal import Decimal

from core.i18n import Language
from plans.handbook import Section, of_section
from plans.models import (
    ActivationSign,
    Assignment,
    Audience,
    BusinessChange,
    Happening,
    InstructionReceipt,
    InstructionVersion,
    Outcome,
    PlanContent,
    PlanProposal,
    PlanVersion,
    ProposalState,
    RecoveryStep,
    RecoveryStepNeed,
    TestResult,
    TestResultSystem,
    Waiver,
    WaiverState,
)
from plans.seats import ITEM_SEATS, TEAM_ITEM
from plans.versions.content import digest, packed
from sample.believable import words
from sample.believable.book import Book
from sample.believable.copies import add_follow_up
from sample.believable.dice import Dice

RESTORE, COSTS, EXPECTATIONS = "testing.restore", "testing.costs", "testing.supplier-expectations"
NO_RESULTS = ("testing.sla", "testing.restore-new-systems")
LEAVABLE = ("inventory.tablets", "inventory.servers", "testing.ethical-hack", "testing.usb-drop", "staff.dont-torrents")
STAFF_PARTS = [item.id for item in of_section(Section.STAFF) if item.id != "staff.policy"]


def add_runbook(book: Book, dice: Dice, completeness: float) -> None:
    """Add about this part of the seats, steps and tests."""
    for item_id, seats in ITEM_SEATS.items():
        for seat in seats:
            if dice.chance(completeness if seat.required else 0.1):
                book.add(Assignment, _assignment(dice, book, item_id, seat.name))
    _add_steps(book, dice, completeness)
    for position, sign in enumerate(dice.some(words.SIGNS, 0, len(words.SIGNS)), 1):
        book.add(ActivationSign, {"position": position, "text": sign, "ends": False})
    if dice.chance(completeness):
        book.add(ActivationSign, {"position": len(words.SIGNS) + 1, "text": words.OVER, "ends": True})
    for name in dice.some(words.AUDIENCES, 0, 1):
        book.add(Audience, {"name": name, "contact_id": dice.pick(book.staff)[0], "how": "per e-mail"})
    for item in of_section(Section.TESTING):
        if item.id not in NO_RESULTS and dice.chance(completeness):
            _result(book, dice, item.id)
    for item_id in dice.some(LEAVABLE, 0, 2):
        starts_on = dice.ago(1, 300)
        book.add(
            Waiver,
            {
                "item_id": item_id,
                "reason": dice.pick(words.REASONS),
                "state": WaiverState.APPROVED,
                "author": book.author,
                "decided_by": book.author,
                "alone": True,
                "proposed_on": starts_on,
                "starts_on": starts_on,
                "until": starts_on + timedelta(days=dice.number(310, 360)),
            },
        )


def _add_steps(book: Book, dice: Dice, completeness: float) -> None:
    """Add a step for about this part of the systems; some wait for the one before them."""
    before = None
    for position, (system_id, name) in enumerate(book.systems, 1):
        if not dice.chance(completeness):
            continue
        text = f"Zet {name} terug en laat de afdeling controleren."
        step_id = book.add(RecoveryStep, {"position": position, "text": text, "system_id": system_id})
        if before is not None and dice.chance(0.3):
            book.add(RecoveryStepNeed, {"step_id": step_id, "needed_id": before})
        before = step_id


def _assignment(dice: Dice, book: Book, item_id: str, seat: str) -> dict[str, object]:
    changed_on = dice.ago(20, 300)
    team = item_id == TEAM_ITEM
    return {
        "item_id": item_id,
        "seat": seat,
        "contact_id": dice.pick(book.staff)[0],
        "deputy_id": dice.pick(book.contacts) if dice.chance(0.6) else None,
        "task": dice.pick(words.TASKS) if team else "",
        "task_changed_on": changed_on if team else None,
        "acknowledged_on": changed_on + timedelta(days=dice.number(-10, 20)) if team else None,
    }


def _result(book: Book, dice: Dice, item_id: str) -> None:
    found_out = item_id in (COSTS, EXPECTATIONS)
    outcome = Outcome.RECORDED if found_out else Outcome.PASSED if dice.chance(0.85) else Outcome.FAILED
    result_id = book.add(
        TestResult,
        {
            "item_id": item_id,
            "done_on": dice.ago(3, 420),
            "outcome": outcome,
            "done_by": dice.pick(book.staff)[1],
            "party_id": dice.pick(book.parties) if found_out and book.parties else None,
            "cost": Decimal(dice.number(60, 400)) if item_id == COSTS else None,
            "minutes": dice.number(30, 600) if item_id == RESTORE else None,
            "note": dice.pick(words.NOTES),
        },
    )
    add_follow_up(book, dice, result_id)
    if item_id == RESTORE:
        for system_id, _ in book.systems:
            if dice.chance(0.9):
                book.add(TestResultSystem, {"test_result_id": result_id, "system_id": system_id})


def add_published(book: Book, dice: Dice, completeness: float) -> None:
    """Add published versions of the plan, changes in the business, and the staff instruction with its receipts."""
    book.versions = dice.number(0, 3) if dice.chance(completeness) else 0
    first = dice.number(60, 400)
    for number in range(1, book.versions + 1):
        _version(book, dice, number, first // number)
    if dice.chance(0.4):
        change = {
            "kind": Happening.OTHER,
            "reported_on": dice.ago(1, 300),
            "what": dice.pick(words.CHANGES),
            "reported_by": book.author,
        }
        book.add(BusinessChange, change)
    if dice.chance(completeness):
        _instruction(book, dice)


def _version(book: Book, dice: Dice, number: int, ago: int) -> None:
    """Add a version in use, approved by its author, with a little content."""
    days = dice.days
    content = {"answer": {"payments.four-eyes": {"values": {"amount": f"{number}00.00"}}}}
    told = {"digest": digest(content)}
    kept = book.add(PlanContent, {**told, "packed": packed(content), "kept_at": days.at(ago, 13)})
    signed = {"published_on": days.ago(ago), "published_at": days.at(ago, 14), "published_by": book.author}
    version = book.add(PlanVersion, {**told, **signed, "number": number})
    book.add(
        PlanProposal,
        {
            **told,
            "content_id": kept,
            "state": ProposalState.IN_USE,
            "base_number": number - 1,
            "proposed_at": days.at(ago, 13),
            "proposed_by": book.author,
            "approved_at": days.at(ago, 14),
            "approved_on": days.ago(ago),
            "approved_by": book.author,
            "ended_at": days.at(ago, 14),
            "ended_by": book.author,
            "version_id": version,
        },
    )


def _instruction(book: Book, dice: Dice) -> None:
    published = dice.number(10, 350)
    version = book.add(
        InstructionVersion,
        {
            "number": 1,
            "published_on": dice.days.ago(published),
            "published_by": book.author,
            "text": "Stop, laat alles aanstaan en bel direct de administratie.",
            "language": Language.DUTCH,
            "translation": "Stop, leave everything on and call the office at once.",
            "parts": [part for part in STAFF_PARTS if dice.chance(0.95)],
        },
    )
    for contact_id, _ in book.staff:
        if dice.chance(0.95):
            known_on = dice.days.ago(dice.number(0, published))
            row = {
                "instruction_version_id": version,
                "contact_id": contact_id,
                "acknowledged_on": known_on,
                "by_link": dice.chance(0.5),
            }
            book.add(InstructionReceipt, row)
