"""One line per item: what was answered, in a number of queries that does not grow. A page shows how it begins."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from core import db
from core.i18n import day_text
from plans.backup.summaries import copy_lines
from plans.fields import ITEM_FIELDS
from plans.handbook import Section, of_section
from plans.items.queries import Party, Person, Seated, answers, parties, people, seated
from plans.items.shown import shown_fields, shown_people, summary
from plans.models import (
    ActivationSign,
    Asset,
    Audience,
    DataSet,
    Department,
    RecoveryStep,
    System,
    TestResult,
)
from plans.runbook.queries import REQUIRED_PARTIES, counting, tasks
from plans.seats import ITEM_SEATS
from plans.self_check.queries import data_sets
from plans.shapes import ITEM_OUTCOMES, kept_at
from plans.staff.queries import POLICY, newest
from plans.testing.forms import OUTCOME_LABELS
from plans.upkeep.queries import changes, tightened, unconfirmed_contacts, unconfirmed_licences
from tenants.prepared import Prepared, number_in_use

Lines = dict[str, str]


def summaries(section: Section, today: date) -> Lines:
    """Return what was answered to each item of a section, in the reader's language; nothing for what was not."""
    item_ids = [item.id for item in of_section(section)]
    fields = [item_id for item_id in item_ids if item_id in ITEM_FIELDS]
    seats = [item_id for item_id in item_ids if item_id in ITEM_SEATS]
    known = people() if fields or seats else {}
    firms = parties() if fields else {}
    found: Lines = {}
    for item_id, row in (answers(fields) if fields else {}).items():
        found[item_id] = summary(
            f"{line.label}: {line.text}" if line.bare and line.text else line.text
            for line in shown_fields(item_id, row, known, firms)
        )
    stored = seated(seats) if seats else {}
    for item_id in seats:
        lines = [line for line in shown_people(item_id, stored, known) if line.text]
        alone = len(ITEM_SEATS[item_id]) == 1
        found[item_id] = summary(line.text if alone else f"{line.label}: {line.text}" for line in lines)
    if section is Section.RUNBOOK:
        found |= _runbook(stored, known, firms, today)
        found |= {item_id: summary([found.get(item_id, ""), more]) for item_id, more in _beside_the_seats().items()}
    return found | COUNTED.get(section, _nothing)(today)


def _nothing(today: date) -> Lines:
    return {}


def _runbook(
    stored: dict[tuple[str, str], Seated], known: Mapping[UUID, Person], firms: Mapping[UUID, Party], today: date
) -> Lines:
    team, oldest = tasks(stored, known), counting(today).oldest
    known_tasks = sum(task.counts(oldest) for task in team)
    named = [party for party in firms.values() if not party.archived]
    reachable = sum(bool(party.phone) for party in named)
    steps = number_in_use(RecoveryStep)
    return {
        "runbook.tasks-known": _("%(done)s of %(total)s tasks acknowledged", done=known_tasks, total=len(team))
        if any(task.text for task in team)
        else "",
        "runbook.external-parties": summary(party.name for party in named if party.kind in REQUIRED_PARTIES),
        "runbook.external-phones": _("%(done)s of %(total)s with a telephone number", done=reachable, total=len(named))
        if named
        else "",
        "runbook.recovery": ngettext("%(num)s step", "%(num)s steps", steps) if steps else "",
    }


def _beside_the_seats() -> Lines:
    """Return what belongs to seats without filling one: signs to decide by, and audiences of the organisation's own."""
    signs, own = (
        sa.select(sa.func.count(model.id)).where(model.archived_at.is_(None)).scalar_subquery()
        for model in (ActivationSign, Audience)
    )
    signs_told, own_told = db.session().execute(sa.select(signs, own)).one()
    return {
        "runbook.activation": ngettext("%(num)s sign", "%(num)s signs", signs_told) if signs_told else "",
        "runbook.informing": ngettext("%(num)s audience more", "%(num)s audiences more", own_told) if own_told else "",
    }


def _self_check(today: date) -> Lines:
    attractive = [one for one in data_sets() if one.attractive]
    protected = sum(bool(one.protection) for one in attractive)
    return {
        "self-check.attractive-data": summary(one.name for one in attractive),
        "self-check.extra-protection": _("%(done)s of %(total)s described", done=protected, total=len(attractive))
        if attractive
        else "",
    }


def _inventory(today: date) -> Lines:
    query = sa.select(Asset.kind, sa.func.count(Asset.id)).where(Asset.archived_at.is_(None)).group_by(Asset.kind)
    return {f"{Section.INVENTORY}.{kind}": _records(count) for kind, count in db.session().execute(query)}


_PRIORITIES = Prepared(sa.select(System.recovery_priority).where(System.archived_at.is_(None)))


def _processes(today: date) -> Lines:
    departments, sets = number_in_use(Department), number_in_use(DataSet)
    found = [priority for (priority,) in _PRIORITIES.rows()]
    systems, ordered = len(found), sum(priority is not None for priority in found)
    return {
        "processes.department-heads": _records(departments),
        "processes.systems-used": ngettext("%(num)s system", "%(num)s systems", systems) if systems else "",
        "processes.data-needed": ngettext("%(num)s data set", "%(num)s data sets", sets) if sets else "",
        "processes.priorities": _("%(done)s of %(total)s with a priority", done=ordered, total=systems)
        if systems
        else "",
    }


def _staff(today: date) -> Lines:
    published = newest()
    if published is None:
        return {}
    day = day_text(published.published_on)
    return {POLICY: _("Version %(number)s, published on %(day)s", number=published.number, day=day)}


def _testing(today: date) -> Lines:
    query = sa.select(TestResult.item_id, TestResult.done_on, TestResult.outcome).where(
        TestResult.archived_at.is_(None)
    )
    latest = {row.item_id: row for row in db.session().execute(query.order_by(TestResult.done_on, TestResult.id))}
    return {
        item_id: _("%(outcome)s on %(day)s", outcome=OUTCOME_LABELS[row.outcome], day=day_text(row.done_on))
        for item_id in ITEM_OUTCOMES
        if (row := latest.get(kept_at(item_id)))
    }


def _upkeep(today: date) -> Lines:
    reported = next((one for one in changes() if not one.archived), None)
    own = tightened()
    told = {}
    for item_id, found in (
        ("upkeep.contacts", unconfirmed_contacts(today, own)),
        ("upkeep.licences", unconfirmed_licences(today, own)),
    ):
        if found.total:
            done = found.total - found.unconfirmed
            told[item_id] = _("%(done)s of %(total)s confirmed in time", done=done, total=found.total)
    if reported:
        told["upkeep.business-change"] = summary([reported.what])
    return told


def _backup(today: date) -> Lines:
    return {item_id: summary(lines) for item_id, lines in copy_lines().items()}


COUNTED: Mapping[Section, Callable[[date], Lines]] = MappingProxyType(
    {
        Section.SELF_CHECK: _self_check,
        Section.BACKUP: _backup,
        Section.INVENTORY: _inventory,
        Section.PROCESSES: _processes,
        Section.STAFF: _staff,
        Section.TESTING: _testing,
        Section.UPKEEP: _upkeep,
    }
)


def _records(count: int) -> str:
    return ngettext("%(num)s record", "%(num)s records", count) if count else ""
