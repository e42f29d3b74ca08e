"""Forms of a calamity. Times are typed in the organisation's zone."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.widgets import DateTimeLocalInput

from core.i18n import reader_zone
from plans.calamity.learning import TEXT_LENGTH as LESSON_LENGTH
from plans.calamity.learning import Learned, LessonValues
from plans.calamity.queries import Told
from plans.calamity.services import Activation, Closing
from plans.calamity.targets import TEXT_LENGTH, Written
from plans.calamity.telling import ENTRY_LABELS, short
from plans.handbook import item
from plans.inputs import (
    DayBox,
    LongTextBox,
    NewRowField,
    SeenField,
    TextBox,
    Typed,
    chosen,
    filled,
    offer,
    pick,
    radio,
    shorten,
    ticks,
)
from plans.items.queries import Person, options
from plans.models import EntryKind
from plans.registers.cells import BadCell
from plans.shapes import ABOUT_SUPPLIER, ITEM_OUTCOMES, RESTORE, kept_at
from plans.signs.queries import Sign
from plans.turns import seen
from tenants.models import Alarm

CONCLUSION_LENGTH = 4000
TYPED = "%Y-%m-%dT%H:%M"
LOG = "log"
# The version of an id that is all chance (RFC 9562), as telephones draw it.
DRAWN = 4
# What something is written down about, by the first word of its kind.
REPORTS = ("applies", "aware", "term")
ABOUT = ("step", "call", "system", *REPORTS)


class MomentBox(Typed):
    """A day and a time of day."""

    widget: Any = DateTimeLocalInput()

    def read(self, typed: str) -> datetime | None:
        """Return the instant, aware UTC; None for an empty box."""
        text = typed.strip().replace(" ", "T")
        if not text:
            return None
        try:
            local = datetime.strptime(text[:16], TYPED)  # noqa: DTZ007 -- what is typed names no zone
        except ValueError:
            raise BadCell(_l("Write day and time like 2027-01-31 14:05.")) from None
        return local.replace(tzinfo=ZoneInfo(reader_zone())).astimezone(UTC)

    def show(self, value: Any) -> str:
        """Write an instant as the box takes it."""
        return str(value.astimezone(ZoneInfo(reader_zone())).strftime(TYPED))


class ActivateForm(FlaskForm):  # type: ignore[misc]
    """Put the plan to work."""

    signs = ticks(_l("Which signs do you see?"))
    reason = LongTextBox(_l("What is going on?"), most=TEXT_LENGTH)
    began_at = MomentBox(
        _l("When did it begin?"),
        [filled(_l("Fill in when it began."))],
        description=_l("The clock of every promise starts here. Did it begin earlier, on paper? Then fill that in."),
    )
    new_row = NewRowField()

    def values(self, kind: Alarm) -> Activation:
        """Return what was filled in."""
        texts = {choice.value: str(choice.label) for choice in self.signs.iter_choices()}
        return Activation(
            kind, self.began_at.data, self.reason.data or "", tuple(texts[one] for one in self.signs.data or ())
        )


def activate_form(signs: Sequence[Sign], at: datetime, **sent: Any) -> ActivateForm:
    """Return the form; it proposes now."""
    form = ActivateForm(data={"began_at": at}, **sent)
    offer(form.signs, [(one.id, one.text) for one in signs])
    return form


class WriteForm(FlaskForm):  # type: ignore[misc]
    """Something to write down, tapped or typed. did: its kind and target; tapped_at: when, told by a telephone."""

    did = radio(_l("What happened?"), ())
    to = TextBox(_l("Handed over to"), description=_l("Only when somebody else leads from now on."))
    text: Typed = LongTextBox(_l("In words"), most=TEXT_LENGTH - 250)
    when = MomentBox(_l("When"), description=_l("Leave it empty for now. From paper: fill in the time on the paper."))
    names = MomentBox()
    tapped_at = HiddenField()
    entry_id = HiddenField()
    page_id = NewRowField()

    def row_id(self, did: str) -> UUID:
        """Return the id of the entry: the one drawn where it was tapped, else one for this page and these words.

        An id that was worked out is not taken: it may be the one of a reminder, which would then count as told.
        """
        try:
            drawn = UUID(self.entry_id.data)
        except (TypeError, ValueError):
            drawn = None
        if drawn and drawn.version == DRAWN:
            return drawn
        said = [did, self.to.data or "", self.text.data or "", str(self.when.data)]
        said += [str(self.names.data)] if self.names.data else []
        return uuid5(self.page_id.row_id, "\n".join(said))

    def values(self, did: str, at: datetime) -> Written | None:
        """Return what to write down; None for what no page sends."""
        word, _colon, target = did.partition(":")
        try:
            kind = EntryKind(word)
        except ValueError:
            return None
        text, typed = self.text.data or "", self.when.data is not None
        if kind is EntryKind.HANDOVER:
            text = "\n".join(filter(None, (self.to.data, text)))
        happened_at = self.when.data if typed else self._tapped(at)
        return Written(kind, happened_at, target, text, typed=typed, names_at=self.names.data)

    def _tapped(self, at: datetime) -> datetime:
        try:
            tapped = datetime.fromisoformat(self.tapped_at.data or "")
        except (TypeError, ValueError):
            return at
        return tapped.astimezone(UTC) if tapped.tzinfo else at


def write_form(told: Told, about: str, **sent: Any) -> WriteForm | None:
    """Return the form to write about `about`: the log, a step, a call or a system; None when that is not there."""
    choices = _choices(told, about)
    if choices is None:
        return None
    form = WriteForm(data={"did": choices[0][0]}, **sent)
    offer(form.did, choices)
    del form.names
    if about != LOG:
        del form.to
    return form


def _choices(told: Told, about: str) -> list[tuple[str, Any]] | None:
    def of(target: str, *kinds: EntryKind) -> list[tuple[str, Any]]:
        return [(f"{kind.value}:{target}", ENTRY_LABELS[kind]) for kind in kinds]

    what, _dash, key = about.partition("-")
    if about == LOG:
        return of("", EntryKind.DECISION, EntryKind.NOTE, EntryKind.HANDOVER)
    if what == "step" and key.isdecimal() and told.course.step(int(key)):
        return of(key, EntryKind.STEP_DONE, EntryKind.STEP_BEGUN, EntryKind.STEP_SKIPPED)
    if what == "call" and (person := told.frozen.person(key)) and told.course.call(person.key):
        return of(key, EntryKind.CALL_REACHED, EntryKind.CALL_MISSED, EntryKind.CALL_MESSAGE)
    if what == "system" and told.frozen.system(key):
        return of(key, EntryKind.SYSTEM_BACK)
    return None


def about_of(did: str) -> str:
    """Return what something is written about, by its kind and target."""
    word, _colon, target = did.partition(":")
    what = word.partition("-")[0]
    if what not in ABOUT:
        return LOG
    return f"{what}-{target}" if target else what


def tapped_form(did: str) -> WriteForm:
    """Return the form as a button sent it; the service knows what can be written down."""
    form = WriteForm()
    offer(form.did, [(did, did)])
    return form


def subject(told: Told, about: str) -> str:
    """Return what something is written about, in words; "" for the log."""
    what, _dash, key = about.partition("-")
    if what == "step" and key.isdecimal() and (step := told.frozen.step(int(key))):
        return f"{key}. {short(step.text)}"
    if what == "system" and (system := told.frozen.system(key)):
        return system.name
    if what == "applies" and (question := told.reporting.of(key)):
        return str(question.asked.title)
    if what == "term" and (term := told.reporting.term(key)):
        return str(term.term.title)
    return str(_l("Since when you knew")) if what == "aware" else told.frozen.name(key)


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Close it: when it was over, how it went, and what an exercise proves."""

    ended_at = MomentBox(_l("When was it over?"), [filled(_l("Fill in when it was over."))])
    conclusion = LongTextBox(
        _l("How did it go?"),
        most=CONCLUSION_LENGTH,
        description=_l("What went well, what did not, and what it cost: the report begins with it."),
    )
    proves = pick(
        _l("Does this exercise count as a test?"),
        description=_l("Its result then stands with the tests of the plan, with what you write above."),
    )
    passed = radio(_l("How did that test end?"), (("yes", _l("Passed")), ("no", _l("Failed"))))
    left = ticks(_l("What is still to be reported"))

    def validate_passed(self, field: Any) -> None:
        """A test that counts has an outcome."""
        if self.proves.data:
            filled(_l("Choose one from the list."))(self, field)

    def values(self) -> Closing:
        """Return what was filled in."""
        proves = (self.proves.data or "") if "proves" in self else ""
        passed = bool(proves) and self.passed.data == "yes"
        left = "left" in self and bool(self.left.data)
        return Closing(self.ended_at.data, self.conclusion.data or "", proves, passed, left)


