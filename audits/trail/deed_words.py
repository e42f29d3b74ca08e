"""What the trail calls things of the beneficiary deed, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "condition_check": _l("Condition of an acceptance"),
        "cover_claim": _l("Claim to be a client"),
        "declaration": _l("Declaration about the deed"),
        "deed_invitation": _l("Invitation to accept the deed"),
    }
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "acceptance_id": _l("Acceptance"),
        "addressee": _l("To whom it was declared"),
        "admitted_by": _l("Admitted by the foundation"),
        "answers_id": _l("Answers to"),
        "authority": _l("How the person may bind the client"),
        "checked_by": _l("Checked by"),
        "claimed_at": _l("Claimed on"),
        "claimed_by": _l("Claimed by"),
        "closed_as": _l("Closed as"),
        "closed_why": _l("Why it was closed"),
        "code_hash": _l("Digest of the code"),
        "code_until": _l("Code works until"),
        "conditions_en": _l("Conditions in English"),
        "declared_as": _l("In which function"),
        "declared_at": _l("Declared on"),
        "deed_sha256": _l("Digest of the deed"),
        "ended_why": _l("Why it ended"),
        "irrevocable_free": _l("Irrevocable and free"),
        "mail_id": _l("Mail"),
        "met_on": _l("Met on"),
        "organisation_id": _l("Organisation here"),
        "receipt_sha256": _l("Digest of the receipt"),
        "reminders": _l("How often it was sent again"),
        "text_en": _l("Text in English"),
        "viewed_at": _l("Looked at on"),
    }
)
EVENTS: Mapping[str, Any] = MappingProxyType(
    {
        "cover.claim_ended": _l("%(who)s ended the tie between a client and its organisation here"),
        "cover.claimed": _l("%(who)s claimed to be a client of a scheme"),
        "deed.accepted": _l("%(who)s accepted a beneficiary deed"),
        "deed.accepted_late": _l("%(who)s wants to accept a beneficiary deed after the trigger"),
        "deed.admitted": _l("%(who)s admitted a late acceptance"),
        "deed.code_sent": _l("%(who)s asked for the code to answer a beneficiary deed"),
        "deed.ended": _l("%(who)s ended a beneficiary deed"),
        "deed.invited": _l("%(who)s invited clients to accept a beneficiary deed"),
        "deed.not_admitted": _l("%(who)s refused a late acceptance"),
        "deed.rejected": _l("%(who)s rejected a beneficiary deed"),
        "deed.revoked": _l("%(who)s revoked a beneficiary deed"),
        "deed.withdrawn": _l("%(who)s withdrew from a beneficiary deed"),
    }
)
