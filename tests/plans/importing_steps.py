"""The steps of an import as a person takes them in a browser, and what the plan behind them says."""

import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from core.sheets.reading import read_spreadsheet
from plans.importing.cells import grid_of
from plans.importing.guessing import guess
from plans.importing.mapping import Chosen
from plans.importing.reading import read_rows
from plans.importing.row import ReadRow
from plans.importing.steps import People
from tests.visitor import Visitor

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
BAKERY_FILE = SAMPLES / "inventaris-bakkerij-de-halm.xlsx"
EXPECTED: dict[str, dict[str, Any]] = json.loads(
    (SAMPLES / "inventaris-bakkerij-de-halm.expected.json").read_text(encoding="utf-8")
)
SELECTED = re.compile(r'<select[^>]*name="(column_\d+)".*?</select>', re.S)
OPTION = re.compile(r'<option selected value="([^"]*)"')
ADDRESS = re.compile(r"(/o/[^/]+/import/[0-9a-f-]{36})$")


@dataclass(frozen=True, slots=True)
class Importer:
    """Somebody who brings files in through the pages."""

    visitor: Visitor
    slug: str

    @property
    def start(self) -> str:
        """Return where an import begins."""
        return f"/o/{self.slug}/import/"

    def send(self, data: bytes, name: str) -> TestResponse:
        """Upload a file."""
        return self.visitor.post(self.start, {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")

    def upload(self, data: bytes, name: str) -> str:
        """Upload a file that is accepted; return the address of its sheets."""
        answer = self.send(data, name)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        found = ADDRESS.search(answer.headers["Location"])
        assert found
        return found.group(1)

    def guessed(self, sheet: str, **look: str) -> dict[str, str]:
        """Return the form of a sheet's columns as the page fills it in."""
        page = self.visitor.get(sheet, query_string=look).get_data(as_text=True)
        form = {}
        for select in SELECTED.finditer(page):
            chosen = OPTION.search(select.group(0))
            form[select.group(1)] = chosen.group(1) if chosen else ""
        for name in ("layout", "header_row"):
            field = re.search(rf'<input [^>]*name="{name}" type="hidden" value="([^"]*)"', page)
            assert field, page
            form[name] = field.group(1)
        order = re.search(r'<input[^>]*checked[^>]*name="order"[^>]*value="([^"]*)"', page)
        assert order, page
        form["order"] = order.group(1)
        return form

    def choose(self, sheet: str, **changes: str) -> TestResponse:
        """Agree with the guessed columns, but for `changes`."""
        return self.visitor.post(sheet, self.guessed(sheet) | changes)

    def bring_in(self, sheet: str, **changes: str) -> str:
        """Take all steps for one sheet; return the page of the result."""
        assert self.choose(sheet, **changes).status_code == 302
        seen = re.search(r'name="seen" value="([^"]+)"', self.page(f"{sheet}/preview"))
        assert seen
        answer = self.visitor.post(f"{sheet}/apply", {"seen": seen.group(1)})
        assert answer.status_code == 302
        return self.page(f"{sheet}/result")

    def page(self, path: str) -> str:
        """Return a page that is there."""
        answer = self.visitor.get(path)
        assert answer.status_code == 200, answer.headers.get("Location", answer.status_code)
        return answer.get_data(as_text=True)


def counted(page: str) -> tuple[int, int, int, int]:
    """Return how many rows a page says are new, changed, unchanged and skipped."""
    found = [
        int(re.sub(r"\D", "", number)) for number in re.findall(r"<dd>\s*([\d.,]+) (?:rows?|rij|rijen)\s*</dd>", page)
    ]
    assert len(found) == 4, page
    return found[0], found[1], found[2], found[3]


def read_file(path: Path, sheet: str | None = None) -> tuple[Chosen, list[ReadRow]]:
    """Read one sheet of a file as it is guessed."""
    sheets = read_spreadsheet(path.read_bytes(), path.name).sheets
    found = next(found for found in sheets if sheet in (None, found.name))
    grid = grid_of(found)
    chosen = guess(grid, found.name)
    return chosen, list(read_rows(grid, chosen, People()))
