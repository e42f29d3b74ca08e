"""Pages and reports of the trail by what people call them."""

import pytest
from flask import Flask

from audits.trail.called import page_name, report_name
from audits.trail.words import column_label
from core.i18n import Language, written_in


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "Home"),
        ("/findings", "Findings"),
        ("/plan/", "Plan"),
        ("/plan/backup", "Plan: Back-up"),
        ("/plan/testing/restore", "Plan: Restore the back-up"),
        ("/plan/testing/results/01a20645-e479-737e-a353-0d1171f29555", "Plan: Tests"),
        ("/plan/versions/01a20645-e479-737e-a353-0d1171f29555", "Plan"),
        ("/registers/office-pcs", "Registers: Office PCs"),
        ("/registers/changes", "Registers"),
        ("/continuity/01a20645-e479-737e-a353-0d1171f29555", "Continuity scheme"),
        ("/continuity/01a20645-e479-737e-a353-0d1171f29555/handovers", "Continuity scheme: What the foundation holds"),
        ("/room/01a20645-e479-737e-a353-0d1171f29555", "Engagement of an auditor"),
        ("/of-no-name-yet", "/of-no-name-yet"),
    ],
)
def test_a_page_is_called_as_people_know_it(app: Flask, path: str, name: str) -> None:
    with app.test_request_context(), written_in(Language.ENGLISH):
        assert page_name(path) == name


@pytest.mark.once
def test_a_report_is_called_by_its_title_and_a_register_by_its_own(app: Flask) -> None:
    with app.test_request_context(), written_in(Language.ENGLISH):
        assert report_name("findings") == "Findings"
        assert report_name("register.office-pcs") == "Office PCs"
        assert report_name("made-no-more") == "made-no-more"


@pytest.mark.once
def test_a_delivery_that_is_the_third_is_not_told_of_as_a_count_of_three(app: Flask) -> None:
    with app.test_request_context(), written_in(Language.DUTCH):
        assert (column_label("number"), column_label("quantity")) == ("Volgnummer", "Aantal")
