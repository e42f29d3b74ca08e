"""The six agreements: what counts as agreed, their fingerprint, and the amounts between which nobody looks."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from plans.handbook import Section, of_section

UNCHECKED_LIMIT, FOUR_EYES = "payments.unchecked-limit", "payments.four-eyes"
AGREEMENTS = tuple(item.id for item in of_section(Section.PAYMENTS))
Agreed = Mapping[str, Mapping[str, Any]]


def text_of(agreed: Agreed) -> str:
    """Return what was agreed as canonical JSON: by item and field, without what was left empty."""
    told = {
        item_id: {name: str(value) for name, value in agreed[item_id].items() if value not in (None, "")}
        for item_id in AGREEMENTS
        if item_id in agreed
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(agreed: Agreed) -> str:
    """Return the SHA-256, in 64 hexadecimal digits, of what was agreed: it tells whether an approval is about this."""
    return hashlib.sha256(text_of(agreed).encode()).hexdigest()


def is_agreed(values: Mapping[str, Any] | None) -> bool:
    """Tell whether anything was agreed about an item."""
    return values is not None and any(value not in (None, "") for value in values.values())


def unwatched(agreed: Agreed) -> Decimal | None:
    """Return how much lies between what one may pay unchecked and where two look; None when nothing does.

    Source: handbook, payments.four-eyes.
    """
    limit, four = _amount(agreed, UNCHECKED_LIMIT), _amount(agreed, FOUR_EYES)
    return four - limit if four is not None and limit is not None and four > limit else None


def _amount(agreed: Agreed, item_id: str) -> Decimal | None:
    found = agreed.get(item_id, {}).get("amount")
    return None if found in (None, "") else Decimal(str(found))
