"""The rule sets there have been, newest first: from which day, and what changed. RULE_SET names the newest.

A finding, report or kept judgement names the rule set it was made with; here people read what that means.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Edition:
    """One rule set. on: the day it came into use; changes: against the one before, a sentence each."""

    version: str
    on: date
    changes: tuple[Any, ...]


_FIRST = date(2026, 11, 22)
EDITIONS: tuple[Edition, ...] = (
    Edition(
        "2026.13",
        date(2026, 11, 23),
        (
            _l("A test that failed and was never passed says on which day it failed. It counts as it did."),
            _l(
                "What was never filled in is told apart from what is wrong or has lapsed, also among the clients of a "
                "reseller. Nothing counts otherwise than it did."
            ),
        ),
    ),
    Edition(
        "2026.12",
        date(2026, 11, 23),
        (
            _l(
                "It is asked how much work you may lose of each system, which BIO2 8.13.02 wants to be known. Nobody "
                "needs to know at once: it asks for attention and is no fault, like all that is new here."
            ),
            _l(
                "It is asked what the plan covers, by which signs you know that it is over, what you do before you go "
                "back to normal, and who reads warnings: 4.1.2 a, d and h, and 4.3.3 of 2024/2690."
            ),
            _l(
                "It is asked whether signing in has a second step, how you get in when that phone or key is gone, and "
                "how the team reaches one another without your mail and telephone: 21(2)(j) of NIS2."
            ),
            _l(
                "It is asked who reports to the authorities. 15.1 and 16.1 of the Cbw framework and article 23 of NIS2 "
                "are answered by that, and no longer by the continuity scheme or by who speaks to the outside."
            ),
        ),
    ),
    Edition(
        "2026.11",
        date(2026, 11, 23),
        (
            _l(
                "A back-up that is made less often than the work you may lose allows asks for attention: 4.2.2 a of "
                "2024/2690."
            ),
            _l(
                "It is asked how often each copy of your data is made, whether what you keep in the cloud and the "
                "settings of your systems are in one, and whether and by whom a copy can be deleted: 4.2.2 a, b and d "
                "of 2024/2690. Nobody needs to know at once: it asks for attention and is no fault."
            ),
        ),
    ),
    Edition(
        "2026.10",
        date(2026, 11, 23),
        (
            _l(
                "It is asked how many days you can go back with each copy of your data: 4.2.2 f of 2024/2690. Nobody "
                "needs to know at once: it asks for attention and is no fault."
            ),
            _l("No item asks who takes in what authorities warn of, 4.3.3 of 2024/2690: the list of clauses says so."),
        ),
    ),
    Edition(
        "2026.9",
        date(2026, 11, 23),
        (_l("Clients that ask for continuity are answered in time, delivered to, and gone before the period ends."),),
    ),
    Edition(
        "2026.8",
        date(2026, 11, 23),
        (
            _l("Each part of the inventory is looked at again within your interval; what nobody looked at is told."),
            _l("You may shorten how long the choice and the willingness of the scheme's counterparty count."),
        ),
    ),
    Edition(
        "2026.7",
        date(2026, 11, 23),
        (
            _l("The contact data of companies you call in are confirmed again within your interval."),
            _l("The parts of 4.2.2 of 2024/2690 bear its own letters; no item asks how long copies are kept."),
        ),
    ),
    Edition(
        "2026.6",
        _FIRST,
        (
            _l("A scheme must be in force, and its agreements must last as long as it does."),
            _l("A client that rejected the deed, withdrew or came too late is told as such."),
            _l("What is sealed must be sealed to every officer's key in use that you compared."),
            _l("Of a handover the worst is told: a key out of use no longer hides that it is unconfirmed or too old."),
            _l("A system that others need gives no advice of its own about the order of recovery."),
            _l("Each rule names its clauses one by one, those of the Cbw and of NEN 7510 too."),
        ),
    ),
    Edition(
        "2026.5",
        _FIRST,
        (
            _l("Agreements about payments are approved as a whole, and again within your interval."),
            _l("A change in the business asks to look again at every item that it touches."),
            _l("A sign to decide by is asked for, and who informs each audience that you added."),
            _l("Tasks are acknowledged again within your interval; a changed task leaves two weeks for it."),
            _l("A recovery step that stands before what its system needs asks for attention."),
        ),
    ),
    Edition(
        "2026.4",
        _FIRST,
        (
            _l("An owner approves the version of the plan that is in use, again within your interval."),
            _l("Tests are held against the hours you want, and what must follow from them stays open until done."),
            _l("Lessons of a calamity or an exercise stay open until somebody learned them."),
            _l("Recovery times are held against how bad an outage gets for a department as it lasts."),
        ),
    ),
    Edition(
        "2026.3",
        _FIRST,
        (
            _l("Copies of your data are judged one by one."),
            _l("Your own questions are judged, and what is still a proposal is not in order."),
        ),
    ),
    Edition(
        "2026.2",
        _FIRST,
        (
            _l("Recovery times are held against the slowest link of what a system needs."),
            _l("What counts for less than three months gives notice in its last third."),
        ),
    ),
    Edition("2026.1", _FIRST, (_l("The first rules: one for each item of the handbook and each duty of the scheme."),)),
)
