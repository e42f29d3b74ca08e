"""Have a document set in a process of its own: what a bad text could make the typesetter do stays in there."""

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.settings import ROOT
from core.sheets import sandbox

TEMPLATES: Final = ROOT / "paper"
# Made from the pages' own typeface by `make assets`.
FONTS: Final = ROOT / "static" / "dist" / "paper"
COMMAND: Final = (sys.executable, "-I", "-X", "utf8", str(Path(__file__).with_name("worker.py")))
MOST_BYTES: Final = 30_000_000
MOST_SECONDS: Final = 30
UNKNOWN: Final = "?"


class SettingFailed(RuntimeError):
    """The document could not be set. Ours to repair: a template is wrong, fonts are missing, or it is far too large."""


def set_document(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF (PDF/UA-1 and PDF/A-2a in one) of `data`, set by the template called `template` in paper/.

    data: what JSON can hold; every text in it is shown as it is, whatever it contains. A sign that the typeface does
    not have is shown as a question mark. The same data gives the same bytes. Raises SettingFailed.
    """
    if not (FONTS / "signs.json").is_file():
        raise SettingFailed("static/dist/paper has no fonts: run `make assets` and start again")
    asked = {
        "template": str(TEMPLATES / f"{template}.typ"),
        "fonts": str(FONTS),
        "data": json.dumps(_printable(data), ensure_ascii=False),
    }
    done = sandbox.run(
        (), json.dumps(asked).encode(), wall_seconds=MOST_SECONDS, output_bytes=MOST_BYTES, command=COMMAND
    )
    if done.status != 0 or done.late or done.overflowed or not done.output.startswith(b"%PDF-"):
        raise SettingFailed(
            f"{template}: exit status {done.status}, {'too late' if done.late else 'in time'}, "
            f"{'too large' if done.overflowed else f'{len(done.output)} bytes'}"
        )
    return done.output


def _printable(value: Any) -> Any:
    """Return `value` with every sign replaced that no font of ours has: the standards refuse a page with a gap."""
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value


def _shown(text: str) -> str:
    signs = _signs()
    lines = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign if sign == "\n" or ord(sign) in signs else UNKNOWN for sign in lines)


@cache
def _signs() -> frozenset[int]:
    ranges = json.loads((FONTS / "signs.json").read_text(encoding="ascii"))
    return frozenset(code for first, last in ranges for code in range(first, last + 1))
