"""The answering part of the runbook's own pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from plans.items.left_out import CurrentWaiver, waivers
from plans.items.panels import Opened
from plans.items.queries import Party, parties, people, seated
from plans.items.shown import Shown
from plans.models import PartyKind
from plans.paging import Cut, cut
from plans.runbook.day_plan import Planned, day_plan
from plans.runbook.forms import step_form, tasks_form
from plans.runbook.queries import REQUIRED_PARTIES, Step, Task, counting, steps, systems, tasks
from plans.seats import TEAM_ITEM
from plans.turns import seen
from tenants.models import PlanLink, Topic
from tenants.personal_links.queries import OpenLink, newest_about

PHONES_SHOWN = 80


@dataclass(frozen=True, slots=True)
class TasksPanel:
    """The tasks of the team, each with its input.

    asked: the newest open link by the person or seat it is about; oldest: the first day of which an acknowledgement
    still counts; given: tasks that somebody has, of which `done` are known; unknown: people to ask; without: names of
    those who sit somewhere without a task, each once; empty: what the places are called in which nobody sits.
    """

    form: Any
    stored: Sequence[Shown]
    tasks: Sequence[tuple[Task, Any]]
    asked: Mapping[UUID, OpenLink]
    oldest: date
    given: Sequence[Task]
    done: int
    unknown: int
    without: Sequence[str]
    empty: Sequence[str]


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One kind of external party: who is named, or why nobody is."""

    kind: PartyKind
    parties: Sequence[Party]
    waiver: CurrentWaiver | None


@dataclass(frozen=True, slots=True)
class PartiesPanel:
    """The four kinds of external party."""

    rows: Sequence[PartyRow]
    form: Any = None
    stored: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class PhonesPanel:
    """The external parties and their numbers."""

    parties: Cut[Party]
    form: Any = None
    stored: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class StepsPanel:
    """The steps of the recovery and the form for another one. bare: systems in use without a step."""

    form: Any
    steps: Sequence[Planned]
    archived: Sequence[Step]
    bare: int
    stored: Sequence[Shown] = ()


def tasks_panel(opened: Opened) -> TasksPanel:
    """Return the panel of the team's tasks."""
    sitting = seated([TEAM_ITEM])
    form = opened.form or tasks_form(sitting, formdata=None)
    if opened.conflict:
        form.seen.data = seen(sitting.values())
    found = tasks(sitting, people())
    shown = [Shown(str(task.seat.label), task.text) for task in found]
    given, counts = [task for task in found if task.person and task.text], counting(opened.today)
    return TasksPanel(
        form=form,
        stored=shown,
        tasks=[(task, form[task.seat.name]) for task in found],
        asked=newest_about(PlanLink, Topic.TASK),
        oldest=counts.oldest,
        given=given,
        done=sum(task.counts(counts.oldest) for task in given),
        unknown=len({task.person.id for task in given if task.person and not task.counts(counts.fresh)}),
        without=list({task.person.id: task.person.name for task in found if task.person and not task.text}.values()),
        empty=[str(task.seat.label) for task in found if not task.person],
    )


def parties_panel(opened: Opened) -> PartiesPanel:
    """Return the panel of the four kinds of external party."""
    named = [party for party in parties().values() if not party.archived]
    left_out: Mapping[str, CurrentWaiver] = {one.part: one for one in waivers([opened.item.id])}
    return PartiesPanel(
        [
            PartyRow(kind, [party for party in named if party.kind is kind], left_out.get(kind.value))
            for kind in REQUIRED_PARTIES
        ]
    )


def phones_panel(opened: Opened) -> PhonesPanel:
    """Return the panel of the telephone numbers."""
    named = [party for party in parties().values() if not party.archived]
    return PhonesPanel(cut(named, opened.page, PHONES_SHOWN))


def steps_panel(opened: Opened) -> StepsPanel:
    """Return the panel of the recovery steps."""
    all_steps, known = steps(), systems()
    shown = [step for step in all_steps if not step.archived]
    covered = {step.system_id for step in shown}
    bare = sum(not one.archived and one.id not in covered for one in known)
    form = opened.form or step_form(known, people().values(), shown, formdata=None)
    return StepsPanel(form, day_plan(shown), [step for step in all_steps if step.archived], bare)
