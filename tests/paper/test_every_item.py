"""Each of the 75 items has all six: form, why it is asked, example, rule, cell in the workbook, place on paper."""

import pytest

from audits.paper.sections.keeping import everything, findings
from audits.rules import by_code
from audits.rules.explained import EXPLAINED
from audits.workbooks import plan as plan_workbook
from core.i18n import Language
from plans.handbook import items
from plans.help import HELP
from plans.shapes import shape_of
from tests.paper.conftest import Inside

# Sheets and papers are the same whichever database their words came from.
pytestmark = pytest.mark.once


def test_each_of_the_75_items_has_all_six(inside: Inside) -> None:
    with inside(Language.ENGLISH) as material:
        answered = {item_id for item_id, text in material.base.told.items() if text}
        sheet = next(iter(plan_workbook.sheets(material.base)))
        headings = [column.title for column in sheet.columns]
        cells = {str(row[headings.index("Code")]): row[headings.index("Answer")] for row in sheet.rows}
        blocks = everything(material).blocks
        places = {row[0]: row[2] for block in blocks for row in block.rows}
        bare = "; ".join(row[-1] for block in findings(material).blocks for row in block.rows)
        lacking = {
            item.id: [
                name
                for name, there in {
                    "form": shape_of(item),
                    "why": str(HELP[item.id].text),
                    "example": str(HELP[item.id].example),
                    "rule": item.id in by_code() and str(EXPLAINED[item.id]),
                    "cell": item.id in cells and bool(cells[item.id]) is (item.id in answered),
                    "place": bool(places[item.title])
                    if item.id in answered
                    else item.title in places or item.title in bare,
                }.items()
                if not there
            ]
            for item in items()
        }
    assert {item_id: names for item_id, names in lacking.items() if names} == {}
    assert len(answered & lacking.keys()) > 60, "too little is answered for cells and places to show anything"
