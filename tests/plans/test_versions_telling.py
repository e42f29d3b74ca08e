"""Versions tell what was chosen by the words people chose it by."""

from enum import StrEnum
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from core.i18n import Language, written_in
from plans.handbook import Section
from plans.own_items.ids import own_id
from plans.registers.columns import REGISTERS
from plans.versions.comparing import PartChange, compare
from plans.versions.content import Content
from plans.versions.rooms import TABLES
from plans.versions.telling import CHOSEN

pytestmark = pytest.mark.once
ROW = "018f0000-0000-7000-8000-000000000001"
OWN = own_id(Section.RUNBOOK, UUID(ROW))


def told(found: tuple[PartChange, ...]) -> dict[str, str]:
    """Return what each column is said to hold, by its label, and each heading with what stands under it."""
    rows = [row for part in found for row in part.rows]
    return {line.label: line.after for row in rows for line in row.lines} | {row.heading: row.name for row in rows}


def test_every_choice_of_a_plan_has_its_words() -> None:
    in_a_register = {(one.model, column.name) for one in REGISTERS for column in one.columns}
    left = {
        (table.name, name): set(kind.enum_class) - CHOSEN.get(kind.enum_class, {}).keys()
        for table in TABLES
        for name in table.columns
        # Which register a piece of the inventory stands in is its heading.
        if isinstance(kind := table.model.__table__.c[name].type, sa.Enum) and (table.name, name) != ("asset", "kind")
        if (table.model, name) not in in_a_register
        if kind.enum_class is not None and issubclass(kind.enum_class, StrEnum)
    }
    assert left
    assert [one for one, without_words in left.items() if without_words] == []


def test_a_copy_is_told_by_the_words_of_its_form(app: Flask) -> None:
    copy = {"holds": "data", "name": "Blue disk", "keeping": "safe", "made_every": "four-hours", "cloud_in": "nothing"}
    with app.app_context(), written_in(Language.DUTCH):
        found = told(compare({}, {"backup_copy": {ROW: copy}}))
    assert found["Wat erop staat"] == "Gegevens"
    assert found["Hoe het wordt bewaard"] == "In een kluis bij de eigenaar of een leidinggevende"
    assert found["Hoe vaak de kopie wordt gemaakt"] == "Elke vier uur"
    assert not set(found.values()) & {"data", "safe", "four-hours", "nothing"}


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("yes", "Ja"),
        ("no", "Nee"),
        ("2026-11-23", "23 november 2026"),
        ("2026-99-99", "2026-99-99"),
        ("In de la", "In de la"),
    ],
)
def test_an_own_question_and_its_answer_are_told_in_words(app: Flask, answer: str, shown: str) -> None:
    question = {"title": "Ligt de noodmap klaar?", "section": "runbook", "kind": "yes_no"}
    content: Content = {"own_item": {ROW: question}, "answer": {OWN: {"values": {"answer": answer}}}}
    with app.app_context(), written_in(Language.DUTCH):
        found = told(compare({}, content))
    assert found["Antwoord"] == shown
    assert found["Hoe wordt de vraag beantwoord?"] == "Met ja of nee"
    assert "runbook" not in found.values()


def test_a_part_that_is_left_out_is_called_what_it_is(app: Flask) -> None:
    left_out = {"runbook.external-parties/lawyer": {"reason": "Wij bellen de verzekeraar"}}
    with app.app_context(), written_in(Language.DUTCH):
        found = told(compare({}, {"waiver": left_out}))
    assert "Overgeslagen: Advocaat" in found.values()
