"""The answering part of the page of the staff instruction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plans.handbook import Section, of_section
from plans.items.forms import answer_form
from plans.items.panels import Opened
from plans.items.queries import StoredAnswer, answers
from plans.items.shown import Shown, shown_fields
from plans.paging import Cut, cut
from plans.staff.forms import ReceiptsForm, receipts_form
from plans.staff.queries import POLICY, Instruction, Line, Reader, lines, newest, readers
from plans.turns import seen

READERS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class InstructionPanel:
    """The text, the lines, the newest published version and who acknowledged it: one page of them at a time."""

    form: Any
    stored: Sequence[Shown]
    answer: StoredAnswer | None
    lines: Sequence[Line]
    published: Instruction | None
    readers: Cut[Reader]
    done: int
    receipts: ReceiptsForm | None


def instruction_panel(opened: Opened) -> InstructionPanel:
    """Return the panel of the instruction. A form that came back may be the one of the text or of the receipts."""
    stored = answers([item.id for item in of_section(Section.STAFF)])
    own, published = stored.get(POLICY), newest()
    staff = readers(published.id) if published else []
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
        done=sum(one.acknowledged_on is not None for one in staff),
        receipts=sent_receipts or receipts,
    )
