"""Addresses of mail are kept sealed. Beside each stands a mark, by which those that are alike are found.

Without the master key a mark tells nothing but that two are alike: nobody can try addresses against it.
"""

import hmac
from collections.abc import Callable
from typing import Any

from core import vault

PURPOSE = "mail/address"
MARK_LENGTH = 64


def mark_of(address: str) -> str:
    """Return the mark of an address, the same in capitals and small letters; "" of no address."""
    if not address:
        return ""
    return hmac.digest(vault.mac_key(PURPOSE), address.lower().encode(), "sha256").hex()


def marking(column: str) -> Callable[[Any], str]:
    """Return what gives a new row the mark of the address in its `column`."""

    def mark(context: Any) -> str:
        return mark_of(context.get_current_parameters()[column])

    return mark
