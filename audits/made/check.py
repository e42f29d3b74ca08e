"""Check an engagement pack without a network: every file there, unchanged, and nothing beside them.

Run it in the unpacked folder, or name the folder or the zip: python3 check.py [FOLDER or ZIP]. Ends with 0 when all is
well, with 1 when anything differs. It stands in each pack, so it uses nothing but Python's own library.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import BinaryIO

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"


class Pack:
    """The files of a pack, in a folder or in a zip."""

    def __init__(self, place: Path) -> None:
        self.zip = None if place.is_dir() else zipfile.ZipFile(place)
        self.place = place

    def names(self) -> list[str]:
        """Return every file there is."""
        if self.zip is not None:
            return [one for one in self.zip.namelist() if not one.endswith("/")]
        return [one.relative_to(self.place).as_posix() for one in self.place.rglob("*") if not one.is_dir()]

    def open(self, name: str) -> BinaryIO:
        """Open one file to be read."""
        return self.zip.open(name) if self.zip is not None else (self.place / name).open("rb")  # type: ignore[return-value]


def digest(file: BinaryIO) -> tuple[int, str]:
    """Return the size and the SHA-256 of a file."""
    size, found = 0, hashlib.sha256()
    while piece := file.read(1_000_000):
        size += len(piece)
        found.update(piece)
    return size, found.hexdigest()


def problems(pack: Pack) -> list[str]:
    """Return a line for each file that is missing, changed or not told of."""
    there = pack.names()
    if MANIFEST not in there:
        return [f"missing: {MANIFEST}"]
    with pack.open(MANIFEST) as file:
        told = {one["name"]: one for one in json.load(file)["members"]}
    found = [f"missing: {name}" for name in told if name not in there]
    found += [f"not in the list: {name}" for name in there if name not in {*told, MANIFEST, SUMS}]
    for name in sorted(set(told) & set(there)):
        with pack.open(name) as file:
            if digest(file) != (told[name]["size"], told[name]["sha256"]):
                found.append(f"changed: {name}")
    if SUMS not in there:
        return [*found, f"missing: {SUMS}"]
    with pack.open(SUMS) as file, pack.open(MANIFEST) as listed:
        if f"{digest(listed)[1]}  {MANIFEST}" not in file.read().decode().splitlines():
            found.append(f"changed: {MANIFEST}")
    return found


def main(arguments: list[str]) -> int:
    """Print what is wrong, or that all is well."""
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    found = problems(Pack(place))
    for line in found:
        sys.stdout.write(line + "\n")
    if not found:
        sys.stdout.write("All files are there, and none was changed.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
