"""What the trail calls things about programs, taken in by audits/trail/words.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = MappingProxyType({"api_token": _l("Token of a program")})
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "expires_at": _l("Works until"),
        "made_by": _l("Made by"),
        "scopes": _l("What it may do"),
    }
)
