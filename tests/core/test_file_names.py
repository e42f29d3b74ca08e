"""Names of files: in plain letters, the same for the same title, and writable on every computer."""

from datetime import date

import pytest

from core.file_names import anywhere, kept_name, plain

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Continuïteitsregeling", "continuiteitsregeling"),
        ("Wat verloopt?", "wat-verloopt"),
        (" Back-ups & tests ", "back-ups-tests"),
        ("../../etc", "etc"),
        ("日本", ""),
    ],
)
def test_a_title_becomes_plain(title: str, told: str) -> None:
    assert plain(title) == told


def test_a_kept_file_tells_what_it_is_whose_and_of_which_day() -> None:
    named = kept_name("Wat verloopt", "bakery", date(2026, 12, 31), ".xlsx")
    assert named == "waarborg-wat-verloopt-bakery-2026-12-31.xlsx"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Contract 2026 (één).pdf", "Contract 2026 (één).pdf"),
        ('a:b*c?"d".pdf', "a_b_c__d_.pdf"),
        ("../../evil\\x.pdf", ".._.._evil_x.pdf"),
        ("nul.pdf", "_nul.pdf"),
        ("CON", "_CON"),
        ("name. ", "name"),
        ("...", "_"),
        ("e\u0301.pdf", "é.pdf"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
    ],
)
def test_an_uploaded_file_can_be_unpacked_everywhere(name: str, told: str) -> None:
    assert anywhere(name) == told
