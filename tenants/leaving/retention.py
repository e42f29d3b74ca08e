"""What stays of an organisation that left, and for how long."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that stays. years: at least so many after leaving; None while nobody orders its removal."""

    what: Any
    years: int | None
    why: Any


TRAIL_YEARS = 7
RETENTION = (
    Kept(_l("The trail: who did what, and when"), TRAIL_YEARS, _l("It may have to prove what was agreed and done.")),
    Kept(_l("Agreements and deeds of the continuity scheme"), 7, _l("Others signed them too, and may rely on them.")),
    Kept(_l("The plan, the registers and the findings"), None, _l("Closed: no page opens them any more.")),
)
