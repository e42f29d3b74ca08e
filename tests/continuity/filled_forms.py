"""What a browser would send of the form on a page, without anybody filling in anything."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag == "input" and name and told.get("type") not in ("file", "submit"):
            ticks = told.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in told:
                self.sent.setdefault(name, told.get("value", "y"))
        elif tag == "textarea":
            self.area = name
            self.sent.setdefault(name, "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in told:
            self.sent.setdefault(self.select, told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data.lstrip("\n")


def filled(page: str) -> dict[str, Any]:
    """Return the fields of the main part of a page as they are filled in."""
    form = _Form()
    form.feed(page.split("<main")[1].split("</main")[0])
    return form.sent
