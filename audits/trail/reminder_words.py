"""What the trail calls things about reminders, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {"reminder_hold": _l("Answer to a reminder"), "reminder_recipient": _l("Who is reminded")}
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "gets": _l("Gets reminders"),
        "holds_until": _l("No reminders until"),
        "rule_code": _l("Item or duty"),
        "subject_key": _l("About"),
    }
)
