"""The quick way through a sheet says what the slow way says, or leaves it to the slow way."""

import io
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from core.sheets.inside import archive, package, regular, worker
from core.sheets.inside.regular import RegularRows
from core.sheets.inside.reply import Reply
from core.sheets.inside.stretches import Irregular
from core.sheets.inside.terms import ReadLimits, Refused
from core.sheets.reading import SheetRows, _sheets
from tests.core.sheets_reading_files import TEXTS, book, pack, parts, sheet

LIMITS = ReadLimits(rows=60, columns=30, cell_characters=60)
SHARED = (
    '<si><t>naam</t></si><si><t></t></si><si><t xml:space="preserve"> a &amp; b </t></si><si><t>x_x0041_</t></si>'
    "<si><t>Bakkerij &quot;De Hoek&quot;</t></si>"
)
RICH = "<si><r><t>ri</t></r><r><t>jk</t></r></si>"
# What a mutation puts somewhere: all that could make two ways of reading see two files.
MARKUP = (
    "<!--", "-->", "<![CDATA[", "]]>", "<?x ?>", "&amp;", "&#10;", "&#xD800;", "&#0;", "&foo;", "&", "<", ">", '"', "'",
    "\r\n", "\r", "\n", " ", "\t", "</row>", "<row>", '<row r="3"/>', '<row r="9">', '<row r="9"></row>', "</c>", "<c>",
    '<c r="A9"/>', '<c r="ZZ2"/>', '<c r="B2"><v>1</v></c>', ' s="1"', ' t="s"', ' t="b"', ' t="e"', ' xmlns="x"',
    ' xmlns:r="x"', ' spans="1:3"', ' spans="&lt;"', "<f>1+1</f>", '<f t="shared" si="0"/>', "<v>", "</v>", "<v></v>",
    "<v> 1 </v>", "<t>", "<is><t>x</t></is>", "_x0041_", "_x0000_", "\x01", "\ufffe", "é", "0", "9" * 17, "1e400", "-",
    "</sheetData>", "<sheetData>", "<x:c/>", "<rPh>", "</rPh>", "x" * 70,
)  # fmt: skip


def found(data: bytes, limits: ReadLimits = LIMITS) -> tuple[SheetRows, ...] | tuple[Any, ...]:
    """The sheets of a workbook, or why it was refused."""
    stream = io.BytesIO()
    try:
        worker._read(data, limits, Reply(stream, limits), may_be_text=False)
    except Refused as refused:
        return (refused.code, refused.place)
    lines = stream.getvalue().splitlines()
    assert json.loads(lines.pop())[0] == "end"
    return tuple(_sheets(iter(lines), ""))


@pytest.fixture
def slow_way(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], tuple[Any, ...]]:
    """Read with the quick way shut."""

    def refuse(*_: object) -> None:
        raise Irregular

    def read(data: bytes, limits: ReadLimits = LIMITS) -> tuple[Any, ...]:
        with monkeypatch.context() as patch:
            patch.setattr(RegularRows, "read", refuse)
            patch.setattr(package._Texts, "read", refuse)
            return found(data, limits)

    return read


def row(number: int, chance: random.Random) -> str:
    """A row as programs write it."""
    cells = [
        chance.choice(
            ("", f'<c r="{letter}{number}"/>', f'<c r="{letter}{number}" s="3"></c>', '<c r="{0}" t="s"><v>{1}</v></c>',
             '<c r="{0}"><v>{2}</v></c>', '<c r="{0}" s="1"><v>{2}</v></c>', '<c r="{0}" s="4" t="n"><v>0.{1}5</v></c>',
             '<c r="{0}" t="b"><v>1</v></c>', '<c r="{0}" t="e"><v>#REF!</v></c>', '<c r="{0}"><f>B1</f><v>{2}</v></c>',
             '<c r="{0}" t="str"><f ca="1">B1</f><v>uit &lt; {2}</v></c>', '<c r="{0}" t="str"><f>B1</f><v></v></c>',
             '<c r="{0}" t="inlineStr"><is><t>tekst {2}</t></is></c>', '<c r="{0}" s="2"><v>{2}.5</v></c>')
        ).format(f"{letter}{number}", chance.randrange(5), chance.choice((2, 44562, 3, 61) * 9 + (-3,)))
        for letter in "ABDEF"
    ]  # fmt: skip
    inner = "".join(cells)
    spans = chance.choice(("", ' spans="1:6"', ' ht="15.5" customHeight="1"'))
    return f'<row r="{number}"{spans}/>' if not inner else f'<row r="{number}"{spans}>{inner}</row>'