# Tests that an exercise can be: passed or failed, of no supplier, and not the restore, which names systems.
PROVES = tuple(
    item_id
    for item_id, outcomes in ITEM_OUTCOMES.items()
    if len(outcomes) > 1 and item_id not in ABOUT_SUPPLIER and kept_at(item_id) != RESTORE
)


def close_form(at: datetime, kind: Alarm, *, left: bool = False, **sent: Any) -> CloseForm:
    """Return the form; it proposes now. A calamity is no test. left: something of it is still to be reported."""
    form = CloseForm(data={"ended_at": at}, **sent)
    if kind is Alarm.EXERCISE:
        offer(form.proves, [(item_id, item(item_id).title) for item_id in PROVES])
    else:
        del form.proves
        del form.passed
    if left:
        offer(form.left, [("yes", _l("I know that this is still open, and that its terms go on"))])
    else:
        del form.left
    return form


class LessonForm(FlaskForm):  # type: ignore[misc]
    """A lesson; with what was done it is closed."""

    text = LongTextBox(_l("What must be done?"), [filled(_l("Write down what must be done."))], most=LESSON_LENGTH)
    owner = pick(_l("Who does it"))
    due_on = DayBox(_l("By which day"), [filled(_l("Fill in a day."))])
    outcome = LongTextBox(
        _l("What was done?"), most=LESSON_LENGTH, description=_l("Fill this in when it is done: that closes it.")
    )
    seen = SeenField()
    new_row = NewRowField()

    def values(self) -> LessonValues:
        """Return what was filled in."""
        return LessonValues(self.text.data, self.due_on.data, chosen(self.owner))


def lesson_form(people: Iterable[Person], due_on: date, found: Learned | None = None, **sent: Any) -> LessonForm:
    """Return the form of a new lesson, due on `due_on`, or of `found` as it is stored."""
    data: dict[str, Any] = {"due_on": due_on}
    if found:
        data |= {"text": found.text, "owner": found.owner_id, "outcome": found.outcome, "seen": seen([found])}
    form = LessonForm(data=data, **sent)
    offer(form.owner, options(people, {found.owner_id} if found else ()))
    shorten([form.owner], "people-names")
    if not found:
        del form.outcome
    return form
