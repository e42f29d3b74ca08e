"""The parts of a workbook beside its sheets: relations, list of sheets, shared texts and cell formats."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from .archive import Archive
from .markup import End, Start, local, new_parser, visit
from .serials import BUILT_IN, Shown, shown_by
from .stretches import Irregular, Watch, feed_in_stretches, resolved
from .terms import Place, ReadLimits, Refused, UnreadableCode

TRUE: Final = ("1", "true")
SHEET_NAME_CHARACTERS: Final = 255
ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
# What no database column and no XML page holds: control characters, half surrogate pairs, non-characters.
UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TEXT_END: Final = "</si>"
TEXT: Final = re.compile('<si><t(?: xml:space="preserve")?>([^<]*)</t>')
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
    found = _Texts(part, limits)
    feed_in_stretches(
        found, archive, part, opening=b"<si>", closing=TEXT_END.encode(), ready=found.ready, read=found.read
    )
    return found.texts


class _Texts:
    """The shared texts read so far, and the pieces of the one being read."""

    def __init__(self, part: str, limits: ReadLimits) -> None:
        self._part, self._limits = part, limits
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._aids = 0
        self.start: Start = self._start
        self.end: End = self._end
        self.parser = new_parser(self.start, self.end)

    def ready(self, watch: Watch, _head: bytes) -> bool:
        """Tell whether nothing but the root is open. Namespaces do not count here."""
        return watch.depth == 1 and not self._aids and not self.texts

    def read(self, stretch: str) -> Callable[[], None]:
        """Read whole texts at once; return what keeps them. Raises Irregular."""
        found = [TEXT.fullmatch(one) for one in stretch.split(TEXT_END)[:-1]]
        if "\r" in stretch or not all(found) or len(self.texts) + len(found) > self._limits.cells:
            raise Irregular
        texts = [one[1] for one in found if one is not None]
        if "&" in stretch:
            texts = [resolved(text) for text in texts]
        if max(map(len, texts)) > self._limits.cell_characters:
            raise Irregular
        read = [unescape(text) for text in texts]
        return lambda: self.texts.extend(read)

    def _start(self, name: str, _: dict[str, str]) -> None:
        tag = local(name)
        if tag == "t" and not self._aids:
            self.parser.CharacterDataHandler = self._pieces.append
        elif tag == "si":
            self._pieces.clear()
        elif tag == "rPh":
            self._aids += 1

    def _end(self, name: str) -> None:
        tag = local(name)
        self.parser.CharacterDataHandler = None
        if tag == "rPh":
            self._aids -= 1
        elif tag == "si":
            text = "".join(self._pieces)
            if len(text) > self._limits.cell_characters:
                raise Refused(UnreadableCode.TEXT_TOO_LONG, Place(part=self._part))
            self.texts.append(unescape(text))
            if len(self.texts) > self._limits.cells:
                raise Refused(UnreadableCode.TOO_MANY_CELLS, Place(part=self._part))


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
