"""Forms of the room, and of the organisation's answers."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField

from audits.findings.texts import places, rule_title
from audits.reach import sees
from audits.room.models import TEXT_LENGTH
from audits.room.queries import Asked, Pointed
from audits.room.services import Asking, Saying
from core.i18n import day_text
from plans.inputs import DayBox, LongTextBox, NewRowField, SeenField, TextBox, chosen, filled, offer, pick
from plans.own_items.ids import RULE as OWN_RULE
from plans.uploads import ANY, sent_file


class AskForm(FlaskForm):  # type: ignore[misc]
    """What an auditor wants to see."""

    new_row = NewRowField()
    title = TextBox(
        _l("What do you want to see?"),
        [filled(_l("Say in a few words what you want to see."))],
        description=_l("For example: report of the last restore test."),
    )
    asked = LongTextBox(
        _l("What must it show?"), [filled(_l("Say what it must show."))], most=TEXT_LENGTH,
        description=_l("So that the organisation knows when its answer is complete."),
    )  # fmt: skip
    item = pick(_l("About which part"))
    due_on = DayBox(_l("Answer by"), [filled(_l("Fill in a day."))])

    def values(self) -> Asking:
        """Return what was filled in."""
        return Asking(self.title.data, self.asked.data, self.due_on.data, self.item.data or "")


def ask_form(due_on: Any, **sent: Any) -> AskForm:
    """Return the form of a request; it proposes `due_on` and offers the items and duties that the open scope reads."""
    form = AskForm(data={"due_on": due_on}, **sent)
    offer(form.item, [(code, rule_title(code)) for code in places() if code != OWN_RULE and sees(code)])
    return form


class MoveForm(FlaskForm):  # type: ignore[misc]
    """What the auditor says when accepting, sending back or withdrawing."""

    new_row = NewRowField()
    seen = SeenField()
    note = LongTextBox(_l("What you say about it"), most=TEXT_LENGTH)

    def values(self) -> Saying:
        """Return what was filled in."""
        return Saying(self.note.data or "")

    @property
    def version(self) -> int:
        """Return the version of the request that the page showed, -1 for one that says none."""
        return version_of(self)


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """The organisation's answer."""

    new_row = NewRowField()
    seen = SeenField()
    note = LongTextBox(_l("Your answer"), most=TEXT_LENGTH)
    result = pick(_l("A test result that shows it"))
    files = MultipleFileField(
        _l("Files"),
        description=_l("PDF, JPEG or PNG, several at once if you like. They are kept encrypted."),
    )

    def values(self) -> Saying:
        """Return what was filled in. Raises PlanError for a file that is not taken."""
        uploads = [sent_file(one, ANY, "files") for one in self.files.data or ()]
        return Saying(self.note.data or "", chosen(self.result), tuple(one for one in uploads if one is not None))

    @property
    def version(self) -> int:
        """Return the version of the request that the page showed, -1 for one that says none."""
        return version_of(self)


def version_of(form: Any) -> int:
    """Return the number in the form's field `seen`, -1 for none."""
    told = form.seen.data or ""
    return int(told) if told.isascii() and told.isdigit() else -1


def move_form(found: Asked, **sent: Any) -> MoveForm:
    """Return the form by which an auditor decides about `found`."""
    return MoveForm(data={"seen": str(found.version)}, **sent)


def answer_form(found: Asked, results: Iterable[Pointed], **sent: Any) -> AnswerForm:
    """Return the form by which `found` is answered; it offers these test results."""
    form = AnswerForm(data={"seen": str(found.version)}, **sent)
    offer(form.result, [(one.id, f"{one.title}, {day_text(one.done_on)}") for one in results])
    return form
