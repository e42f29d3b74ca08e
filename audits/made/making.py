"""Make the reports that were asked for: each once in effect, whoever dies when."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO
from uuid import UUID

from flask import current_app

from audits.made import letters, pack, rights
from audits.made.models import MadeReport, MadeState, ReportSchedule
from audits.made.naming import title_of
from audits.made.ordering import KIND, read_about
from audits.portfolio import workbook as portfolio_workbook
from audits.trail import workbook as trail_workbook
from audits.trail.queries import Filters
from audits.workbooks import BY_NAME, file_name, write
from audits.workbooks.material import Made, gathered
from core import clock, db
from core.background import work
from core.background.work import PAUSES, Claim
from core.file_names import kept_name
from core.files import files
from core.i18n import Language, written_in
from tenants import trail
from tenants.engagements import running_here
from tenants.grants.reach import clients_of
from tenants.models import Tenant, User
from tenants.owned import Area
from tenants.scope import SERVICE, Actor, Scope, as_person, close_scope, scoped

# A maker that is killed lets go of its piece this long after its last sign of life.
LEASE = timedelta(minutes=1)
BEAT = timedelta(seconds=5)
AUDIT = frozenset({Area.AUDIT})
NOTES = frozenset({Area.AUDIT, Area.TRAIL})


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made. person: on whose right; actor: whose name stands in it."""

    tenant_id: int
    id: UUID
    name: str
    as_of: date
    language: Language
    shows: rights.Shows
    person: UUID | None
    actor: Actor
    schedule_id: UUID | None


def make_due() -> tuple[int, int]:
    """Make everything that waits; return how many were made, and how many failed. Outside any transaction."""
    return work.work_off(KIND, _make, lease=LEASE)


def _make(claims: Sequence[Claim]) -> None:
    """Make one report, and keep its file in the transaction in which the work ends."""
    (claim,) = claims
    tenant_id, report_id = read_about(claim.about)
    order = _begin(tenant_id, report_id)
    if order is None or not _still_right(order):
        _end(claim, tenant_id, report_id, None if order is None else MadeState.REFUSED)
        return
    try:
        with tempfile.TemporaryFile() as target:
            beat = Beat(claim, order)
            made = Made(clock.now(), order.actor.name)
            reading = Scope(frozenset({tenant_id}), order.shows.areas, frozenset(), order.actor)
            with written_in(order.language), scoped(reading, writes=False):
                name = _write(order, made, target, beat)
            if not _still_right(order):  # an assignment may have ended while it was made
                _end(claim, tenant_id, report_id, MadeState.REFUSED)
                return
            _keep(claim, order, name, target, beat)
    except work.Overtaken:
        raise
    except Exception:
        db.rollback()
        _note_failure(claim, order)
        raise


def _begin(tenant_id: int, report_id: UUID) -> Order | None:
    """Note that it is being made; None when it need not be."""
    with scoped(Scope(frozenset({tenant_id}), AUDIT, AUDIT)):
        row = db.session().get(MadeReport, (tenant_id, report_id))
        if row is None or row.state in (MadeState.READY, MadeState.REFUSED):
            return None
        row.state, row.done, row.rows = MadeState.MAKING, 0, 0
        person, actor = row.asked_by_id, SERVICE
        if person is not None:
            actor = Actor(person, db.session().get_one(User, person).name, SERVICE.role)
        elif row.name == rights.PORTFOLIO and row.schedule_id is not None:
            # Clients granted it to people of the reseller, not to a clock.
            person = db.session().get_one(ReportSchedule, (tenant_id, row.schedule_id)).added_by_id
        return Order(
            tenant_id, row.id, row.name, row.as_of, row.language, rights.told_by(row), person, actor, row.schedule_id
        )


def _still_right(order: Order) -> bool:
    if order.person is None:
        return True
    db.begin(writes=False)
    try:
        standing = rights.standing_of(order.tenant_id, order.person)
        return standing is not None and rights.may_have(order.shows, order.name, standing)
    finally:
        db.rollback()
        close_scope()


