"""What the workbooks of one organisation are made of: facts, what was judged on the day, and the rows behind them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audits.asof.standing import Kept, as_it_stood
from audits.engine import Judgements, judge
from audits.findings import FoundGap, from_gap, worst_first
from audits.judging import TenantFacts
from audits.models import Finding
from audits.reach import reaches, sees, within
from audits.rules import RULES
from continuity import loading as continuity_loading
from continuity.facts import ContinuityFacts
from continuity.handovers.telling import HandedOver, handed_over
from core import clock, db
from plans import loading as plan_loading
from plans.audiences.queries import Informed, audiences
from plans.backup.queries import Copy, copies
from plans.backup.summaries import copy_lines
from plans.calamity.learning import Learned, lessons
from plans.calamity.queries import Told, over
from plans.facts import NO_PLAN
from plans.fields import ITEM_FIELDS
from plans.handbook import Item, Section, by_id, of_section
from plans.items.queries import CurrentWaiver, StoredAnswer, answers, parties, people, waivers
from plans.items.shown import shown_fields
from plans.items.summaries import summaries
from plans.models import Asset, Contact, DataSet, Department, ExternalParty, System
from plans.own_items.queries import Own, own_items
from plans.own_items.telling import told as own_told
from plans.runbook.day_plan import Planned, day_plan
from plans.runbook.queries import steps
from plans.signs.queries import Sign, signs
from plans.testing.programme_queries import Follow, follow_ups, planned_tests
from plans.testing.programme_queries import Planned as PlannedTest
from plans.upkeep.living import Living, living
from plans.versions.queries import Way, history
from tenants.models import Tenant
from tenants.owned import Area
from tenants.scope import SERVICE

ProcessRow = Department | System | DataSet
PersonRow = Contact | ExternalParty


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose workbook it is. kvk: eight digits or empty; zone: IANA name."""

    id: int
    name: str
    slug: str
    kvk: str
    zone: str


@dataclass(frozen=True, slots=True)
class Made:
    """When and by whom a workbook is made. at: aware UTC."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a workbook may show, as it counts on the day `as_of`. kept: of a past day."""

    organisation: Organisation
    as_of: date
    today: date
    kept: Kept | None
    facts: TenantFacts
    judgements: Judgements
    gaps: tuple[FoundGap, ...]
    since: Mapping[tuple[str, str], date]
    answers: Mapping[str, StoredAnswer]
    waivers: tuple[CurrentWaiver, ...]
    assets: tuple[Asset, ...]
    processes: tuple[ProcessRow, ...]
    people: tuple[PersonRow, ...]
    told: Mapping[str, str]
    own: tuple[Own, ...]
    copies: tuple[Copy, ...]
    planned: tuple[PlannedTest, ...]
    follow_ups: tuple[Follow, ...]
    versions: tuple[Way, ...]
    calamities: tuple[Told, ...]
    lessons: tuple[Learned, ...]
    signs: tuple[Sign, ...]
    audiences: tuple[Informed, ...]
    day: tuple[Planned, ...]
    living: Living
    handed_over: HandedOver

    def made_as(self, made: Made) -> Made:
        """Return what a workbook tells of its making: a day that was kept is told the same whoever asks, and when."""
        return Made(self.kept.kept_at, SERVICE.name) if self.kept else made

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the items of the handbook, and behind those of each section the organisation's own."""
        own = [one.item for one in self.own]
        return tuple(
            one for section in Section for one in (*of_section(section), *(it for it in own if it.section is section))
        )

    @property
    def own_ids(self) -> dict[UUID, str]:
        """Return the item ids of the own items, by row."""
        return {one.id: one.item.id for one in self.own}


@contextmanager
def gathered(tenant_id: int, as_of: date) -> Iterator[Material]:
    """Give what the workbooks of the open scope's organisation need, as it stood on the day `as_of`.

    A day that is over is told from what was kept of it; write the workbook inside, where the rows are those of that
    day. Today, and a day of which nothing was kept, is judged over the rows as they are now.
    """
    zone = db.session().get_one(Tenant, tenant_id).zone
    if as_of < clock.today(zone):
        with as_it_stood(as_of) as kept:
            yield gather(tenant_id, as_of, kept)
    else:
        yield gather(tenant_id, as_of)


