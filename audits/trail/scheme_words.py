"""What the trail calls things of the scheme, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "cover_certificate": _l("Certificate of cover"),
        "scheme_link": _l("Personal link about the scheme"),
        "handover_check": _l("What the foundation saw of a delivery"),
        "scheme_step": _l("Step of a scheme"),
        "supplier_reminder": _l("Reminder by the foundation"),
        "trigger_case": _l("Proof of what happened to a supplier"),
        "trigger_setting": _l("Trigger of a scheme"),
    }
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "approved_by_id": _l("Approved by"),
        "back_approved_at": _l("Taking back approved on"),
        "back_approved_by": _l("Taking back approved by"),
        "back_approved_by_id": _l("Taking back approved by"),
        "back_asked_at": _l("Taking back asked on"),
        "back_asked_by": _l("Taking back asked by"),
        "back_asked_by_id": _l("Taking back asked by"),
        "back_reason": _l("Why it is taken back"),
        "buys_hosting": _l("Buys hosting and sells it on"),
        "fee_every": _l("How often the fee is paid"),
        "checked_on": _l("Looked at on"),
        "filed_at": _l("Filed on"),
        "filed_by": _l("Filed by"),
        "filed_by_id": _l("Filed by"),
        "first_signed_by": _l("Who signed for the first party"),
        "follows_id": _l("Renews"),
        "knows_by": _l("Who knows the scheme"),
        "manages_servers": _l("Manages servers"),
        "notice_length": _l("Period of notice"),
        "notice_unit": _l("Period of notice in"),
        "refused_by": _l("Who refused"),
        "refused_on": _l("Refused on"),
        "refused_why": _l("Why it was refused"),
        "second_signed_by": _l("Who signed for the second party"),
        "signed_by": _l("Who signed"),
        "supplies_licences": _l("Supplies licences"),
        "type_reason": _l("Why this type"),
        "happened_on": _l("Happened on"),
        "items": _l("How many things"),
        "left": _l("State before"),
        "reached": _l("State after"),
        "refused_reason": _l("Why it was refused"),
        "stage": _l("How far it is"),
        "sent_on": _l("Sent on"),
        "starts": _l("Starts the period"),
        "state_before": _l("State before"),
        "taken_at": _l("Taken on"),
        "taken_by": _l("Taken by"),
    }
)
EVENTS: Mapping[str, Any] = MappingProxyType(
    {
        "certificate.made": _l("%(who)s made a public certificate of cover"),
        "certificate.revoked": _l("%(who)s revoked a public certificate of cover"),
    }
)
