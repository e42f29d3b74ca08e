"""What the trail calls things about sealed deliveries, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "handover_opening": _l("Opening of a delivery"),
        "officer_key": _l("Key of an officer"),
        "sealed_to": _l("Officer a delivery is sealed to"),
        "trusted_key": _l("Copy of an officer's public key"),
    }
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "asked_at": _l("Asked on"),
        "asked_by": _l("Asked by"),
        "first_at": _l("Outer layer opened on"),
        "first_by": _l("Outer layer opened by"),
        "first_key": _l("Key of the first officer"),
        "first_user_id": _l("First officer"),
        "ground": _l("On which ground"),
        "half_secret": _l("What is half open, still sealed"),
        "matched": _l("Was what it should be"),
        "purpose": _l("Why"),
        "reseal_asked_at": _l("Asked to seal again on"),
        "reseal_asked_by": _l("Asked to seal again by"),
        "second_at": _l("Contents taken on"),
        "second_by": _l("Contents for"),
        "second_key": _l("Key of the second officer"),
        "second_user_id": _l("Second officer"),
        "sha256": "SHA-256",
        "delivery_id": _l("Delivery"),
        "ended_as": _l("Ended as"),
        "fingerprint": _l("Fingerprint"),
        "offered_at": _l("Offered on"),
        "officers": _l("Officers"),
        "pinned_at": _l("Compared on"),
        "pinned_by": _l("Compared by"),
        "probe": _l("Code sealed to the key"),
        "probe_hash": _l("Digest of the code"),
        "proof_hash": _l("Digest of the code"),
        "proof_sealed": _l("Code sealed to the key"),
        "proved_at": _l("In use since"),
        "proved_by": _l("Tried by"),
        "proved_on": _l("Tried on"),
        "recipient": _l("Public key"),
    }
)
EVENTS: Mapping[str, Any] = MappingProxyType(
    {
        "handover.half_opened": _l("%(who)s opened the outer layer of a sealed delivery"),
        "handover.open_allowed": _l("%(who)s agreed that a sealed delivery is opened"),
        "handover.open_asked": _l("%(who)s asked to open a sealed delivery"),
        "handover.open_refused": _l("%(who)s refused that a sealed delivery is opened"),
        "handover.opening_closed": _l("%(who)s closed a sealed delivery again"),
        "handover.opening_differed": _l("%(who)s found something else in a sealed delivery than was told"),
        "handover.opening_withdrawn": _l("%(who)s called the opening of a sealed delivery off"),
        "handover.revealed": _l("%(who)s took the contents of a sealed delivery"),
        "handover.sealed": _l("%(who)s handed a sealed delivery over"),
    }
)
