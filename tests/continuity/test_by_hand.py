"""Sealing and opening with age itself: exactly the lines that pages and notes tell, typed into a shell."""

import html
import json
import os
import re
import shutil
import subprocess
import tarfile
from itertools import combinations
from pathlib import Path

import pyrage
import pytest

from continuity.officers.queries import Listed
from continuity.sealing.envelope import look_over, part
from continuity.sealing.recipe import recipe
from dev.shell import ROOT, ci
from tests.cast import Person
from tests.continuity.envelopes import Identity, Officer, parts_for, tar

SECRET = "Zwaluwstaart '9311' $(Plankton)\n"
ABOUT = json.dumps({"organisation": "Bakkerij 't Hoekje", "label": "Beheer van web-01", "version": 2})
pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _age() -> None:
    if not all(shutil.which(name) for name in ("age", "age-keygen", "openssl", "tar")):
        assert not (ci() and os.geteuid() == 0), "age is not there: apt install age openssl"
        pytest.skip("age is not on this machine")


@pytest.fixture
def officers() -> list[Officer]:
    """Three officers, in the order of their fingerprints."""
    nobody = Person.__new__(Person)
    return sorted((Officer(nobody, Identity.generate()) for _one in range(3)), key=lambda one: one.fingerprint)


def typed(lines: str, folder: Path) -> None:
    """Type lines into a shell that stops at the first that fails."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [str(shutil.which("bash")), "-euo", "pipefail", "-c", lines], cwd=folder, check=True, capture_output=True
    )


def keep_keys(folder: Path, **names: Officer) -> None:
    folder.mkdir(exist_ok=True)
    for name, one in names.items():
        (folder / f"{name}.key").write_text(f"{one.identity}\n", encoding="ascii")


def told_in_the_note() -> str:
    """Return the lines by which docs/decisions/sealing.md opens a delivery."""
    note = (ROOT / "docs" / "decisions" / "sealing.md").read_text(encoding="utf-8")
    told = note.split("Opening, by officers A and B")[1].split("Neither can skip")[0]
    return "\n".join(line.strip() for line in told.splitlines() if line.startswith("    "))


def told_on_the_page() -> str:
    """Return the lines by which the page of an opening opens what the second officer takes."""
    page = (ROOT / "templates" / "foundation" / "opening.html").read_text(encoding="utf-8")
    return html.unescape(page.split("Lines to type")[1].partition(">")[2].partition("</pre>")[0])


def test_what_the_lines_of_the_page_seal_is_taken_and_opens_for_each_pair_by_the_lines_of_the_note(
    tmp_path: Path, officers: list[Officer]
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "secret.txt").write_text(SECRET, encoding="utf-8")
    keys = [Listed("Officer", one.recipient, one.fingerprint, offered=True, copy=None) for one in officers]
    typed(recipe(keys, ABOUT), tmp_path)
    data = (tmp_path / "delivery.tar").read_bytes()
    envelope = look_over(data, frozenset(one.fingerprint for one in officers))
    for one in officers:
        code = pyrage.decrypt(envelope.probes[one.fingerprint].sealed, [one.identity]).decode()
        assert re.fullmatch("[0-9a-f]{32}", code)
    for first, second in combinations(officers, 2):
        folder = tmp_path / f"{first.fingerprint}-{second.fingerprint}"
        keep_keys(folder, a=first, b=second)
        shutil.copy(tmp_path / "delivery.tar", folder)
        typed(told_in_the_note().replace("A-B", f"{first.fingerprint}-{second.fingerprint}"), folder)
        assert (folder / "secret.txt").read_text(encoding="utf-8") == SECRET
        assert json.loads((folder / "manifest.json").read_text(encoding="utf-8")) == json.loads(ABOUT)


def test_one_officer_alone_opens_nothing_by_hand(tmp_path: Path, officers: list[Officer]) -> None:
    first, second = officers[:2]
    keep_keys(tmp_path, a=first, b=first)
    (tmp_path / "delivery.tar").write_bytes(tar(parts_for(first, second)[0]))
    lines = told_in_the_note().replace("A-B", f"{first.fingerprint}-{second.fingerprint}")
    with pytest.raises(subprocess.CalledProcessError):
        typed(lines, tmp_path)
    assert not (tmp_path / "secret.txt").exists()


def test_what_the_second_officer_takes_opens_by_the_lines_of_the_page(tmp_path: Path, officers: list[Officer]) -> None:
    first, second = officers[:2]
    data = tar(parts_for(first, second, secret=SECRET.encode())[0])
    half = pyrage.decrypt(part(data, f"pairs/{first.fingerprint}-{second.fingerprint}.age"), [first.identity])
    (tmp_path / "my-key.age").write_text(f"{second.identity}\n", encoding="ascii")
    with tarfile.open(tmp_path / "opening.tar", "w") as archive:
        for name, content in (("half.age", half), ("body.age", part(data, "body.age"))):
            (tmp_path / "one").write_bytes(content)
            archive.add(tmp_path / "one", name)
    typed(told_on_the_page(), tmp_path)
    assert (tmp_path / "secret.txt").read_text(encoding="utf-8") == SECRET
    assert not (tmp_path / "once.txt").exists()
