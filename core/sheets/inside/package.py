"""The parts of a workbook beside its sheets: relations, list of sheets, shared texts and cell formats."""

import posixpath
import re
from dataclasses import dataclass, field
from typing import Final

from .archive import Archive
from .markup import feed, local, new_parser, visit
from .serials import BUILT_IN, Shown, shown_by
from .terms import Place, ReadLimits, Refused, UnreadableCode

TRUE: Final = ("1", "true")
SHEET_NAME_CHARACTERS: Final = 255
ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
# What no database column and no XML page holds: control characters, half surrogate pairs, non-characters.
UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Relation:
    """One arrow from a part to another: its kind (last step of the type's address) and the part it points at."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet as the workbook lists it."""

    name: str
    hidden: bool
    part: str


@dataclass(slots=True)
class Contents:
    """What the sheets of one workbook need to be read."""

    sheets: list[SheetEntry] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    shown: dict[str, Shown] = field(default_factory=dict)
    from_1904: bool = False


def open_contents(archive: Archive, limits: ReadLimits) -> Contents:
    """Find the workbook in a package and read all that its sheets refer to.

    Raises Refused: NOT_A_SPREADSHEET, BINARY_EXCEL, OPEN_DOCUMENT, TOO_MANY_SHEETS, TOO_MANY_STYLES,
    TOO_MANY_CELLS (more shared texts than cells), TEXT_TOO_LONG, DAMAGED.
    """
    part = _workbook_part(archive)
    relations = _relations(archive, part)
    contents = Contents()
    _read_workbook(archive, part, relations, contents, limits)
    for relation in relations.values():
        # Missing texts are noticed by the first cell that uses one; missing formats would turn days into numbers.
        if relation.kind == "sharedStrings" and relation.target in archive:
            contents.texts = _read_texts(archive, relation.target, limits)
        elif relation.kind == "styles":
            contents.shown = _read_shown(archive, relation.target, limits)
    return contents


def clean(text: str) -> str:
    """Replace each character that cannot be stored by U+FFFD; everything else stays exactly as typed."""
    # Nothing unstorable is printable, and asking that is far cheaper than searching.
    return text if text.isprintable() else UNSTORABLE.sub(REPLACEMENT, text)


def unescape(text: str) -> str:
    """Undo the _xHHHH_ notation of workbook texts, then clean."""
    if "_x" in text:
        text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return clean(text)


def _workbook_part(archive: Archive) -> str:
    if "_rels/.rels" not in archive:
        is_open_document = "content.xml" in archive and "mimetype" in archive
        raise Refused(UnreadableCode.OPEN_DOCUMENT if is_open_document else UnreadableCode.NOT_A_SPREADSHEET)
    for relation in _relations(archive, "").values():
        if relation.kind == "officeDocument":
            if relation.target.lower().endswith(".bin"):
                raise Refused(UnreadableCode.BINARY_EXCEL)
            return relation.target
    raise Refused(UnreadableCode.NOT_A_SPREADSHEET)


def _relations(archive: Archive, part: str) -> dict[str, Relation]:
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, Relation] = {}

    def take(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = Relation(kind, target)

    visit(archive, listed, take)
    return found


def _read_workbook(
    archive: Archive, part: str, relations: dict[str, Relation], contents: Contents, limits: ReadLimits
) -> None:
    root: list[str] = []

    def take(name: str, attributes: dict[str, str]) -> None:
        if not root:
            root.append(name)
        if name == "workbookPr":
            contents.from_1904 = attributes.get("date1904") in TRUE
        elif name == "sheet":
            relation = relations.get(attributes.get("id", ""))
            title = unescape(attributes.get("name", ""))
            if relation is None or len(title) > SHEET_NAME_CHARACTERS:
                raise Refused(UnreadableCode.DAMAGED, Place(part=part, sheet=title[:SHEET_NAME_CHARACTERS]))
            if relation.kind == "worksheet":  # charts, dialogs and macro sheets hold no rows
                hidden = attributes.get("state", "visible") != "visible"
                contents.sheets.append(SheetEntry(title, hidden, relation.target))
            if len(contents.sheets) > limits.sheets:
                raise Refused(UnreadableCode.TOO_MANY_SHEETS)

    visit(archive, part, take)
    if root != ["workbook"]:
        raise Refused(UnreadableCode.NOT_A_SPREADSHEET)


def _read_texts(archive: Archive, part: str, limits: ReadLimits) -> list[str]:
    """Read the shared texts; rich text is joined, reading aids for East Asian scripts (rPh) are left out."""
    texts: list[str] = []
    pieces: list[str] = []
    aids = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal aids
        tag = local(name)
        if tag == "t" and not aids:
            parser.CharacterDataHandler = pieces.append
        elif tag == "si":
            pieces.clear()
        elif tag == "rPh":
            aids += 1

    def end(name: str) -> None:
        nonlocal aids
        tag = local(name)
        parser.CharacterDataHandler = None
        if tag == "rPh":
            aids -= 1
        elif tag == "si":
            text = "".join(pieces)
            if len(text) > limits.cell_characters:
                raise Refused(UnreadableCode.TEXT_TOO_LONG, Place(part=part))
            texts.append(unescape(text))
            if len(texts) > limits.cells:
                raise Refused(UnreadableCode.TOO_MANY_CELLS, Place(part=part))

    parser = new_parser(start, end)
    feed(parser, archive, part)
    return texts


def _read_shown(archive: Archive, part: str, limits: ReadLimits) -> dict[str, Shown]:
    """Map the style number of a cell, as written in it, to the moment that style shows."""
    custom: dict[str, Shown | None] = {}
    shown: dict[str, Shown] = {}
    section = ""
    seen = styles = 0

    def take(name: str, attributes: dict[str, str]) -> None:
        nonlocal section, seen, styles
        if name in ("cellXfs", "cellStyleXfs", "dxfs"):
            section = name
        elif name in ("numFmt", "xf"):
            seen += 1
            if seen > 2 * limits.styles:
                raise Refused(UnreadableCode.TOO_MANY_STYLES, Place(part=part))
            number = attributes.get("numFmtId", "0")
            if name == "numFmt" and section != "dxfs":
                custom[number] = shown_by(attributes.get("formatCode", ""))
            elif name == "xf" and section == "cellXfs":
                found = custom[number] if number in custom else BUILT_IN.get(int(number) if number.isdecimal() else 0)
                if found is not None:
                    shown[str(styles)] = found
                styles += 1

    visit(archive, part, take)
    return shown
