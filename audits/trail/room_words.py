"""What the trail calls what happens in the auditor's room, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "evidence_file": _l("File for an auditor"),
        "evidence_request": _l("Request of an auditor"),
        "evidence_step": _l("Step of a request of an auditor"),
        "page": _l("Page"),
    }
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "asked": _l("What it must show"),
        "asked_at": _l("Asked on"),
        "engagement_id": _l("Engagement of an auditor"),
        "media_type": _l("Kind of file"),
        "move": _l("What happened"),
        "request_id": _l("Request of an auditor"),
        "size": _l("Size in bytes"),
        "step_id": _l("Step of a request of an auditor"),
    }
)
EVENTS: Mapping[str, Any] = MappingProxyType({"page.looked": _l("%(who)s looked at the page “%(name)s”")})
