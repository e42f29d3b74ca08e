"""What the workbooks of one organisation are made of: facts, what was judged on the day, and the rows behind them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import TypeVar
from uuid import UUID

from audits.asof.standing import Kept, as_it_stood
from audits.findings.acting import NOBODY, Owners, owners_of
from audits.findings.finding import FoundGap, from_gap, worst_first
from audits.judging.engine import Judgements, judge
from audits.judging.judgement import TenantFacts
from audits.lapsing.registers import Dated
from audits.reach import reaches, sees
from audits.rules import RULES
from audits.status import AuditStatus
from audits.workbooks import rows
from continuity import loading as continuity_loading
from continuity.facts import ContinuityFacts
from continuity.handovers.telling import HandedOver, handed_over
from continuity.requests.queries import Asked, all_asked
from core import clock, db
from plans import loading as plan_loading
from plans.audiences.queries import Informed, audiences
from plans.backup.queries import Copy, copies
from plans.calamity.learning import Learned, lessons
from plans.calamity.queries import Told, over
from plans.facts import NO_PLAN
from plans.handbook import Item, Section, by_id, of_section
from plans.items.left_out import CurrentWaiver, Proposal, proposals, waivers
from plans.items.queries import StoredAnswer, answers
from plans.models import DataSet, Department, System
from plans.own_items.queries import Own, own_items
from plans.own_items.telling import told as own_told
from plans.registers.batches import Columns, whole
from plans.registers.inventory import INVENTORY
from plans.registers.shape import Register
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
T = TypeVar("T")


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


class Material:
    """What a workbook may show of an organisation as it counts on the day `as_of`, each part read when it is asked for.

    kept: of a past day; what was judged then is told from it. The judgement of today is over the rows as they are now.
    Each part takes a fixed number of queries, whatever it holds, and is read once, in the language of that moment.
    """

    def __init__(self, organisation: Organisation, as_of: date, today: date, kept: Kept | None = None) -> None:
        """Begin with nothing read."""
        self.organisation, self.as_of, self.today, self.kept = organisation, as_of, today, kept
        self._closed = False

    def close(self) -> None:
        """Let nothing more be read: the rows are no longer those of the day."""
        self._closed = True

    def _read(self, area: Area | None, load: Callable[[], T], nothing: T) -> T:
        """Return what `load` does, or `nothing` where the area is closed to the reader.

        Raises RuntimeError when the day is closed: a mistake of ours.
        """
        if self._closed:
            raise RuntimeError("a workbook is written while its day is open")
        return load() if area is None or reaches(area) else nothing

    def made_as(self, made: Made) -> Made:
        """Return what a workbook tells of its making: a day that was kept is told the same whoever asks, and when."""
        return Made(self.kept.kept_at, SERVICE.name) if self.kept else made

    @cached_property
    def facts(self) -> TenantFacts:
        """Return all that rules may know; a closed area counts as empty and is not judged."""
        one = self.organisation.id
        plan = self._read(Area.PLAN, lambda: plan_loading.load([one], {one: self._said()})[one], NO_PLAN)
        scheme = self._read(Area.CONTINUITY, lambda: continuity_loading.load([one])[one], ContinuityFacts(()))
        return TenantFacts(one, plan, scheme)

    def _said(self) -> str:
        """Return the fingerprint of what the plan says where it is known: to make it, all of the plan is opened."""
        return "" if self.kept else AuditStatus().plan_said()

    @cached_property
    def judgements(self) -> Judgements:
        """Return what was judged."""
        if self.kept:
            return self.kept.judgements
        return judge(self.facts, self.as_of, tuple(one for one in RULES if sees(one.code)))

    @cached_property
    def gaps(self) -> tuple[FoundGap, ...]:
        """Return what is missing or lapses, worst first."""
        return tuple(worst_first(from_gap(code, gap) for code, gap in self.judgements.gaps))

    @cached_property
    def owners(self) -> Owners:
        """Return who is to act on what is missing, by the rows of the day."""
        return self._read(None, lambda: owners_of(self.gaps), NOBODY)

    @cached_property
    def since(self) -> Mapping[tuple[str, str], date]:
        """Return from when each open finding is known, by its code and what it is about."""
        return self._read(None, rows.since, {})

    @cached_property
    def told(self) -> Mapping[str, str]:
        """Return the answer to each item in words."""
        return self._read(
            Area.PLAN, lambda: rows.told(self.answers, self.as_of) | own_told(self.own, self.answers), dict[str, str]()
        )

    @cached_property
    def handed_over(self) -> HandedOver:
        """Return what the foundation holds."""
        load = partial(handed_over, self.as_of, self.organisation.zone)
        return self._read(Area.CONTINUITY, load, HandedOver())

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Return the requests of clients for continuity."""
        return self._read(Area.CONTINUITY, all_asked, ())

    @cached_property
    def _item_ids(self) -> tuple[str, ...]:
        return (*by_id(), *(one.item.id for one in self.own))

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

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """Return what came from an example and nobody settled."""
        return self._read(Area.PLAN, lambda: proposals(self._item_ids), ())

    @cached_property
    def waivers(self) -> tuple[CurrentWaiver, ...]:
        """Return what is left out, and what is proposed to be."""
        return self._read(Area.PLAN, lambda: waivers(self._item_ids), ())

    def records(self, register: Register) -> Columns:
        """Return the records of a register as columns, by name; nothing without any. It is read at every call."""
        return self._read(Area.PLAN, lambda: whole(register), {})

    @cached_property
    def inventory(self) -> tuple[tuple[Register, Columns], ...]:
        """Return the classes of the inventory that have records, with their records as columns, by name."""
        return tuple((one, found) for one in INVENTORY if (found := self.records(one)))

    @cached_property
    def dated(self) -> tuple[Dated, ...]:
        """Return the records of the inventory that have a last day, by class and name."""
        return self._read(Area.PLAN, lambda: rows.dated(self.organisation.name), ())

    @cached_property
    def processes(self) -> tuple[ProcessRow, ...]:
        """Return departments, systems and data sets, by name."""
        return self._read(Area.PLAN, lambda: rows.in_use(Department, System, DataSet), ())

    @cached_property
    def copies(self) -> tuple[Copy, ...]:
        """Return the copies of the back-up."""
        return self._read(Area.PLAN, lambda: tuple(copies()), ())

    @cached_property
    def planned(self) -> tuple[PlannedTest, ...]:
        """Return the tests that are planned."""
        return self._read(Area.PLAN, lambda: tuple(planned_tests()), ())

    @cached_property
    def follow_ups(self) -> tuple[Follow, ...]:
        """Return what had to follow tests."""
        return self._read(Area.PLAN, lambda: tuple(follow_ups()), ())

    @cached_property
    def versions(self) -> tuple[Way, ...]:
        """Return the versions of the plan, and how each came into use."""
        return self._read(Area.PLAN, lambda: tuple(history()), ())

    @cached_property
    def calamities(self) -> tuple[Told, ...]:
        """Return calamities and exercises that are over."""
        return self._read(Area.PLAN, lambda: tuple(over()), ())

    @cached_property
    def lessons(self) -> tuple[Learned, ...]:
        """Return what was learned of them."""
        return self._read(Area.PLAN, lambda: tuple(lessons()), ())

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        """Return the signs by which the plan holds."""
        return self._read(Area.PLAN, lambda: tuple(signs()), ())

    @cached_property
    def audiences(self) -> tuple[Informed, ...]:
        """Return who informs whom."""
        return self._read(Area.PLAN, lambda: tuple(audiences()), ())

    @cached_property
    def day(self) -> tuple[Planned, ...]:
        """Return the recovery on the clock."""
        return self._read(Area.PLAN, lambda: tuple(day_plan([one for one in steps() if not one.archived])), ())

    @cached_property
    def living(self) -> Living:
        """Return what shows that the plan is kept."""
        return self._read(Area.PLAN, living, Living())

    @cached_property
    def own(self) -> tuple[Own, ...]:
        """Return the organisation's own items that it still asks."""
        return self._read(Area.PLAN, lambda: tuple(one for one in own_items() if not one.ended), ())

    @cached_property
    def answers(self) -> Mapping[str, StoredAnswer]:
        """Return the answers by item."""
        return self._read(Area.PLAN, lambda: answers(self._item_ids), {})


@contextmanager
def gathered(tenant_id: int, as_of: date) -> Iterator[Material]:
    """Give what the workbooks of the open scope's organisation need, as it stood on the day `as_of`.

    A day that is over is told from what was kept of it; write the workbook inside, where the rows are those of that
    day. Today, and a day of which nothing was kept, is judged over the rows as they are now.
    """
    zone = db.session().get_one(Tenant, tenant_id).zone
    with ExitStack() as closing:
        kept = closing.enter_context(as_it_stood(as_of)) if as_of < clock.today(zone) else None
        material = gather(tenant_id, as_of, kept)
        closing.callback(material.close)
        yield material


def gather(tenant_id: int, as_of: date, kept: Kept | None = None) -> Material:
    """Return what the workbooks of the open scope's organisation need, judged as of `as_of`.

    kept: what was judged on a day that is over, where the rows are those of that day.
    """
    tenant = db.session().get_one(Tenant, tenant_id)
    organisation = Organisation(tenant.id, tenant.name, tenant.slug, tenant.kvk or "", tenant.zone)
    return Material(organisation, as_of, clock.today(tenant.zone), kept)