def made(seed: int) -> tuple[bytes, bytes]:
    """A sheet and shared texts, sound for one seed in eight."""
    chance = random.Random(seed)  # noqa: S311 -- the same every time
    content = sheet(f"<cols/><sheetData>{''.join(row(n, chance) for n in range(1, 13))}</sheetData><mergeCells/>")
    texts = parts(b"", texts=SHARED * chance.choice((1, 1, 40)) + chance.choice(("", RICH)))[TEXTS]
    if seed % 8 == 0:
        return content, texts
    for _ in range(chance.randint(1, 2)):
        if chance.random() < 0.2:
            texts = _changed(texts, chance)
        else:
            content = _changed(content, chance)
    return content, texts


def _changed(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    if chance.random() < 0.5:
        # Where a tag begins or ends, or inside one.
        at = data.find(chance.choice((b"<", b">", b'"', b"</row>", b"<v>")), at) + chance.choice((0, 0, 1))
    piece = chance.choice((*MARKUP, "")).encode(errors="replace") if chance.random() < 0.95 else b"\xff"
    return data[:at] + piece + data[at + chance.choice((0, 0, 1, 4)) :]


def test_both_ways_agree_on_whatever_a_file_holds(
    slow_way: Callable[[bytes], tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small pieces, so that a stretch ends in many places.
    monkeypatch.setattr(archive, "CHUNK", 700)
    quick, kept = 0, RegularRows.read

    def counted(self: RegularRows, stretch: str, after: int) -> list[regular.Block]:
        nonlocal quick
        blocks = kept(self, stretch, after)
        quick += 1
        return blocks

    monkeypatch.setattr(RegularRows, "read", counted)
    refused = 0
    for seed in range(600):
        content, texts = made(seed)
        data = pack(parts(content) | {TEXTS: texts})
        one, other = found(data), slow_way(data)
        assert one == other, (seed, content, texts)
        refused += not isinstance(one[0], SheetRows)
    assert quick > 500
    assert 100 < refused < 500


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            sheet('<sheetData><!-- <sheetData><row r="1"><c r="A1"><v>1</v></c></row> --></sheetData>'),
            id="in a comment among the rows",
        ),
        pytest.param(
            sheet('<!-- <sheetData><row r="1"><c r="A1"><v>1</v></c></row> --><sheetData/>'), id="in a comment"
        ),
        pytest.param(
            sheet('<x:sheetData xmlns:x="o"><row r="1"><c r="A1"><v>1</v></c></row></x:sheetData>'), id="strange data"
        ),
        pytest.param(
            b'<x:worksheet xmlns:x="m" xmlns="o"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
            b'<x:sheetData><x:row r="2"><x:c r="A2"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>',
            id="of another namespace",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="iso-8859-1"?><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
            b"<t>caf\xc3\xa9</t></is></c></row></sheetData></worksheet>",
            id="of another encoding",
        ),
        pytest.param(
            sheet('<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1"/></sheetData>'), id="row twice"
        ),
        pytest.param(sheet('<sheetData><row r="61"><c r="A61"><v>1</v></c></row></sheetData>'), id="far row"),
        pytest.param(sheet('<sheetData><row r="1"><c r="AE1"><v>1</v></c></row></sheetData>'), id="far column"),
        pytest.param(
            sheet('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row></sheetData>'),
            id="empty text at the end",
        ),
        pytest.param(sheet('<sheetData><row r="1"><c r="A1" s="1"><v>60</v></c></row></sheetData>'), id="no such day"),
        pytest.param(sheet('<sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData>'), id="no such text"),
    ],
)
def test_both_ways_agree_at_their_edges(content: bytes, slow_way: Callable[[bytes], tuple[Any, ...]]) -> None:
    data = pack(parts(content) | {TEXTS: parts(b"", texts=SHARED)[TEXTS]})
    assert found(data) == slow_way(data)


def test_wide_and_varied_sheet_is_left_to_the_slow_way(slow_way: Callable[..., tuple[Any, ...]]) -> None:
    cells = "".join(f'<c r="{letter}1" s="{style}"/>' for letter in "A" for style in (1,)) + '<c r="B1"><v>1</v></c>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="{n % 100}"><v>{n}</v></c></row>' for n in range(2, 3_000))
    data = book(sheet(f'<sheetData><row r="1">{cells}</row>{rows}</sheetData>'))
    limits = ReadLimits()
    assert found(data, limits) == slow_way(data, limits)
