"""What the states of duties say: nothing lapses that has no end, and no period is in order before it runs."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import Flask

from audits.findings.finding import FoundGap, from_gap
from audits.findings.queries import RegisteredService
from audits.judging.judgement import Gap, Subject
from audits.judging.severity import Severity
from audits.status import duty_states
from continuity.models import SchemeType
from core.i18n import Language, written_in
from plans.status import Status

DUTY = "scheme.framework-agreement"
SERVICE = UUID(int=7)
END = date(2027, 3, 1)


def gap(severity: Severity, until: date | None = None) -> FoundGap:
    return from_gap(DUTY, Gap(Subject("registration", SERVICE, "", SERVICE.hex), severity, "Said.", until=until))


def stands(app: Flask, gaps: Iterable[FoundGap], duty: str = DUTY, declared_on: date | None = None) -> Status:
    service = RegisteredService(SERVICE, "Hosting", SchemeType.HOSTING, declared_on)
    with app.test_request_context(), written_in(Language.ENGLISH):
        return duty_states(gaps, [service])[SERVICE, duty].status


def test_only_what_has_an_end_lapses_soon(app: Flask) -> None:
    assert stands(app, [gap(Severity.NOTICE)]) is Status.COMPLETE
    assert stands(app, [gap(Severity.NOTICE, END)]) is Status.DUE_SOON
    assert stands(app, [gap(Severity.NOTICE), gap(Severity.NOTICE, END)]) is Status.DUE_SOON
    assert stands(app, [gap(Severity.WARNING), gap(Severity.NOTICE)]) is Status.ATTENTION
    assert stands(app, [gap(Severity.FAULT, END), gap(Severity.NOTICE, END)]) is Status.TO_DO


def test_the_period_is_not_in_order_before_it_runs(app: Flask) -> None:
    assert stands(app, [], "scheme.period") is Status.LEFT_OUT
    assert stands(app, [], "scheme.period", END) is Status.COMPLETE
    assert stands(app, []) is Status.COMPLETE
