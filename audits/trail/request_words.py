"""What the trail calls things of requests for continuity, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "client_change": _l("What was said of a client"),
        "client_request": _l("Request for continuity"),
        "exit_task": _l("What a client does before the period ends"),
        "request_step": _l("Step of a request for continuity"),
        "scheme_change": _l("What was said of a scheme"),
    }
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "after": _l("What was said"),
        "asked_as": _l("In which function"),
        "asked_how": _l("How it was asked"),
        "before": _l("What was known before"),
        "came_in": _l("How it came in"),
        "case_id": _l("Proof of what happened to a supplier"),
        "checked": _l("Conditions as they were decided on"),
        "exited_on": _l("Left on"),
        "fee_amount": _l("Fee for the whole period"),
        "fee_due_on": _l("Fee to be paid by"),
        "fee_paid_on": _l("Fee paid on"),
        "recorded_by": _l("Written down by"),
        "request_id": _l("Request for continuity"),
        "served_on": _l("Delivered since"),
        "taken": _l("Taken over"),
        "told_at": _l("Said at"),
        "told_by": _l("Said by"),
    }
)
EVENTS: Mapping[str, Any] = MappingProxyType(
    {
        "client.address_moved": _l("%(who)s said where a client is written to from now on"),
        "client.change_decided": _l("%(who)s decided on what a supplier says of a client"),
        "request.asked": _l("%(who)s asked for continuity"),
        "request.ended": _l("%(who)s ended a request for continuity with a step of the scheme"),
        "request.exited": _l("%(who)s noted that a client moved to another supplier"),
        "request.granted": _l("%(who)s granted continuity"),
        "foundation.terms": _l("%(who)s chose how long notice is, and when is reminded"),
        "request.opened": _l("%(who)s mailed clients that they can ask for continuity"),
        "request.refused": _l("%(who)s refused continuity"),
        "request.served": _l("%(who)s began to deliver to a client"),
        "request.withdrawn": _l("%(who)s took a request for continuity back"),
        "scheme.change_decided": _l("%(who)s decided on what a supplier says of its scheme"),
    }
)
