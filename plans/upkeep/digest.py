"""Values as one text: the same content gives the same text, on every machine and in any order."""

import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


def canonical(value: object) -> str:
    """Return `value` as JSON with sorted keys and sets, no blanks, and days, amounts and ids as texts."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): _plain(found) for key, found in value.items()}
    if isinstance(value, Set):
        return sorted((_plain(found) for found in value), key=canonical)
    if isinstance(value, tuple | list):
        return [_plain(found) for found in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def _key(key: object) -> str:
    return "/".join(map(str, key)) if isinstance(key, tuple) else str(key)
