"""What the trail calls things about programs, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType(
    {
        "api_token": _l("Token of a program"),
        "webhook": _l("Webhook"),
        "webhook_delivery": _l("What a webhook was told"),
    }
)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "added_at": _l("Added on"),
        "events": _l("What is told"),
        "expires_at": _l("Works until"),
        "former_secret": _l("Secret of before"),
        "former_until": _l("Secret of before works until"),
        "made_by": _l("Made by"),
        "scopes": _l("What it may do"),
        "secret": _l("Secret"),
    }
)
