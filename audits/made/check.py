"""Check an engagement pack without a network: every file there, unchanged, and nothing beside them.

Controleer een opdrachtdossier zonder netwerk: elk bestand is er, is niet gewijzigd, en er staat niets naast.

Run it in the unpacked folder, or name the folder or the zip: python3 check.py [FOLDER or ZIP]. Ends with 0 when all is
well, with 1 when anything differs, with 2 when there is nothing to check. It speaks the language of the pack. It stands
in each pack, so it uses nothing but Python's own library.
"""

import hashlib
import json
import os
import sys
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
# What computers put beside files by themselves.
BY_ITSELF = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"}
CHANGED, LACKS, ADDED, TWICE, UNREADABLE = "changed", "lacks", "added", "twice", "unreadable"
TEXTS = {
    "en": {
        "pack": "Engagement pack of {organisation} as of {day}, made on {made} (UTC).",
        "looked": "Looked at {count} files in {place}",
        "zip": "Fingerprint of the zip (SHA-256), which Waarborg shows beside the report: {digest}",
        "well": "ALL IS WELL: every file is there, none was changed, and none was added.",
        "wrong": "NOT IN ORDER: {count} differences.",
        CHANGED: "Changed since the pack was made:",
        LACKS: "In the list, but not there:",
        ADDED: "There, but not in the list:",
        TWICE: "More than once in the zip:",
        UNREADABLE: "Cannot be read:",
        "itself": "Put there by a computer itself, no part of the pack:",
        "advice": "Unpack the zip again into an empty folder and check that. If it still differs, ask for a new pack.",
        "nothing": "There is no pack to check here: {place}\n"
        "Put this file back in the unpacked folder, or name the folder or the zip: python3 {own} FOLDER",
        "close": "Press Enter to close this window.",
    },
    "nl": {
        "pack": "Opdrachtdossier van {organisation}, peildatum {day}, gemaakt op {made} (UTC).",
        "looked": "{count} bestanden bekeken in {place}",
        "zip": "Vingerafdruk van de zip (SHA-256), die Waarborg bij het rapport toont: {digest}",
        "well": "ALLES KLOPT: elk bestand is er, niets is gewijzigd en er is niets toegevoegd.",
        "wrong": "NIET IN ORDE: {count} verschillen.",
        CHANGED: "Gewijzigd sinds het dossier is gemaakt:",
        LACKS: "Staat in de lijst, maar is er niet:",
        ADDED: "Is er, maar staat niet in de lijst:",
        TWICE: "Staat meer dan één keer in de zip:",
        UNREADABLE: "Niet te lezen:",
        "itself": "Door een computer zelf neergezet, hoort niet bij het dossier:",
        "advice": "Pak de zip opnieuw uit in een lege map en controleer die. Klopt het dan nog niet, vraag dan om een "
        "nieuw dossier.",
        "nothing": "Hier is geen dossier om te controleren: {place}\n"
        "Zet dit bestand terug in de uitgepakte map, of noem de map of de zip: python3 {own} MAP",
        "close": "Druk op Enter om dit venster te sluiten.",
    },
}


class Pack:
    """The files of a pack, in a folder or in a zip, by their names as they are in the list.

    Raises OSError or zipfile.BadZipFile where there is neither.
    """

    def __init__(self, place: Path) -> None:
        self.zip = None if place.is_dir() else zipfile.ZipFile(place)
        self.place = place
        # Some disks write the same letters in another way.
        self.files = {unicodedata.normalize("NFC", name): name for name in self._names()}
        self.twice = [name for name, often in Counter(self.zip.namelist()).items() if often > 1] if self.zip else []

    def _names(self) -> list[str]:
        if self.zip is not None:
            return [one for one in self.zip.namelist() if not one.endswith("/")]
        return [one.relative_to(self.place).as_posix() for one in self.place.rglob("*") if not one.is_dir()]

    def open(self, name: str) -> BinaryIO:
        """Open one file to be read. Raises OSError or zipfile.BadZipFile when that cannot be."""
        own = self.files[name]
        return self.zip.open(own) if self.zip is not None else (self.place / own).open("rb")  # type: ignore[return-value]

    def digest(self, name: str) -> tuple[int, str]:
        """Return the size and the SHA-256 of a file. Raises what `open` raises."""
        with self.open(name) as file:
            return digest(file)


