"""What `flask --app app audit run` does and prints once there is something to judge or to show."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click
import sqlalchemy as sa

from audits.asof.days import NotKept
from audits.asof.standing import first_kept, kept_on
from audits.findings import queries
from audits.findings.finding import FoundGap, from_gap, worst_first
from audits.judging.engine import Judgements
from audits.sweeping import sweep, waiting
from audits.sweeping.looked import JUDGED
from core import clock, db
from core.background.batches import BATCH
from core.i18n import Language, written_in
from tenants.lock import mark_everybody
from tenants.models import Tenant
from tenants.scope import reading, scoped

COULD_NOT_TELL = 1


@dataclass(frozen=True, slots=True)
class Audited:
    """An organisation, as far as the command needs it."""

    id: int
    slug: str
    name: str
    language: Language
    zone: str


def run(context: click.Context, slug: str | None, as_of: date | None, *, as_json: bool) -> None:
    """Judge what is due and keep it, or show what another day would bring; print it. Ends with 1 when one failed."""
    at, chosen = clock.now(), _organisations(slug)
    kept = [one for one in chosen if as_of in (None, clock.day_of(at, one.zone))]
    other = [one for one in chosen if one not in kept]
    show = _Json() if as_json else _Lines(each_finding=slug is not None or bool(other))
    show.begin()
    failed: list[int] = []
    if kept:
        failed += _judge_and_keep(kept, at, show, all_of_them=slug is None)
    if other and as_of:
        failed += _look_elsewhere(other, as_of, at, show)
    show.end()
    if failed:
        slugs = [one.slug for one in chosen if one.id in set(failed)]
        click.echo(f"could not be told: {', '.join(slugs)} (see above, or the log)", err=True)
        context.exit(COULD_NOT_TELL)


def _organisations(slug: str | None) -> list[Audited]:
    """Return all organisations by slug, or the one called `slug`. Raises click.BadParameter when there is none."""
    query = sa.select(Tenant.id, Tenant.slug, Tenant.name, Tenant.language, Tenant.zone).order_by(Tenant.slug)
    with scoped(waiting.NOWHERE, writes=False):
        rows = db.session().execute(query.where(Tenant.slug == slug) if slug else query)
        chosen = [Audited(*row) for row in rows]
    if slug and not chosen:
        raise click.BadParameter(f"there is no organisation {slug!r}", param_hint="--tenant")
    return chosen


def _judge_and_keep(chosen: Sequence[Audited], at: datetime, show: "_Json | _Lines", *, all_of_them: bool) -> list[int]:
    named = None if all_of_them else [one.id for one in chosen]
    if named:
        _want_looked_at(named)
    done = sweep.run(named, at=at)
    failed = set(done.failed)
    if show.each_finding:
        for batch in _batches([one for one in chosen if one.id not in failed]):
            ids = [one.id for one in batch]
            with scoped(reading(frozenset(ids), JUDGED), writes=False):
                found = queries.open_findings_of(ids)
            for one in batch:
                show.organisation(one, clock.day_of(at, one.zone), found[one.id])
    show.summary(done)
    return done.failed


def _want_looked_at(tenant_ids: Sequence[int]) -> None:
    """Have every row of these looked at: who names an organisation wants that, whatever its mark says of it.

    A mark of somebody who took a turn and changed nothing would say that there is nothing to look at.
    """
    db.begin(writes=True)
    try:
        mark_everybody(db.session(), tenant_ids)
        db.commit()
    finally:
        db.rollback()


def _batches(chosen: Sequence[Audited]) -> Iterator[Sequence[Audited]]:
    for start in range(0, len(chosen), BATCH):
        yield chosen[start : start + BATCH]


def _look_elsewhere(chosen: Sequence[Audited], day: date, at: datetime, show: "_Json | _Lines") -> list[int]:
    """Show a day that is over as it was kept, and a day to come as the rows of now would be judged on it.

    Returns those of which that day cannot be told: what was true then is never guessed from what is true now.
    """
    ahead, failed = [], []
    for one in chosen:
        today = clock.day_of(at, one.zone)
        if day > today:
            ahead.append(one)
            continue
        with scoped(reading(frozenset({one.id}), JUDGED), writes=False):
            kept, first = kept_on(day), first_kept()
        if kept is None:
            click.echo(f"{one.slug}: {NotKept(day, first)}", err=True)
            failed.append(one.id)
        else:
            show.organisation(one, day, kept.gaps, kept.rule_set)
    return failed + _look_ahead(ahead, day, show)


def _look_ahead(chosen: Sequence[Audited], day: date, show: "_Json | _Lines") -> list[int]:
    of_id = {one.id: one for one in chosen}

    def tell(tenant_id: int, found: Judgements) -> None:
        show.organisation(of_id[tenant_id], day, worst_first(from_gap(code, gap) for code, gap in found.gaps))

    return sweep.foresee([one.id for one in chosen], day, tell)


class _Lines:
    """What people read: a line per finding where that was asked for, else a summary."""

    def __init__(self, *, each_finding: bool) -> None:
        self.each_finding = each_finding

    def begin(self) -> None:
        """Print nothing."""

    def organisation(
        self, one: Audited, day: date, found: Sequence[FoundGap], _rule_set: str = waiting.RULE_SET
    ) -> None:
        """Print the findings of one organisation."""
        click.echo(f"{one.slug}  {day.isoformat()}  {len(found)} findings")
        with written_in(one.language):
            for gap in found:
                about = f"  [{gap.label}]" if gap.label else ""
                click.echo(f"  {gap.severity.value:8}{gap.code}{about}  {gap.text}")

    def summary(self, done: sweep.SweepResult) -> None:
        """Print what the sweep did."""
        click.echo(
            f"{len(done.judged)} judged, {len(done.failed)} failed; "
            f"findings: {done.opened} opened, {done.refreshed} refreshed, {done.closed} closed"
        )

    def end(self) -> None:
        """Print nothing."""


class _Json:
    """What programs read: a list of organisations in order of their slug, each with its findings, worst first."""

    each_finding = True

    def __init__(self) -> None:
        self._separator = "["

    def begin(self) -> None:
        """Print nothing: the list opens with its first member."""

    def organisation(
        self, one: Audited, day: date, found: Sequence[FoundGap], rule_set: str = waiting.RULE_SET
    ) -> None:
        """Print one member of the list."""
        with written_in(one.language):
            told = {
                "organisation": one.slug,
                "name": one.name,
                "as_of": day.isoformat(),
                "rule_set": rule_set,
                "findings": [_finding(gap) for gap in found],
            }
        click.echo(self._separator + json.dumps(told, ensure_ascii=False, indent=1))
        self._separator = ","

    def summary(self, done: sweep.SweepResult) -> None:
        """Print nothing."""

    def end(self) -> None:
        """Close the list."""
        click.echo("[]" if self._separator == "[" else "]")


def _finding(gap: FoundGap) -> dict[str, Any]:
    return {
        "code": gap.code,
        "title": gap.title,
        "subject": {
            "kind": gap.subject_kind,
            "id": str(gap.subject_id) if gap.subject_id else None,
            "label": gap.label,
            "part": gap.part,
        },
        "severity": gap.severity.value,
        "message": gap.text,
        "since": _day(gap.since),
        "until": _day(gap.until),
        "changes_on": _day(gap.changes_on),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
