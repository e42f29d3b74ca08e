"""Forms by which people without an account confirm or correct what is held about them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.widgets import TextInput

from plans.confirming.queries import CORRECTED, REGISTER_OF, Held, Loose, Whom
from plans.inputs import LongTextBox, Typed, offer, pick, radio, shorten, ticks
from plans.registers.cells import parse
from plans.registers.shape import Column

RIGHT, WRONG = "right", "wrong"
NOTE_LENGTH = 2000


class CellBox(Typed):
    """One cell of a register, read as that register reads it."""

    widget: Any = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, *, column: Column, **more: Any) -> None:
        super().__init__(label, validators, **more)
        self.column = column

    def read(self, typed: str) -> str:
        """Return the text as the register keeps it."""
        return str(parse(self.column, typed))


class _HeldForm(FlaskForm):  # type: ignore[misc]
    """Whether it is right, and if not, what it should be."""

    whom: Whom
    verdict = radio(
        _l("Is this right?"),
        ((RIGHT, _l("Yes, everything is right")), (WRONG, _l("No, something changed"))),
    )
    note = LongTextBox(
        _l("What changed?"), most=NOTE_LENGTH, description=_l("Only when something changed. Somebody looks at it.")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever says that something changed tells what; whoever says that all is right corrects nothing."""
        fine = bool(super().validate(extra_validators))
        if fine and not self.verdict.data:
            self.verdict.errors, fine = [_l("Choose one of the two.")], False
        if fine and self.verdict.data == WRONG and not self.values() and not self.note.data:
            self.note.errors, fine = [_l("Write down what changed.")], False
        if fine and self.verdict.data == RIGHT and (self.values() or self.note.data):
            self.verdict.errors, fine = [_l("You wrote down a change. Choose that something changed.")], False
        return fine

    def values(self) -> dict[str, str]:
        """Return the new texts by column."""
        return {name: self[name].data for name in CORRECTED[self.whom] if self[name].data}


def _form(whom: Whom) -> Any:
    columns = REGISTER_OF[whom]
    boxes = {
        name: CellBox(_l("New: %(column)s", column=columns.column(name).label), column=columns.column(name))
        for name in CORRECTED[whom]
    }
    return type(f"{whom.value.title()}Form", (_HeldForm,), {"whom": whom, **boxes})


FORMS = {whom: _form(whom) for whom in Whom}


class KeeperForm(FlaskForm):  # type: ignore[misc]
    """Whom to ask about the licences that are ticked."""

    licences = ticks(_l("Licences"))
    keeper = pick(_l("Whom do you ask?"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Both must be chosen."""
        fine = bool(super().validate(extra_validators))
        if not self.licences.data:
            self.licences.errors, fine = [_l("Tick at least one licence.")], False
        if not self.keeper.data and not self.keeper.errors:
            self.keeper.errors, fine = [_l("Choose whom to ask.")], False
        return fine

    def chosen(self) -> tuple[Whom, UUID]:
        """Return whom was chosen."""
        whom, _colon, row_id = str(self.keeper.data).partition(":")
        return Whom(whom), UUID(row_id)


def keeper_form(found: Iterable[Loose], firms: Iterable[Held], people: Iterable[Held], **sent: Any) -> KeeperForm:
    """Return the form. firms, people: those that can be asked, which is who has an e-mail address."""
    form = KeeperForm(**sent)
    offer(form.licences, [(one.id, one.name) for one in found])
    who = [*((Whom.PARTY, one) for one in firms), *((Whom.CONTACT, one) for one in people)]
    offer(form.keeper, [(f"{whom}:{one.id}", one.name) for whom, one in who if one.email])
    shorten([form.keeper], "keeper-names")
    return form
