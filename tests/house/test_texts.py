"""Every text exists in Dutch and English: nothing missing, nothing fuzzy, no place left unfilled."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"%\((\w+)\)[sd]|%(?!\()[sd]|%%")
# Records that were put away are used again, versions are brought back: one word for each (rules 3.1).
RESTORED = re.compile(r"\bterug ?(te )?zet|teruggezet|\bzet\b[^.]*\bterug\b", re.IGNORECASE)
KEYWORDS = ("_l", "N_", "lazy_ngettext:1,2")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What code and templates say now."""
    target = tmp_path_factory.mktemp("texts") / "messages.pot"
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "pyproject.toml"]
    subprocess.run([*command, *keywords, "-o", str(target), "."], cwd=ROOT, check=True)
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def dutch() -> Catalog:
    """The Dutch translation."""
    with (ROOT / "translations/nl/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="nl")


def forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, (tuple, list)) else [str(text)]


def test_every_text_has_its_dutch(collected: Catalog, dutch: Catalog) -> None:
    missing = []
    for message in collected:
        if not message.id:
            continue
        found = dutch.get(message.id, message.context)
        if found is None or not all(forms(found.string)) or found.fuzzy:
            missing.append(message.id)
    assert not missing, f"{len(missing)} texts without Dutch, the first: {missing[:5]}"


def test_no_text_is_said_both_alone_and_with_a_plural() -> None:
    """Before Python 3.12 gettext does not find a text alone that has a plural: a Dutch page would say it in English."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(pattern, one["method"]) for one in told for pattern in one["pattern"]]
    keywords = {**DEFAULT_KEYWORDS, "_l": None, "N_": None, "lazy_ngettext": (1, 2)}
    found = [message for _file, _line, message, *_ in extract_from_dir(ROOT, methods, keywords=keywords)]
    counted = {message[0] for message in found if isinstance(message, tuple)}
    assert len(counted) > 100, "this test looks in the wrong place"
    assert not counted & {message for message in found if isinstance(message, str)}


def test_translations_fill_the_same_places(dutch: Catalog) -> None:
    for message in dutch:
        if not message.id:
            continue
        places = [set(PLACE.findall(form)) for form in forms(message.id)]
        for form in forms(message.string):
            # A singular may leave its number out: "1 day" or "one day".
            assert set(PLACE.findall(form)) in places or set(PLACE.findall(form)) == places[-1], message.id


def test_no_translation_is_left_over(collected: Catalog, dutch: Catalog) -> None:
    left = [message.id for message in dutch if message.id and collected.get(message.id, message.context) is None]
    assert not left


def test_terugzetten_is_what_one_does_with_a_back_up_and_nothing_else(dutch: Catalog) -> None:
    for message in dutch:
        if message.id and any(RESTORED.search(form) for form in forms(message.string)):
            assert re.search("restor", str(message.id), re.IGNORECASE), f"{message.id}: {message.string}"