def gather(tenant_id: int, as_of: date, kept: Kept | None = None) -> Material:
    """Load what the workbooks of the open scope's organisation need, and judge it as of `as_of`.

    The judgement is over the rows as they are now; findings open in the ledger tell since when. kept: what was judged
    on a day that is over, where the rows are those of that day. Queries: a fixed number, whatever it holds.
    """
    tenant = db.session().get_one(Tenant, tenant_id)
    facts = _facts(tenant_id)
    judgements = kept.judgements if kept else judge(facts, as_of, tuple(one for one in RULES if sees(one.code)))
    plan = reaches(Area.PLAN)
    own = tuple(one for one in own_items() if not one.ended) if plan else ()
    asked = (*by_id(), *(one.item.id for one in own))
    given = answers(asked) if plan else {}
    return Material(
        organisation=Organisation(tenant.id, tenant.name, tenant.slug, tenant.kvk or "", tenant.zone),
        as_of=as_of,
        today=clock.today(tenant.zone),
        kept=kept,
        facts=facts,
        judgements=judgements,
        gaps=tuple(worst_first(from_gap(code, gap) for code, gap in judgements.gaps)),
        since=_since(),
        answers=given,
        waivers=waivers(asked) if plan else (),
        assets=_assets() if plan else (),
        processes=_in_use(Department, System, DataSet) if plan else (),
        people=_in_use(Contact, ExternalParty) if plan else (),
        told=_told(given, as_of) | own_told(own, given) if plan else {},
        own=own,
        copies=tuple(copies()) if plan else (),
        planned=tuple(planned_tests()) if plan else (),
        follow_ups=tuple(follow_ups()) if plan else (),
        versions=tuple(history()) if plan else (),
        calamities=tuple(over()) if plan else (),
        lessons=tuple(lessons()) if plan else (),
        signs=tuple(signs()) if plan else (),
        audiences=tuple(audiences()) if plan else (),
        day=tuple(day_plan([one for one in steps() if not one.archived])) if plan else (),
        living=living() if plan else Living(),
        handed_over=handed_over(as_of, tenant.zone) if reaches(Area.CONTINUITY) else HandedOver(),
    )


def _since() -> dict[tuple[str, str], date]:
    """Return from when each open finding is known, by its code and what it is about."""
    query = sa.select(Finding.rule_code, Finding.subject_key, Finding.since)
    stored = db.session().execute(query.where(Finding.closed_at.is_(None), within(Finding.rule_code)))
    return {(code, key): since for code, key, since in stored}


def _assets() -> tuple[Asset, ...]:
    found = db.session().scalars(sa.select(Asset).where(Asset.archived_at.is_(None)))
    return tuple(sorted(found, key=lambda asset: (asset.kind, asset.name.casefold(), asset.id)))


def _in_use(*models: Any) -> tuple[Any, ...]:
    """Return the rows of these registers that are not archived, register by register, by name."""
    found: list[Any] = []
    for model in models:
        query: sa.Select[Any] = sa.select(model).where(model.archived_at.is_(None))
        found += sorted(db.session().scalars(query), key=lambda row: (row.name.casefold(), row.id))
    return tuple(found)


def _facts(tenant_id: int) -> TenantFacts:
    """Load what the open scope may know of the organisation; a closed area counts as empty and is not judged."""
    plan = plan_loading.load([tenant_id])[tenant_id] if reaches(Area.PLAN) else NO_PLAN
    scheme = continuity_loading.load([tenant_id])[tenant_id] if reaches(Area.CONTINUITY) else ContinuityFacts(())
    return TenantFacts(tenant_id, plan, scheme)


def _told(given: Mapping[str, StoredAnswer], today: date) -> dict[str, str]:
    """Return the answer to each item in words: fields in full, registers and lists as one line."""
    told: dict[str, str] = {}
    for section in Section:
        told |= summaries(section, today)
    known, firms = people(), parties()
    by_copies = copy_lines()
    told |= {item_id: "\n".join(lines) for item_id, lines in by_copies.items()}
    for item_id, row in given.items():
        if item_id in ITEM_FIELDS and item_id not in by_copies:
            lines = [line for line in shown_fields(item_id, row, known, firms) if line.text]
            told[item_id] = "\n".join(f"{line.label}: {line.text}" for line in lines)
    return told
