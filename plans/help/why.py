"""Why an item is asked, and what an answer may look like."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Why:
    """One or two plain sentences, and an example as a small business would write it. Lazy texts."""

    text: Any
    example: Any


Help = Mapping[str, Why]
