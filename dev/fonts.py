"""The typeface of printed plans: the pages' own web fonts as the static TTF files that typesetting reads."""

import json
from pathlib import Path

SOURCE = Path("@fontsource-variable/inter/files")
# Alphabets of the web fonts, each a file of its own. The names become families: a printed text tries one by one.
ALPHABETS = ("latin", "latin-ext", "greek", "cyrillic", "vietnamese")
WEIGHTS = (400, 600)
FAMILY = "Waarborg Sans"


def write(packages: Path, folder: Path) -> None:
    """Fill `folder` with a font for each alphabet and weight, and signs.json: the ranges of signs they have."""
    folder.mkdir(parents=True)
    signs: set[int] = set()
    for alphabet in ALPHABETS:
        source = packages / SOURCE / f"inter-{alphabet}-wght-normal.woff2"
        for weight in WEIGHTS:
            found = _write_one(source, folder / f"{alphabet}-{weight}.ttf", f"{FAMILY} {alphabet}", weight)
            signs |= found
    (folder / "signs.json").write_text(json.dumps(_ranges(signs)), encoding="ascii")


def _write_one(source: Path, target: Path, family: str, weight: int) -> set[int]:
    """Write one weight of a variable web font and return the signs it has."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(source, recalcTimestamp=False)
    instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    style = "Bold" if weight > 500 else "Regular"
    for record in list(font["name"].names):
        if record.nameID in (16, 17, 21, 22, 25):
            font["name"].removeNames(nameID=record.nameID)
    for number, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, f"{family}-{style}".replace(" ", ""))):
        font["name"].setName(text, number, 3, 1, 0x409)
        font["name"].setName(text, number, 1, 0, 0)
    font["OS/2"].usWeightClass = weight
    bold = weight > 500
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0b100000 if bold else 0b1000000)
    font["head"].macStyle = int(bold)
    font.save(target)
    return set(font.getBestCmap())


def _ranges(signs: set[int]) -> list[tuple[int, int]]:
    """Return `signs` as ranges, first and last inclusive. Controls and private signs are no text."""
    found: list[tuple[int, int]] = []
    for code in sorted(signs):
        if code < 0x20 or 0x7F <= code < 0xA0 or 0xE000 <= code < 0xF900 or code == 0xAD or 0x200B <= code < 0x2010:
            continue
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found
