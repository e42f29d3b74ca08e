"""The answering part of the page of the staff instruction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core import clock
from plans.handbook import Section, of_section
from plans.items.forms import answer_form
from plans.items.panels import Opened
from plans.items.queries import StoredAnswer, answers
from plans.items.shown import Shown, shown_fields
from plans.paging import Cut, cut
from plans.staff.asking import Waiting, waiting
from plans.staff.forms import ReceiptsForm, receipts_form
from plans.staff.queries import (
    POLICY,
    Instruction,
    Line,
    Published,
    Reach,
    Reader,
    counting,
    lines,
    newest,
    reach,
    readers,
    versions,
)
from plans.turns import seen
from tenants.models import PlanLink, Topic
from tenants.personal_links.queries import OpenLink, newest_about

READERS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class InstructionPanel:
    """The text, the lines, the newest published version and who acknowledged it: one page of them at a time.

    oldest: the first day of which a receipt still counts; done: how many do; reach: by department, where there are
    several; earlier: the versions before the newest; links: the newest open link to each; told: the answers shown.
    """

    form: Any
    stored: Sequence[Shown]
    answer: StoredAnswer | None
    lines: Sequence[Line]
    published: Instruction | None
    readers: Cut[Reader]
    done: int
    oldest: date
    reach: Sequence[Reach]
    waiting: Waiting | None
    links: Mapping[UUID, OpenLink]
    earlier: Sequence[Published]
    receipts: ReceiptsForm | None
    told: str


def instruction_panel(opened: Opened) -> InstructionPanel:
    """Return the panel of the instruction. A form that came back may be the one of the text or of the receipts."""
    stored = answers([item.id for item in of_section(Section.STAFF)])
    own, published = stored.get(POLICY), newest()
    staff = readers(published.id) if published else []
    links = newest_about(PlanLink, Topic.INSTRUCTION) if published else {}
    oldest = counting(opened.today).oldest
    departments = reach(staff, oldest)
    sent_receipts = opened.form if isinstance(opened.form, ReceiptsForm) else None
    form = answer_form(POLICY, own, {}, {}, formdata=None) if sent_receipts or opened.form is None else opened.form
    if opened.conflict:
        form.seen.data = seen([own] if own else [])
    receipts = receipts_form(published, staff, opened.today, formdata=None) if published else None
    return InstructionPanel(
        form=form,
        stored=shown_fields(POLICY, own, {}, {}),
        answer=own,
        lines=lines(stored),
        published=published,
        readers=cut(staff, opened.page, READERS_SHOWN),
        done=sum(one.counts(oldest) for one in staff),
        oldest=oldest,
        reach=departments if len(departments) > 1 else (),
        waiting=waiting(staff, links, published, at=clock.now(), today=opened.today) if published else None,
        links=links,
        earlier=versions()[1:] if published else (),
        receipts=sent_receipts or receipts,
        told=seen(stored.values()),
    )