def digest(file: BinaryIO) -> tuple[int, str]:
    """Return the size and the SHA-256 of what is read."""
    size, found = 0, hashlib.sha256()
    while piece := file.read(1_000_000):
        size += len(piece)
        found.update(piece)
    return size, found.hexdigest()


def manifest_of(pack: Pack) -> dict[str, Any]:
    """Return the list of the pack; an empty one where it cannot be read."""
    try:
        with pack.open(MANIFEST) as file:
            told = json.load(file)
        told["members"] = {unicodedata.normalize("NFC", one["name"]): one for one in told["members"]}
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile):
        return {}
    return told  # type: ignore[no-any-return]


def itself(name: str) -> bool:
    """Tell whether a file was put there by a computer, not by a person."""
    return not BY_ITSELF.isdisjoint(PurePosixPath(name).parts)


def differences(pack: Pack, told: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong, each as its kind and the name of the file."""
    listed, there = told.get("members", {}), pack.files
    found = [(LACKS, name) for name in [*listed, MANIFEST, SUMS] if name not in there]
    found += [(ADDED, name) for name in there if name not in {*listed, MANIFEST, SUMS} and not itself(name)]
    found += [(TWICE, name) for name in pack.twice]
    for name in sorted(set(listed) & set(there)):
        try:
            if pack.digest(name) != (listed[name]["size"], listed[name]["sha256"]):
                found.append((CHANGED, name))
        except (OSError, zipfile.BadZipFile):
            found.append((UNREADABLE, name))
    if MANIFEST in there and not (told and _sealed(pack)):
        found.append((CHANGED, MANIFEST))
    return found


def _sealed(pack: Pack) -> bool:
    """Tell whether the list is the one whose fingerprint stands beside it; without that nobody can say it is not."""
    if SUMS not in pack.files:
        return True
    with pack.open(SUMS) as file:
        return f"{pack.digest(MANIFEST)[1]}  {MANIFEST}" in file.read().decode(errors="replace").splitlines()


def say(line: str = "") -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


def tell(pack: Pack) -> int:
    """Check, and print what was found in the language of the pack; return 0 when all is well, else 1."""
    told = manifest_of(pack)
    texts = TEXTS.get(str(told.get("language")), TEXTS[own_language()])
    if told:
        made = str(told.get("made_at"))[:16].replace("T", " ")
        say(texts["pack"].format(organisation=told.get("organisation"), day=told.get("as_of"), made=made))
    say(texts["looked"].format(count=len(pack.files), place=pack.place))
    if pack.zip is not None:
        with pack.place.open("rb") as file:
            say(texts["zip"].format(digest=digest(file)[1]))
    say()
    found = differences(pack, told)
    say(texts["wrong"].format(count=len(found)) if found else texts["well"])
    beside = [("itself", name) for name in pack.files if itself(name)]
    for kind in (CHANGED, LACKS, ADDED, TWICE, UNREADABLE, "itself"):
        names = [name for which, name in [*found, *beside] if which == kind]
        if names:
            say("\n" + texts[kind])
            for name in names:
                say("  " + name)
    if found:
        say("\n" + texts["advice"])
    return 1 if found else 0


def own_language() -> str:
    """Return the language in which this file is named."""
    return "nl" if Path(__file__).stem.startswith("controleer") else "en"


def main(arguments: list[str]) -> int:
    """Print what is wrong, or that all is well."""
    # A console that cannot write a letter shows its number instead of stopping.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    texts = TEXTS[own_language()]
    try:
        pack = Pack(place)
        ended = tell(pack) if {MANIFEST, SUMS} & set(pack.files) else 2
    except (OSError, zipfile.BadZipFile):
        ended = 2
    if ended == 2:
        say(texts["nothing"].format(place=place, own=Path(__file__).name))
    if os.name == "nt" and not arguments and sys.stdin is not None and sys.stdin.isatty():
        # Whoever clicked on this file would see nothing: the window closes with it.
        input("\n" + texts["close"])
    return ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
