"""The pages of trends: what they count, for whom, and what they cost."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask import Flask

from audits.asof.judged import pack
from audits.asof.models import Evaluation
from audits.judging.engine import Judgements
from audits.judging.judgement import Gap, Subject
from audits.judging.severity import Severity
from audits.models import Expiry, Finding
from audits.trends.counting import trends
from audits.trends.queries import counted
from core import clock, db
from core.i18n import Language, day_text, written_in
from tenants.scope import scoped, whole
from tests.cast import Cast, Organisation, Person
from tests.grants import scene
from tests.grants.scene import another, grant
from tests.visitor import Visitor

Visit = Callable[[Person], Visitor]
Counting = Callable[[], AbstractContextManager[list[str]]]


def kept(app: Flask, where: Organisation, code: str, *, ago: int, lasted: int | None = None, number: int = 1) -> None:
    """Keep findings that were opened so many days ago, and closed again after some."""
    with app.app_context(), scoped(whole(where.id)):
        at = clock.now() - timedelta(days=ago)
        for one in range(number):
            db.session().add(
                Finding(
                    rule_code=code, subject_kind="plan", subject_id=None, subject_key=f"plan::{ago}.{one}",
                    subject_label="", severity=Severity.FAULT, message="x", params={}, since=at.date(), until=None,
                    changes_on=None, opened_at=at, refreshed_at=at,
                    closed_at=None if lasted is None else at + timedelta(days=lasted),
                )
            )  # fmt: skip
        db.session().add(
            Expiry(
                rule_code=code, subject_kind="plan", subject_id=None, subject_key=f"plan::{ago}", subject_label="",
                until=clock.today() + timedelta(days=40),
            )
        )  # fmt: skip


def judged(
    app: Flask, where: Organisation, *, ago: int, faults: Sequence[str] = (), notices: Sequence[str] = ()
) -> None:
    """Keep the day so many days ago, on which these codes were found missing and those about to lapse."""
    gaps = [
        (code, Gap(Subject(part=f"{at}"), severity, "x"))
        for severity, codes in ((Severity.FAULT, faults), (Severity.NOTICE, notices))
        for at, code in enumerate(codes)
    ]
    digest, content = pack(Judgements(tuple(gaps), (), None), {})
    with app.app_context(), scoped(whole(where.id)):
        db.session().add(
            Evaluation(
                day=clock.today() - timedelta(days=ago), kept_at=clock.now(), rule_set="1", made_with="1", parts={},
                judged=content, judged_digest=digest, faults=len(faults), warnings=0, notices=len(notices),
            )
        )  # fmt: skip


def rows(browser: Visitor, path: str) -> list[list[int]]:
    """Return the weeks of a page, the newest first: faults, warnings, notices and all of them."""
    html = browser.get(path).get_data(as_text=True)
    table = html.split("<tbody>")[1].partition("</tbody>")[0]
    return [
        [int(cell.partition("<")[0]) for cell in row.split('<td class="num">')[1:]] for row in table.split("<tr>")[1:]
    ]


def numbers(visitor: Visitor, path: str) -> list[list[int]]:
    """Return the last column of each table of a page."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert len(html.encode()) <= 60_000
    tables = [part.partition("</tbody>")[0] for part in html.split("<tbody>")[1:]]
    rows = [
        [row.rsplit('<td class="num">', 1)[1].partition("<")[0] for row in table.split("<tr>")[1:]] for table in tables
    ]
    return [[int(cell.partition(" ")[0]) for cell in table if cell[0].isdigit()] for table in rows]


def test_a_page_counts_what_came_went_and_lapses(app: Flask, cast: Cast, visitor: Visit) -> None:
    kept(app, cast.bakery, "runbook.team", ago=3, number=4)
    kept(app, cast.bakery, "backup.encrypted", ago=100, lasted=20, number=2)
    kept(app, cast.bakery, "scheme.funding", ago=400)
    kept(app, cast.other, "runbook.team", ago=3)
    reader = visitor(cast.reader)
    weeks, months, ages, closing = numbers(reader, "/o/bakery/trends")
    assert (weeks[0], max(weeks), weeks[-1], len(weeks)) == (5, 5, 1, 53)
    assert 3 in weeks
    assert sum(months) == 3
    assert ages == [4, 0, 0, 1]
    assert closing == [20]
    assert "No finding was closed" in visitor(cast.foundation_owner).get("/o/foundation/trends").get_data(as_text=True)
    assert reader.get("/o/bakery/portfolio/trends").status_code == 403


TEAM, FUNDING = "runbook.team", "scheme.funding"


