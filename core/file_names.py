"""What files are called that people keep: in the language of what is in them, and writable on every computer."""

import re
import unicodedata
from datetime import date

# What Windows takes in no name of a file.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def plain(text: str) -> str:
    """Return a text as small letters, digits and single hyphens: “Wat verloopt?” is wat-verloopt. It may be empty."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def kept_name(title: str, of: str, on: date, ending: str) -> str:
    """Return what a file is called: ours, what it is, whose and of which day.

    title: in the reader's language; of: the short name of an organisation; ending: with its point, such as .xlsx.
    """
    return f"waarborg-{plain(title)}-{of}-{on.isoformat()}{ending}"


def anywhere(name: str) -> str:
    """Return the name of an uploaded file as it can be unpacked on every computer; it is never empty."""
    told = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).rstrip(". ") or "_"
    return f"_{told}" if _RESERVED.match(told) else told