def _write(order: Order, made: Made, target: IO[bytes], beat: "Beat") -> str:
    """Write the file to `target` in the open scope; return what it is called."""
    if order.name == rights.PACK:
        own = running_here(order.person, order.tenant_id) if order.person else []
        return pack.write_pack(target, made, order.as_of, frozenset(one.id for one in own), beat.files)
    tenant = db.session().get_one(Tenant, order.tenant_id)
    called = kept_name(title_of(order.name), tenant.slug, order.as_of, ".xlsx")
    if order.name == rights.TRAIL:
        trail_workbook.write(tenant, Filters(until=order.as_of, zone=tenant.zone), made, target, beat.rows)
        return called
    if order.name == rights.PORTFOLIO:
        assert order.person is not None
        as_person(order.person)
        told = {client for client, _plan, _continuity in order.shows.clients}
        grants = [one for one in clients_of(_Reseller(order.tenant_id)) if one.client_id in told]
        portfolio_workbook.write(tenant, grants, made, order.as_of, target)
        return called
    with gathered(order.tenant_id, order.as_of) as material:
        write(BY_NAME[order.name], material, made, target, beat.rows)
        return file_name(BY_NAME[order.name], material)


@dataclass(frozen=True, slots=True)
class _Reseller:
    tenant_id: int


def _keep(claim: Claim, order: Order, name: str, content: IO[bytes], beat: "Beat") -> None:
    at = clock.now()
    with scoped(Scope(frozenset({order.tenant_id}), AUDIT, NOTES)):
        row = db.session().get_one(MadeReport, (order.tenant_id, order.id))
        row.file_sha256 = files().put_from(order.tenant_id, content)
        row.state, row.made_at, row.file_name = MadeState.READY, at, name
        row.file_size = content.seek(0, os.SEEK_END)
        row.done, row.total, row.rows = beat.total, beat.total, beat.counted
        told = {"name": order.name, "as_of": order.as_of, "language": order.language.value}
        trail.record("report.made", "report", order.id, **told, sha256=row.file_sha256)
        db.session().flush()
        letters.tell(row, at=at)
        work.finish([claim], at=at)


def _end(claim: Claim, tenant_id: int, report_id: UUID, state: MadeState | None) -> None:
    with scoped(Scope(frozenset({tenant_id}), AUDIT, NOTES)):
        if state is not None:
            db.session().get_one(MadeReport, (tenant_id, report_id)).state = state
            trail.record("report.refused", "report", report_id)
        db.session().flush()
        work.finish([claim], at=clock.now())


def _note_failure(claim: Claim, order: Order) -> None:
    """Say on its page that it waits for another try, or that there will be none."""
    last = claim.failures >= len(PAUSES)
    with scoped(Scope(frozenset({order.tenant_id}), AUDIT, AUDIT)):
        row = db.session().get_one(MadeReport, (order.tenant_id, order.id))
        row.state = MadeState.FAILED if last else MadeState.WAITING


class Beat:
    """Tells, now and then, how far a report is, and holds on to the piece of work, in transactions of its own."""

    def __init__(self, claim: Claim, order: Order) -> None:
        self.claim, self.order = claim, order
        self.done, self.total, self.counted = 0, 1, 0
        self._last: datetime = clock.now()

    def files(self, done: int, total: int) -> None:
        """Take in that so many files of so many are written."""
        self.done, self.total = done, total
        self._tell()

    def rows(self, counted: int) -> None:
        """Take in that so many rows are written."""
        self.counted = counted
        self._tell()

    def _tell(self) -> None:
        if clock.now() - self._last < BEAT:
            return
        self._last = clock.now()
        # A session of its own: the one that reads stays where it is.
        with current_app.app_context(), scoped(Scope(frozenset({self.order.tenant_id}), AUDIT, AUDIT)):
            row = db.session().get_one(MadeReport, (self.order.tenant_id, self.order.id))
            row.done, row.total, row.rows = self.done, self.total, self.counted
            work.renew([self.claim], at=self._last, lease=LEASE)
