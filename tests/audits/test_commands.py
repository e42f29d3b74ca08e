"""`flask --app app audit run`: what it prints, what it keeps, and how it ends."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from flask import Flask

from audits import report_commands
from audits.models import AuditState, Finding
from core import clock, db
from plans.models import Answer, Contact
from plans.turns import take_turn
from tests.audits.test_unchanged import change_unmarked
from tests.cast import Cast, Organisation

Scope = Callable[[Organisation], AbstractContextManager[None]]
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(datetime.fromisoformat("2026-11-22T09:00:00+00:00"), tick=False):
        yield


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", "run", *arguments])


def times_judged(scope_of: Scope, organisation: Organisation) -> int:
    with scope_of(organisation):
        return db.session().scalar(sa.select(AuditState.times)) or 0


def add_contact(scope_of: Scope, organisation: Organisation, confirmed_on: date | None = None) -> None:
    with scope_of(organisation):
        db.session().add(Contact(name="Henk", phone="+31201234567", confirmed_on=confirmed_on))


def test_the_first_run_judges_everybody_and_the_second_nobody(app: Flask) -> None:
    first, second = run(app), run(app)
    assert first.exit_code == second.exit_code == 0
    assert first.stdout.startswith("5 judged, 0 failed; findings: ")
    assert second.stdout == "0 judged, 0 failed; findings: 0 opened, 0 refreshed, 0 closed\n"


@pytest.mark.parametrize("turn", [True, False], ids=["somebody took a turn", "nobody did"])
def test_who_is_named_is_looked_at_whatever_its_mark_says(
    app: Flask, cast: Cast, scope_of: Scope, *, turn: bool
) -> None:
    add_contact(scope_of, cast.bakery, TODAY)
    run(app)
    with app.app_context():
        change_unmarked(cast.bakery.id, db.Base.metadata.tables["contact"], archived_at=clock.now())
    if turn:
        with scope_of(cast.bakery):
            take_turn()
    assert "No contact has been recorded yet." in run(app, "--tenant", "bakery", "--json").stdout
    assert run(app).stdout.startswith("0 judged"), "the mark is gone"


def test_all_are_judged_again_though_nothing_changed(app: Flask, cast: Cast, scope_of: Scope) -> None:
    run(app)
    result = run(app, "--all")
    assert (result.exit_code, result.stdout) == (0, "5 of 5\n5 judged, 0 wait still\n")
    assert times_judged(scope_of, cast.bakery) == times_judged(scope_of, cast.other) == 2
    assert run(app, "--all", "--json").exit_code == 2


def test_an_organisation_that_is_named_is_judged_though_nothing_changed(
    app: Flask, cast: Cast, scope_of: Scope
) -> None:
    run(app)
    result = run(app, "--tenant", "bakery")
    assert result.stdout.startswith("bakery  2026-11-22  ")
    assert result.stdout.endswith("1 judged, 0 failed; findings: 0 opened, 0 refreshed, 0 closed\n")
    assert times_judged(scope_of, cast.bakery) == 2
    assert times_judged(scope_of, cast.other) == 1


def test_json_tells_every_organisation_in_a_fixed_order(app: Flask, cast: Cast, scope_of: Scope) -> None:
    add_contact(scope_of, cast.bakery, TODAY - timedelta(days=170))
    printed = run(app, "--json").stdout
    assert printed == run(app, "--json").stdout
    told = json.loads(printed)
    assert [one["organisation"] for one in told] == ["bakery", "foundation", "other", "other-foundation", "supplier"]
    bakery = told[0]
    assert (bakery["name"], bakery["as_of"]) == ("Bakkerij Zonneschijn", "2026-11-22")
    rank = {"fault": 0, "warning": 1, "notice": 2}
    assert [rank[finding["severity"]] for finding in bakery["findings"]] == sorted(
        rank[finding["severity"]] for finding in bakery["findings"]
    )
    (lapsing,) = [one for one in bakery["findings"] if one["code"] == "upkeep.contacts"]
    assert lapsing["subject"]["label"] == "Henk"
    assert lapsing["severity"] == "notice"
    assert lapsing["since"] == "2026-11-02"
    assert lapsing["until"] == "2026-12-02"
    assert lapsing["changes_on"] == "2026-12-03"
    assert "2 December 2026" in lapsing["message"]


def test_another_day_is_shown_and_nothing_is_kept(app: Flask, cast: Cast, scope_of: Scope) -> None:
    add_contact(scope_of, cast.bakery, TODAY - timedelta(days=170))
    result = run(app, "--tenant", "bakery", "--as-of", "2026-12-03", "--json")
    assert result.exit_code == 0
    (told,) = json.loads(result.stdout)
    assert told["as_of"] == "2026-12-03"
    assert [one["severity"] for one in told["findings"] if one["code"] == "upkeep.contacts"] == ["fault"]
    assert times_judged(scope_of, cast.bakery) == 0
    with scope_of(cast.bakery):
        assert db.session().scalar(sa.select(sa.func.count()).select_from(Finding)) == 0


def test_today_by_its_date_is_kept_as_today(app: Flask, cast: Cast, scope_of: Scope) -> None:
    run(app, "--as-of", "2026-11-22")
    assert times_judged(scope_of, cast.bakery) == 1


def test_a_day_that_is_over_is_told_as_it_was_kept_and_never_by_the_rows_of_now(
    app: Flask, cast: Cast, scope_of: Scope
) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-20T09:00:00+00:00"), tick=False):
        run(app, "--tenant", "bakery")
    add_contact(scope_of, cast.bakery, TODAY - timedelta(days=400))
    told = run(app, "--tenant", "bakery", "--as-of", "2026-11-21")
    assert (told.exit_code, "[Henk]" in told.stdout) == (0, False)
    refused = run(app, "--tenant", "bakery", "--as-of", "2026-11-19", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)) == (1, [])
    assert "bakery: nothing was kept until 2026-11-19: the first day that was is 2026-11-20" in refused.stderr


def test_lines_for_people_name_the_finding_and_what_it_is_about(app: Flask, cast: Cast, scope_of: Scope) -> None:
    add_contact(scope_of, cast.bakery, TODAY - timedelta(days=170))
    lines = run(app, "--tenant", "bakery", "--as-of", "2026-12-03").stdout.splitlines()
    assert any("fault" in line and "upkeep.contacts" in line and "[Henk]" in line for line in lines)


@pytest.mark.parametrize("arguments", [("--tenant", "nobody"), ("--as-of", "22-11-2026"), ("--sometimes",)])
def test_a_call_that_makes_no_sense_ends_with_two(app: Flask, arguments: tuple[str, ...]) -> None:
    result = run(app, *arguments)
    assert result.exit_code == 2
    assert arguments[-1].strip("-") in result.stderr


@pytest.mark.parametrize("arguments", [(), ("--as-of", "2026-12-03"), ("--json",)])
def test_an_organisation_that_could_not_be_judged_is_named_and_ends_with_one(
    app: Flask, cast: Cast, scope_of: Scope, arguments: tuple[str, ...]
) -> None:
    values = {"location": "Safe", "seen_on": "the day before yesterday"}
    with scope_of(cast.bakery):
        db.session().add(Answer(item_id="backup.offsite-data", values=values, answered_on=TODAY, answered_by="Henk"))
    result = run(app, *arguments)
    assert result.exit_code == 1
    assert "could not be told: bakery (" in result.stderr
    if "--json" in arguments:
        assert "bakery" not in [one["organisation"] for one in json.loads(result.stdout)]


@pytest.mark.parametrize("nameless", [True, False], ids=["on a usual disk", "where no file is nameless"])
def test_a_workbook_takes_the_place_of_the_one_before_and_leaves_nothing_beside(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.setattr(report_commands, "_nameless", lambda _folder: None)
    out = tmp_path / "findings.xlsx"
    out.write_bytes(b"of before")
    result = app.test_cli_runner().invoke(args=["report", "findings", "--tenant", "bakery", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert is_zipfile(out)
    assert [path.name for path in tmp_path.iterdir() if "findings" in path.name] == ["findings.xlsx"]
