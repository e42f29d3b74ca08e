"""Each sentence of a rule is decided on: it says that something is not there yet, or that what was there is wrong."""

import ast
import re
from pathlib import Path

from audits import judging, rules
from audits.judging.engine import judge
from audits.judging.severity import Severity
from audits.rules.unfilled import UNFILLED
from plans.facts import PlanFacts
from tests.audits.rules.build import SOUND, TODAY
from tests.audits.rules.changing import replace

EMPTY = PlanFacts(
    answers={}, assignments={}, waivers=(), contacts={}, parties=(), departments=(), systems=(), data_sets=(),
    department_systems=frozenset(), department_data_sets=frozenset(), assets={}, results={}, steps=(), versions=(),
    changes=(), instructions=(), receipts=(), intervals={},
)  # fmt: skip
# How sentences about what is not there are written; whoever writes another of them decides which it is.
SOUNDS_EMPTY = re.compile(
    r"\byet\b|\bnot told\b|\bhas no\b|\bis without\b|^No |^Nobody |never been|not (been )?recorded"
)
# They sound so, and yet somebody filled something in that is wrong, or somebody else is waited for.
WRONG = frozenset(
    {
        "The day that was filled in, %(day)s, has yet to come.",
        "No back-up copy is kept off the internet.",
        "%(name)s has no valid phone number.",
        "%(name)s has no valid IPv4 or IPv6 address or network.",
        "No address book is set up at the bank.",
        "%(name)s accepted version %(number)s after the bankruptcy; the foundation has not decided yet.",
        "Version %(number)s of the beneficiary deed has no conditions.",
        "The text was changed: version %(number)s of the beneficiary deed has not been published yet.",
        "%(name)s does not meet the conditions of the deed yet.",
        "The foundation has not confirmed the delivery of %(name)s of %(day)s yet.",
        "The fee of %(name)s for the continuity was due on %(until)s and is not recorded as paid.",
        "The continuity ends on %(until)s and %(name)s has not moved to another supplier yet.",
        "This failed on %(day)s and has not been passed yet. Repair what went wrong and do it again.",
    }
)


def _sentences() -> set[str]:
    folders = [Path(package.__path__[0]) for package in (rules, judging)]
    calls = (
        node
        for folder in folders
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
    )
    return {one.args[0].value for one in calls if isinstance(one.args[0], ast.Constant)}  # type: ignore[misc]


def test_only_sentences_of_rules_are_listed() -> None:
    assert UNFILLED - _sentences() == set()
    assert WRONG - _sentences() == set()


def test_each_sentence_that_sounds_so_was_decided_on() -> None:
    undecided = {one for one in _sentences() if SOUNDS_EMPTY.search(one)} - UNFILLED - WRONG
    assert undecided == set()
    assert not UNFILLED & WRONG


def test_what_ends_on_a_day_was_there() -> None:
    assert [one for one in UNFILLED if "%(until)s" in one or "%(day)s" in one] == []


def test_of_an_empty_plan_nothing_is_wrong() -> None:
    found = judge(replace(SOUND, plan=EMPTY), TODAY).gaps
    assert {gap.severity for _code, gap in found} == {Severity.FAULT}, "and yet each is a fault"
    assert [gap.message for _code, gap in found if gap.message not in UNFILLED] == []
