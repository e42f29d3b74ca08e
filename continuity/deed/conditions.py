"""The conditions proposed for a beneficiary deed; they can be changed in each version before it is published.

Source: decisions (conditions in the deed); rules 3.4 B6, B9.
"""

import csv
from functools import cache
from pathlib import Path

from core.i18n import Language


@cache
def proposed(language: Language) -> tuple[str, ...]:
    """Return the proposed conditions in `language`."""
    with Path(__file__).with_name("conditions.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row[f"text_{language.value}"] for row in csv.DictReader(file))
