"""Lists written as JSON as their views give them, a thousand lines at once.

What schemas.py says of a list is told in the document, and held by a test: to go through it field by field would cost
each line more than reading it did.
"""

import json
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Response


def written(view: Callable[..., Any]) -> Callable[..., Response]:
    """Return the view with its answer written out."""

    @wraps(view)
    def answer(*given: Any, **named: Any) -> Response:
        told = json.dumps(view(*given, **named), default=_plain, ensure_ascii=False, separators=(",", ":"))
        return Response(told, mimetype="application/json")

    return answer


def _plain(value: object) -> str:
    """Return an id, a day or an instant as text. Raises TypeError for anything else that JSON has no word for."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
