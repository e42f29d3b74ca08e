"""What a person is told about a file that was not read."""

import pytest

from core.sheets.reading import DEFAULT_LIMITS, Place, Unreadable, UnreadableCode


@pytest.mark.parametrize("code", UnreadableCode)
def test_every_refusal_has_a_finished_sentence(code: UnreadableCode) -> None:
    text = Unreadable(code, DEFAULT_LIMITS, Place()).message()
    assert text.endswith(".")
    assert "%" not in text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place(part="xl/a%s"), "Inside the file, look at “xl/a%s”."),
        (Place(row=7), "Look at row 7."),
        (Place(sheet="PC's"), "Look at sheet “PC's”."),
        (Place("xl/a", "PC's", 7), "Look at sheet “PC's”, row 7."),
        (Place("xl/a", "PC's", 7, 2), "Look at sheet “PC's”, row 7, column 2."),
    ],
)
def test_refusal_says_where_to_look(place: Place, text: str) -> None:
    assert Unreadable(UnreadableCode.DAMAGED, DEFAULT_LIMITS, place).whereabouts() == text
