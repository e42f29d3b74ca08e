"""XML parts through bare expat: no document type, no entities of their own, no tree in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from xml.parsers import expat

from .archive import Archive
from .terms import Place, Refused, UnreadableCode

SEPARATOR: Final = " "
OUT_OF_MEMORY: Final = 1

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def new_parser(start: Start, end: End | None = None) -> expat.XMLParserType:
    """Make a parser that names elements and attributes as "namespace local"."""
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.buffer_size = 32_768
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def feed(parser: expat.XMLParserType, archive: Archive, part: str) -> None:
    """Run a whole part through a parser. Raises Refused: DAMAGED when it is not well-formed, DOCTYPE."""
    with parsing(part):
        for piece in archive.pieces(part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)


@contextmanager
def parsing(part: str) -> Iterator[None]:
    """Raise what expat raises as Refused: DAMAGED where the part is not well-formed."""
    place = Place(part=part)
    try:
        yield
    except expat.ExpatError as error:
        code = UnreadableCode.TOO_MUCH_MEMORY if error.code == OUT_OF_MEMORY else UnreadableCode.DAMAGED
        raise Refused(code, place) from error
    except (LookupError, ValueError) as error:  # a declared encoding that Python does not know, or not byte by byte
        raise Refused(UnreadableCode.DAMAGED, place) from error


def visit(archive: Archive, part: str, visitor: Start) -> None:
    """Show a visitor every element of a part: its local name, and its attributes by local name."""

    def start(name: str, attributes: dict[str, str]) -> None:
        visitor(local(name), {local(key): value for key, value in attributes.items()})

    feed(new_parser(start), archive, part)


def local(name: str) -> str:
    """Cut the namespace off a name."""
    return name.rpartition(SEPARATOR)[2]


def _refuse_doctype(name: str, *_: object) -> None:
    raise Refused(UnreadableCode.DOCTYPE, Place(part=name[:255]))
