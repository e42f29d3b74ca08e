"""Telephone numbers, held against each other however they are written."""

import re

# The end of a telephone number, however its beginning is written: 06-12345678 and +31612345678.
ENDING = 9


def ending_of(number: str) -> str:
    """Return the last digits of a telephone number, or "" when it is too short to tell people apart."""
    found = digits_of(number)
    return found[-ENDING:] if len(found) >= ENDING else ""


def digits_of(text: str) -> str:
    """Return the digits of `text`; what people write between them is dropped, anything else ends a number."""
    return re.sub(r"[^0-9]+", " ", re.sub(r"(?<=[0-9])[ ().-]{1,2}(?=[0-9])", "", text)).strip()
