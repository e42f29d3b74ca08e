"""The digest of a verdict: another one as soon as anything is told otherwise, the same where nothing is."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from audits.judging.engine import Judgements
from audits.judging.judgement import Gap, Holds, Subject
from audits.judging.severity import Severity
from audits.judging.verdicts import Verdict
from tests.audits.rules.changing import replace

DAY = date(2026, 3, 2)
HENK = Subject("contact", UUID(int=1), "Henk", "phone")
GAP = Gap(HENK, Severity.FAULT, "%(name)s has no phone number.", {"name": "Henk"}, DAY, DAY, DAY)
HELD = Holds(HENK, DAY, DAY)
LATER = date(2026, 3, 3)


def told(gap: Gap = GAP, held: Holds = HELD, code: str = "runbook.phones", next_on: date | None = DAY) -> str:
    judgements = Judgements(((code, gap),), ((code, held),), next_on)
    return Verdict(1, DAY, judgements, times=0, registered=False).told


@pytest.mark.once
@pytest.mark.parametrize(
    "changed",
    [
        {"subject": replace(HENK, label="Anna")},
        {"subject": replace(HENK, id=UUID(int=2))},
        {"subject": replace(HENK, part="")},
        {"severity": Severity.NOTICE},
        {"message": "Somebody has no phone number."},
        {"params": {"name": "Anna"}},
        {"params": {}},
        {"since": None},
        {"until": LATER},
        {"changes_on": None},
    ],
)
def test_whatever_is_told_otherwise_of_a_gap_is_noticed(app: Flask, changed: dict[str, Any]) -> None:
    with app.app_context():
        assert told(replace(GAP, **changed)) != told()


@pytest.mark.once
def test_what_holds_and_when_to_look_again_is_noticed_and_the_day_of_judging_is_not(app: Flask) -> None:
    with app.app_context():
        assert told(held=replace(HELD, until=LATER)) != told()
        assert told(held=replace(HELD, subject=replace(HENK, label="Anna"))) != told()
        assert told(code="runbook.other") != told()
        assert told(next_on=None) != told()
        judgements = Judgements((("runbook.phones", GAP),), (("runbook.phones", HELD),), DAY)
        assert Verdict(1, LATER, judgements, times=7, registered=True).told == told()
        assert Verdict(2, DAY, judgements, times=0, registered=False).told != told()
