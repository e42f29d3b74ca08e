"""What is not filled in yet is told apart on pages; it counts as before, and to an auditor it is a finding as any."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask

from audits.findings.queries import judged
from audits.sweeping import sweep
from core import db
from plans.models import Contact
from tests.audits.test_room import auditor
from tests.cast import Cast, Organisation, Person
from tests.visitor import Visitor

Scope = Callable[[Organisation], AbstractContextManager[None]]
Visit = Callable[[Person], Visitor]
LEFT = re.compile(r'<span class="task-name"><a href="([^"]+unfilled=only[^"]*)">([^<]+)</a>\s*<span[^>]*>(\d+) thing')


@pytest.fixture(autouse=True)
def _begun(app: Flask) -> Iterator[None]:
    with time_machine.travel(datetime.fromisoformat("2026-11-22T09:00:00+00:00"), tick=False):
        with app.app_context():
            sweep.run()
        yield


def _lines(page: str) -> int:
    return page.count('<tr><td data-label="What">')


def test_a_beginner_reads_how_much_is_left_and_of_no_fault(cast: Cast, visitor: Visit) -> None:
    owner = visitor(cast.owner)
    home = owner.get("/o/bakery/").text
    assert "Still to fill in: 75 of 75." in home
    assert "Nothing is wrong: it is not there yet." in home
    assert not re.search(r"\d+ (faults?|warnings?)\b", home)
    assert "12 things that you need on the first night are missing" in home
    findings = owner.get("/o/bakery/findings").text
    assert _lines(findings) == 0
    assert len(LEFT.findall(findings)) == 9
    assert 'class="mark mark-bad"' not in owner.get("/o/bakery/plan/").text


def test_the_counts_of_the_sections_are_those_of_the_audit(cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    owner = visitor(cast.owner)
    left = LEFT.findall(owner.get("/o/bakery/findings").text)
    for address, title, number in left:
        assert _lines(owner.get(address.replace("&amp;", "&")).text) == int(number), title
    with scope_of(cast.bakery):
        now = judged()
        assert now is not None
        assert sum(int(number) for _address, _title, number in left) == now.faults
    assert _lines(owner.get("/o/bakery/findings?unfilled=among").text) == now.faults


def test_what_lapsed_stands_first_and_alone(app: Flask, cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    with scope_of(cast.bakery):
        db.session().add(Contact(name="Vera", phone="+31201234567", confirmed_on=date(2026, 1, 1)))
    with app.app_context():
        sweep.run()
    owner = visitor(cast.owner)
    home, findings = owner.get("/o/bakery/").text, owner.get("/o/bakery/findings").text
    assert "In what is there: 1 fault." in home
    assert _lines(findings) == 1
    assert findings.index("Vera") < findings.index("Not filled in yet</h2>")
    assert 'mark mark-bad"><svg' in owner.get("/o/bakery/plan/").text


def test_a_section_or_words_show_each(cast: Cast, visitor: Visit) -> None:
    owner = visitor(cast.owner)
    for asked in ("section=payments", "q=insurer", "mine=yes"):
        page = owner.get(f"/o/bakery/findings?{asked}").text
        assert _lines(page) > 0, asked
        assert LEFT.findall(page) == [], asked
    assert _lines(owner.get("/o/bakery/findings?section=payments&unfilled=apart").text) == 0
    strange = owner.get("/o/bakery/findings?unfilled=%25").text
    assert len(LEFT.findall(strange)) == 9, "what is no choice chooses nothing"


def test_an_auditor_sees_faults_as_faults(cast: Cast, visitor: Visit, scope_of: Scope) -> None:
    page = visitor(auditor(cast, scope_of, "eva")).get("/o/bakery/findings").text
    assert _lines(page) > 75
    assert LEFT.findall(page) == []
    assert "Clear the filters" not in page