def test_weeks_tell_how_bad_it_was_then_from_the_first_day_that_was_kept(
    app: Flask, cast: Cast, visitor: Visit
) -> None:
    browser = visitor(cast.reader)
    kept(app, cast.bakery, TEAM, ago=200)
    judged(app, cast.bakery, ago=40, faults=[TEAM, TEAM, FUNDING])
    judged(app, cast.bakery, ago=38, faults=[TEAM], notices=[TEAM, FUNDING])
    judged(app, cast.bakery, ago=14, notices=[FUNDING])
    judged(app, cast.bakery, ago=10, faults=[TEAM, FUNDING])
    judged(app, cast.bakery, ago=8, faults=[TEAM])
    told = [[1, 0, 0, 1]] * 2 + [[0, 0, 1, 1]] + [[1, 0, 2, 3]] * 3
    assert rows(browser, "/o/bakery/trends") == told
    first = clock.today() - timedelta(days=40)
    with app.app_context(), written_in(Language.ENGLISH):
        assert f"first day that was kept is {day_text(first)}" in browser.get("/o/bakery/trends").get_data(as_text=True)
    judged(app, cast.bakery, ago=400, faults=[TEAM] * 5)
    every = rows(browser, "/o/bakery/trends")
    assert (every[:6], every[6:]) == (told, [[5, 0, 0, 5]] * 47)

    grant(app, cast.bakery, cast.supplier, plan=False, continuity=True)
    part = rows(visitor(cast.supplier_owner), "/o/bakery/trends")
    assert (part[:6], part[-1]) == ([[0] * 4] * 2 + [[0, 0, 1, 1]] * 4, [0] * 4)


def test_a_portfolio_sums_what_each_client_opened_and_costs_no_more_queries(
    app: Flask, cast: Cast, visitor: Visit, count_queries: Counting
) -> None:
    browser, counts, told = visitor(cast.supplier_owner), list[int](), list[list[int]]()
    kept(app, cast.other, "runbook.team", ago=3)
    for index in range(3):
        client = another(app, f"Zaak {index}", f"zaak-{index}")
        grant(app, client, cast.supplier, plan=index != 1, continuity=index != 2)
        kept(app, client, "runbook.team", ago=3)
        kept(app, client, "scheme.funding", ago=40, lasted=2)
        kept(app, client, "scheme.funding", ago=41)
        scene.judged(app, client)
        numbers(browser, "/o/supplier/portfolio/trends")
        with count_queries() as sent:
            told = numbers(browser, "/o/supplier/portfolio/trends")
        counts.append(len([one for one in sent if "set_config" not in one]))
    ends, months, ages, closed = told
    assert (ends[0], ends[-1], len(ends)) == (4, 0, 13)
    assert (sum(months), ages, closed) == (6, [2, 0, 2, 0], [2, 0, 0, 0])
    assert len(set(counts)) == 1
    assert counts[0] <= 8


def test_the_database_counts_days_of_the_zone_when_the_clock_is_put_on_or_back(
    app: Flask, cast: Cast, scope_of: Callable[[Organisation], AbstractContextManager[None]]
) -> None:
    zone, today = "Europe/Amsterdam", date(2026, 11, 22)
    told = (
        "2025-11-30",
        "2026-03-28",
        "2026-03-29",
        "2026-03-30",
        "2026-10-24",
        "2026-10-25",
        "2026-10-26",
        "2026-11-22",
    )
    days = [date.fromisoformat(day) for day in told]
    at = [datetime.combine(day, hour, ZoneInfo(zone)) for day in days for hour in (time(0, 0), time(23, 59, 59))]
    with scope_of(cast.bakery):
        for number, (opened, closed) in enumerate([*((one, None) for one in at), *pairwise(at)]):
            db.session().add(
                Finding(
                    rule_code="runbook.team", subject_kind="plan", subject_id=None, subject_key=f"plan::{number}",
                    subject_label="", severity=Severity.WARNING, message="x", params={}, since=today, until=None,
                    changes_on=None, opened_at=opened, refreshed_at=opened, closed_at=closed,
                )
            )  # fmt: skip
    with app.app_context(), scoped(whole(cast.bakery.id), writes=False):
        ledger = counted(today, zone)
    assert Counter({one.day: one.number for one in ledger.open}) == Counter(dict.fromkeys(days, 2))
    weeks = {week.on: week.open.total for week in trends(ledger, today).weeks}
    lives = [*((one, None) for one in at), *pairwise(at)]
    for on, number in weeks.items():
        by_hand = [opened.date() <= on and (closed is None or closed.date() > on) for opened, closed in lives]
        assert number == sum(by_hand), on
