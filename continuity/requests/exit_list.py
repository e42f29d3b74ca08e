"""What a client does before the period ends: the list it gets once it is served, with the days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from continuity.period import Period

# Who is served late still gets some days for what the first days were meant for.
REST = 7


@dataclass(frozen=True, slots=True)
class Proposed:
    """One thing to do. day: counted from the first day of the period."""

    day: int
    label: Any


# Source: rules 3.7 T13. Each row can be reworded for one client.
EXIT_LIST = (
    Proposed(1, _l("Make a copy of your data that you keep yourself, and look whether you can open it.")),
    Proposed(7, _l("Tell your people what happened, what still works, and whom they can call.")),
    Proposed(30, _l("Choose the supplier that takes over, and agree on the day.")),
    Proposed(60, _l("Move your data and your people to the new supplier, and try it out.")),
    Proposed(
        85,
        _l("Check that everything works there, let your old data be deleted, and tell the foundation that you moved."),
    ),
)


def due_on(day: int, running: Period, served_on: date) -> date:
    """Return until when something of the list is to be done.

    So many days after the first day of the period; who is served later has at least `day` days from then, and never
    more than REST of them; nobody has longer than the period.
    """
    asked = running.first_on + timedelta(days=day)
    earliest = served_on + timedelta(days=min(day, REST))
    return min(max(asked, earliest), running.last_on)
