"""What is told about a cell or a row that was not simply taken over."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from core.sheets.reading import NoteKind


class RemarkKind(StrEnum):
    """Why something is told. See TOLD_ONLY for those whose cell was used all the same."""

    UNREADABLE = "unreadable"
    PLACEHOLDER = "placeholder"
    DOUBLE = "double"
    NOT_FOUND = "not_found"
    NO_ROOM = "no_room"
    LITERAL = "literal"
    UNSURE = "unsure"
    WITHOUT_SERIAL = "without_serial"
    UNREACHABLE = "unreachable"


TOLD_ONLY = frozenset({RemarkKind.LITERAL, RemarkKind.UNSURE, RemarkKind.WITHOUT_SERIAL, RemarkKind.UNREACHABLE})


# What people write into a cell of which they do not know what belongs there, or that nothing does.
NOTHING_WORDS = frozenset({"-", "--", "---", "–", "—", ".", "/", "nvt", "n.v.t.", "n.v.t", "n/a", "nvt."})
UNKNOWN_WORDS = frozenset(
    {"?", "??", "???", "onbekend", "unknown", "weet niet", "tbd", "nog invullen", "n.n.b.", "nnb"}
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to tell. target: what the column was chosen to be, empty for a remark about the whole row;
    heading, cell: what stands above the column and in the cell; text: in plain words, translated when shown.
    """

    kind: RemarkKind
    text: Any
    target: str = ""
    heading: Any = ""
    cell: str = ""


UNKNOWN = _l("This says that it is not known. Left empty.")
NOTHING = _l("This says that there is nothing. Left empty.")
LITERAL = _l("This is a formula without a result. Taken over as text.")
FORMULA = _l("This is a formula without a result. Open the file in your spreadsheet program and save it again.")
UNSURE_TELEPHONY = _l("We could not tell what this is, so it goes to the telephone exchange and handsets.")
UNSURE_DEVICE = _l("We could not tell whether this is a phone or a tablet, so it goes to the mobile phones.")
UNSURE_PARTY = _l("We could not tell what this party does for you. Its kind becomes “Other”.")
WITHOUT_SERIAL = _l("There is no serial number.")
UNREACHABLE = _l("There is neither a telephone number nor an e-mail address that can be used.")
NOT_FOUND = _l("Nobody in your registers has this name. Add it there first.")
SEVERAL_FOUND = _l("More than one in your registers has this name. Choose the right one there.")
NO_ROOM = _l("The note is full. This was left out.")
NO_COLUMN = _l("This register has no place for this.")
YES_OR_NO = _l("Answer with yes or no.")

# What the reading of the file already told about a cell without a value.
NOTE_TEXTS: Mapping[NoteKind, Any] = MappingProxyType(
    {
        NoteKind.FORMULA_WITHOUT_VALUE: FORMULA,
        NoteKind.ERROR_VALUE: _l("This cell holds an error. Mend it in your spreadsheet program."),
        NoteKind.UNREADABLE_NUMBER: _l("This number cannot be read."),
        NoteKind.NOT_A_DAY: _l("This is not a day. Write it as 31-01-2027."),
    }
)
