"""Every icon that a template names is drawn: one that is not leaves an empty place, and nothing complains."""

import re

from core.settings import ROOT

# How templates name one: icon("x"), mark("tone", "x", …), post_button(href, _("label"), "x").
NAMED = (
    re.compile(r'\bicon\("([a-z0-9-]+)"'),
    re.compile(r'\bmark\("[^,]*, "([a-z0-9-]+)"'),
    re.compile(r'\bpost_button\(.*?\), _\("[^"]*"\), "([a-z0-9-]+)"'),
)


def test_every_icon_that_a_template_names_is_drawn() -> None:
    listed = (ROOT / "static/src/icons.txt").read_text(encoding="utf-8").splitlines()
    drawn = {line.split()[0] for line in listed if line and not line.startswith("#")}
    named = {
        (name, file.name)
        for file in (ROOT / "templates").rglob("*.html")
        for pattern in NAMED
        for name in pattern.findall(file.read_text(encoding="utf-8"))
    }
    assert len(named) > 100
    assert sorted((name, file) for name, file in named if name not in drawn) == []
