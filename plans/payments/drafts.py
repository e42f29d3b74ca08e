"""Protocols to adapt: what a small firm can agree about payments that do not come as usual."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

DRAFTS: Mapping[str, Any] = MappingProxyType(
    {
        "payments.unknown-account": _l(
            "1. Look for the order or contract that belongs to the invoice. Is there none? Do not pay.\n"
            "2. Look the firm up in the trade register and on its own website.\n"
            "3. Call the firm on the number you found there, never on the number in the mail or on the invoice.\n"
            "4. Let them read the account number out and compare it digit by digit.\n"
            "5. A second colleague looks at it and agrees.\n"
            "6. Put the account into the address book of the bank, with the day and both names. Only then pay."
        ),
        "payments.account-change": _l(
            "1. Never change an account number because of a mail or a letter alone.\n"
            "2. Call the sender on a number you already had, not on the one in the message.\n"
            "3. Ask for somebody you know, and let them read the new number out.\n"
            "4. Write down who you spoke to, and when.\n"
            "5. A second colleague changes the address book of the bank.\n"
            "6. Is it not right, or is there haste or secrecy about it? Do not pay, and report it at once."
        ),
        "payments.email-order": _l(
            "1. Nobody pays because a mail or a chat message says so, whoever it seems to come from.\n"
            "2. Go to the person who asks, or call them on the number you always use.\n"
            "3. Without an invoice and an order nothing is paid. There are no exceptions for haste or secrecy.\n"
            "4. Two colleagues agree, also when the director asks.\n"
            "5. Keep the mail and report it when it turns out to be false."
        ),
    }
)


def draft_of(item_id: str) -> str:
    """Return the draft of a protocol in the language of the reader, "" for an item without one."""
    return str(DRAFTS.get(item_id, ""))
