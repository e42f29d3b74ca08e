"""What people read about the house is true of it: paths, rooms, notes, commands and settings that are named exist."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from app import COMMANDS
from bench.__main__ import NAMES
from core.settings import FOREIGN, PREFIX, Settings
from dev.verbs import NEEDS
from tests.house.test_floors import FLOORS, ROOT

NOTES = ROOT / "docs" / "decisions"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOP = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
QUOTED = re.compile(r"`([^`\n]+)`")
FLASK = re.compile(r"flask (?:--app app )?([a-z][a-z-]*(?: [a-z][a-z-]*)?)")
FOR_TESTS = "test_loopback_ca"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def told(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def paths_in(page: Path) -> Iterator[str]:
    """What looks like a path from the top of the project: `core/db.py`, `audits/asof/`, `audits/asof`."""
    for quoted in QUOTED.findall(told(page)):
        if re.fullmatch(r"[\w-]+(/[\w.-]+)*/?", quoted) and "/" in quoted and quoted.partition("/")[0] in TOP:
            yield quoted


def test_every_link_leads_somewhere() -> None:
    dead = [(name_of(page), link) for page in PAGES for link in LINK.findall(told(page))
            if not (page.parent / link).exists()]  # fmt: skip
    assert dead == []


def test_every_path_that_is_named_is_there() -> None:
    found = {(name_of(page), path) for page in PAGES for path in paths_in(page)}
    assert len(found) > 100
    assert sorted((page, path) for page, path in found if not (ROOT / path).exists()) == []


def test_code_and_templates_name_notes_that_are_there() -> None:
    sources = [
        *ROOT.glob("*.py"),
        *(path for floor in (*FLOORS, "migrations") for path in (ROOT / floor).rglob("*.py")),
    ]
    named = {(name_of(path), note) for path in sources for note in re.findall(r"docs/([\w/-]+\.md)", told(path))}
    assert named
    assert sorted((path, note) for path, note in named if not (ROOT / "docs" / note).exists()) == []


def test_every_note_is_in_the_list_of_notes() -> None:
    assert {path.name for path in NOTES.glob("*.md")} - {"README.md"} == {
        link for link in LINK.findall(told(NOTES / "README.md")) if "/" not in link
    }


def test_every_room_is_on_the_plan_of_the_house() -> None:
    plan = told(ROOT / "docs" / "house.md")
    quoted = {one.rstrip("/") for one in QUOTED.findall(plan)}
    rooms = [path.parent for floor in FLOORS if floor != "sample" for path in (ROOT / floor).glob("*/__init__.py")]
    assert len(rooms) > 50
    assert sorted(name_of(room) for room in rooms if not {room.name, name_of(room)} & quoted) == []


@pytest.mark.once
def test_every_command_that_is_named_is_one(app: Flask) -> None:
    named = {(name_of(page), words) for page in PAGES for words in FLASK.findall(told(page))}
    assert {words.partition(" ")[0] for _page, words in named} <= {place.name for place in COMMANDS}
    context = click.Context(app.cli)
    for page, words in named:
        first, _, second = words.partition(" ")
        command = app.cli.get_command(context, first)
        assert command is not None, (page, words)
        if second and isinstance(command, click.Group):
            assert second in command.list_commands(context), (page, words)


def test_every_verb_and_measurement_that_is_named_is_one() -> None:
    for page in PAGES:
        assert set(re.findall(r"(?:make|python3 -m dev) ([a-z]+)\b(?= |`|$)", code_of(page), re.M)) <= NEEDS.keys() | {
            "help"
        }
        assert set(re.findall(r"ARGS=\"?([a-z]+)", told(page))) <= {*NAMES}, name_of(page)


def code_of(page: Path) -> str:
    """What stands in blocks and quotes of code."""
    text = told(page)
    return "\n".join([*re.findall(r"```\w*\n(.*?)```", text, re.S), *QUOTED.findall(text)])


def test_every_setting_is_in_the_readme_and_the_other_way_round() -> None:
    known = {PREFIX + field.name.upper() for field in fields(Settings) if field.name != FOR_TESTS} | FOREIGN
    rows = [line.split("|")[1] for line in told(ROOT / "README.md").splitlines() if line.startswith("| `" + PREFIX)]
    assert {name for row in rows for name in QUOTED.findall(row)} == known
    for page in PAGES:
        named = {
            name for name in re.findall(PREFIX + "[A-Z_]*[A-Z]", told(page)) if not name.startswith(PREFIX + "TEST_")
        }
        assert named <= known, name_of(page)
