"""The checker in a pack: what it says when all is well and when not, in both languages, wherever it is run."""

import hashlib
import io
import json
import os
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from audits.made.pack import CHECKER
from audits.takeout.archive import Archive

pytestmark = pytest.mark.once
OWN = {"nl": "controleer.py", "en": "check.py"}
WELL = {"nl": "ALLES KLOPT", "en": "ALL IS WELL"}
FILE = "bewijs/één Łódź.pdf"


def zipped(language: str = "nl") -> bytes:
    """A pack as it is made, of few files."""
    target = io.BytesIO()
    archive = Archive(target)
    archive.add("werkmappen/plan.xlsx", [b"plan"])
    archive.add(FILE, [b"signed"])
    archive.add(OWN[language], [CHECKER.read_bytes()])
    members = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in archive.members]
    told = {
        "language": language, "organisation": "Bäckerei", "as_of": "2026-11-22",
        "made_at": "2026-11-23T10:05:00+00:00", "members": members,
    }  # fmt: skip
    archive.add("manifest.json", [json.dumps(told).encode()])
    archive.close()
    return target.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The Dutch pack, unpacked."""
    found = tmp_path / "dossier"
    with zipfile.ZipFile(io.BytesIO(zipped())) as archive:
        archive.extractall(found)
    return found


def run(script: Path, *arguments: object, encoding: str = "utf-8", cwd: Path | None = None) -> tuple[int, str]:
    """How it ends and what it prints, as on a console of that encoding; it may not end in an error of its own."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", str(script), *map(str, arguments)],
        capture_output=True, check=False, cwd=cwd, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"},
    )  # fmt: skip
    assert done.stderr == b""
    return done.returncode, done.stdout.decode(encoding).replace("\r\n", "\n")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_is_well_is_said_in_the_language_of_the_pack_in_a_folder_or_a_zip(tmp_path: Path, language: str) -> None:
    place = tmp_path / "pack.zip"
    place.write_bytes(zipped(language))
    with zipfile.ZipFile(place) as archive:
        archive.extractall(tmp_path / "pack")
    script = tmp_path / "pack" / OWN[language]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for arguments in ((), (place,), (tmp_path / "pack",)):
        ended, told = run(script, *arguments, cwd=elsewhere)
        assert (ended, WELL[language] in told) == (0, True)
        assert "Bäckerei" in told
        assert ("2026-11-23 10:05" in told, "5" in told) == (True, True)
    assert hashlib.sha256(place.read_bytes()).hexdigest() in run(script, place)[1]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_what_is_changed_lacks_or_was_added_is_named_on_any_console(folder: Path, encoding: str) -> None:
    (folder / FILE).write_text("changed")
    (folder / "werkmappen" / "plan.xlsx").unlink()
    (folder / "Łisted.txt").write_text("added")
    (folder / ".DS_Store").write_text("by a computer")
    ended, told = run(folder / OWN["nl"], encoding=encoding)
    assert (ended, "NIET IN ORDE: 3 verschillen." in told) == (1, True)
    _well, changed, lacks, added, itself, _advice = told.split("\n\n")[1:]
    assert changed.startswith("Gewijzigd sinds het dossier is gemaakt:\n  bewijs/")
    assert lacks == "Staat in de lijst, maar is er niet:\n  werkmappen/plan.xlsx"
    assert added.startswith("Is er, maar staat niet in de lijst:\n  ")
    assert added.endswith("isted.txt")
    assert itself == "Door een computer zelf neergezet, hoort niet bij het dossier:\n  .DS_Store"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(b"{", "Gewijzigd", id="no list"),
        pytest.param(b"[]", "Gewijzigd", id="a list of another kind"),
        pytest.param(b'{"language": "xx", "members": [{}]}', "Gewijzigd", id="nameless"),
    ],
)
def test_a_spoiled_list_is_told_of(folder: Path, spoil: bytes, told: str) -> None:
    (folder / "manifest.json").write_bytes(spoil)
    ended, said = run(folder / OWN["nl"])
    assert (ended, told in said, "  manifest.json" in said) == (1, True, True)


def test_a_list_made_anew_for_a_changed_file_is_told_of(folder: Path) -> None:
    (folder / FILE).write_bytes(b"forged")
    told = json.loads((folder / "manifest.json").read_bytes())
    for member in told["members"]:
        if member["name"] == FILE:
            member |= {"size": 6, "sha256": hashlib.sha256(b"forged").hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(told))
    ended, said = run(folder / OWN["nl"])
    assert (ended, "Gewijzigd sinds het dossier is gemaakt:\n  manifest.json" in said) == (1, True)
    (folder / "manifest.json").unlink()
    assert "maar is er niet:\n  manifest.json" in run(folder / OWN["nl"])[1]
    (folder / "SHA256SUMS").unlink()
    assert run(folder / OWN["nl"])[0] == 2


def test_a_disk_that_writes_letters_in_another_way_changes_nothing(folder: Path) -> None:
    (folder / FILE).rename(folder / unicodedata.normalize("NFD", FILE))
    assert run(folder / OWN["nl"])[0] == 0


def test_a_file_that_stands_twice_in_the_zip_is_told_of(tmp_path: Path) -> None:
    place, script = tmp_path / "twice.zip", tmp_path / OWN["nl"]
    place.write_bytes(zipped())
    script.write_bytes(CHECKER.read_bytes())
    with zipfile.ZipFile(place, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("werkmappen/plan.xlsx", b"plan")
    ended, said = run(script, place)
    assert (ended, "meer dan één keer in de zip:\n  werkmappen/plan.xlsx" in said) == (1, True)


@pytest.mark.parametrize("given", ["nowhere", "empty", "text", "half"])
def test_where_there_is_no_pack_it_says_how_to_go_on(tmp_path: Path, given: str) -> None:
    script = tmp_path / OWN["nl"]
    script.write_bytes(CHECKER.read_bytes())
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("no zip")
    (tmp_path / "half").write_bytes(zipped()[:300])
    ended, said = run(script, tmp_path / given)
    assert (ended, "Hier is geen dossier" in said, "controleer.py MAP" in said) == (2, True, True)


def test_it_needs_nothing_but_python(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-I", "-S", str(folder / OWN["nl"])], capture_output=True, check=False)
    assert done.returncode == 0
