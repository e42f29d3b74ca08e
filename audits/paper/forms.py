"""Forms of papers and kits."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from audits.paper.kit import OpensIn
from core.i18n import Language
from core.serving.options import StringField
from plans.inputs import DayBox, NewRowField, TextBox, chosen, filled, offer, pick, radio

BOTH = "both"
LANGUAGES = ((Language.DUTCH.value, "Nederlands"), (Language.ENGLISH.value, "English"))
_PLAIN_BOX = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class KitForm(FlaskForm):  # type: ignore[misc]
    """In which languages, for which program, and the passphrase twice: shown as typed, it has to be copied by hand."""

    languages = radio(_l("Language"), (*LANGUAGES, (BOTH, _l("Both"))))
    opens = radio(
        _l("What opens it?"),
        (
            (OpensIn.BROWSER.value, _l("Any browser, also without internet (our proposal)")),
            (OpensIn.AGE.value, _l("The program age, for who knows age")),
        ),
        default=OpensIn.BROWSER.value,
    )
    passphrase = StringField(
        _l("Passphrase"),
        description=_l("Use this one or type your own, of at least 16 characters."),
        render_kw=_PLAIN_BOX,
    )
    again = StringField(
        _l("The passphrase once more"),
        description=_l("Copy it from the paper on which you wrote it: that proves that you can."),
        render_kw=_PLAIN_BOX,
    )

    @property
    def chosen(self) -> tuple[Language, ...]:
        """Return the languages chosen, none where nothing was."""
        if self.languages.data == BOTH:
            return tuple(Language)
        return (Language(self.languages.data),) if self.languages.data in tuple(Language) else ()

    @property
    def opens_in(self) -> OpensIn | None:
        """Return what is to open it, None for something that there is not."""
        return OpensIn(self.opens.data) if self.opens.data in tuple(OpensIn) else None


class CopyForm(FlaskForm):  # type: ignore[misc]
    """Where a copy of a kit went."""

    new_row = NewRowField()
    medium = TextBox(
        _l("On which medium?"),
        [filled(_l("Say on what it is, for example a USB stick."))],
        description=_l("For example the blue USB stick."),
    )
    place = TextBox(
        _l("Where is it?"), [filled(_l("Say where it is."))], description=_l("For example the safe at home.")
    )
    keeper = pick(_l("Who keeps it?"))
    kept_on = DayBox(_l("Since which day?"), [filled(_l("Fill in a day."))])

    @property
    def keeper_id(self) -> UUID | None:
        """Return who was chosen."""
        return chosen(self.keeper)


def copy_form(people: Iterable[tuple[UUID, str]], today: date, **sent: Any) -> CopyForm:
    """Return the form to record where a copy went; it proposes today."""
    form = CopyForm(data={"kept_on": today}, **sent)
    offer(form.keeper, people)
    return form
