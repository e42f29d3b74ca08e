"""Take pictures of every page: `python -m tests.browser.screenshots [--out DIR] [NAME ...]`."""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Literal

from core.i18n import Language
from core.settings import ROOT
from tests.browser.driving import HEIGHT, NARROW, WIDE, Driver, driving
from tests.browser.page import Page
from tests.browser.pages import PAGES
from tests.browser.scene import playing

COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main(arguments: list[str]) -> int:
    """Take the pictures; return 1 when a page did not answer as it should."""
    parser = argparse.ArgumentParser(prog="screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots", help="folder for the pictures")
    parser.add_argument("--language", type=Language, choices=list(Language), default=Language.DUTCH)
    parser.add_argument("--width", type=int, action="append", help=f"in pixels; {WIDE} and {NARROW} when left out")
    parser.add_argument("--colours", choices=COLOURS, action="append", help="both when left out")
    parser.add_argument("names", nargs="*", metavar="NAME", help="pages whose name begins so; all when left out")
    told = parser.parse_args(arguments)
    wanted = [page for page in PAGES if not told.names or page.name.startswith(tuple(told.names))]
    told.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, playing(Path(folder)) as scene, driving(scene) as driver:
        for page in wanted:
            wrong += not _take(driver, page, told)
    print(f"{len(wanted)} pages in {told.out}")
    return 1 if wrong else 0


def _take(driver: Driver, page: Page, told: argparse.Namespace) -> bool:
    try:
        seen = driver.open(page, told.language)
    except AssertionError as error:
        print(error, file=sys.stderr)
        return False
    for width in told.width or (WIDE, NARROW):
        seen.tab.set_viewport_size({"width": width, "height": HEIGHT})
        for colours in told.colours or COLOURS:
            seen.tab.emulate_media(color_scheme=colours, reduced_motion="reduce")
            seen.tab.screenshot(path=told.out / f"{page.name}.{width}.{colours}.png", full_page=True)
    seen.tab.close()
    if seen.status != page.status:
        print(f"{page.name}: answered {seen.status}, not {page.status}", file=sys.stderr)
    return seen.status == page.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
