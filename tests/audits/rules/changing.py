"""Values with some of their fields changed, whichever kind of value they are."""

import dataclasses
from typing import Any, TypeVar

T = TypeVar("T")


def replace(value: T, /, **changes: Any) -> T:
    """Return `value` with these fields changed: facts are named tuples, what holds them are dataclasses."""
    if isinstance(value, tuple):
        return value._replace(**changes)  # type: ignore[attr-defined, no-any-return]
    return dataclasses.replace(value, **changes)  # type: ignore[type-var]
