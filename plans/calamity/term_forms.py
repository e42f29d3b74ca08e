"""Forms about what must be reported: whether it must, from when on it was known, and that it was."""

from typing import Any

from flask_babel import lazy_gettext as _l

from plans.calamity.forms import MomentBox, WriteForm
from plans.calamity.queries import Told
from plans.calamity.reporting import Applies
from plans.calamity.targets import TEXT_LENGTH
from plans.calamity.terms import BY_QUESTION, CLOCKED, Question
from plans.inputs import LongTextBox, TextBox, offer, radio
from plans.models import EntryKind


class AppliesForm(WriteForm):
    """Whether something must be reported."""

    did = radio(_l("Must it be reported?"), ())
    text = LongTextBox(
        _l("Why"),
        most=TEXT_LENGTH - 250,
        description=_l("Always say why when it need not be reported: you may be asked."),
    )
    names = MomentBox(_l("Until when, by your agreement"), description=_l("Leave it empty when no moment was agreed."))


class AwareForm(WriteForm):
    """From when on it was known."""

    did = radio(_l("Of what?"), ())
    names = MomentBox(
        _l("Since when did you know?"),
        description=_l("The terms of the law run from this moment. It is the moment at which you were fairly sure."),
    )
    text = LongTextBox(_l("How do you know that"), most=TEXT_LENGTH - 250)


class DoneForm(WriteForm):
    """That something was reported."""

    did = radio(_l("What happened?"), ())
    text = TextBox(_l("Number or reference you got"), description=_l("For example the number on the confirmation."))
    when = MomentBox(
        _l("When was it reported?"), description=_l("Leave it empty for now. Was it earlier? Then fill in when.")
    )


def report_form(told: Told, what: str, key: str, **sent: Any) -> WriteForm | None:
    """Return the form about a question, a term or when it was known; None for what is none.

    what: applies, aware or term, as `about_of` tells; key: of a question or term, "" for all questions.
    """
    if what == "applies":
        return _applies(told, key, sent)
    if what == "aware":
        return _aware(told, key, sent)
    return _done(told, key, sent)


def _applies(told: Told, key: str, sent: dict[str, Any]) -> WriteForm | None:
    found = told.reporting.of(key)
    if found is None:
        return None
    kind = EntryKind.APPLIES_NOT if found.applies is Applies.NO else EntryKind.APPLIES
    data: dict[str, Any] = {"did": f"{kind.value}:{key}"}
    if found.answer:
        data["names"] = found.answer.names_at
    elif found.terms[0].planned_hours:
        data["names"] = found.terms[0].ends_at
    form = AppliesForm(data=data, **sent)
    offer(
        form.did,
        [
            (f"{EntryKind.APPLIES.value}:{key}", _l("Yes, it must be reported")),
            (f"{EntryKind.APPLIES_NOT.value}:{key}", _l("No, it need not be reported")),
        ],
    )
    _without(form, "to", "when", *(() if found.asked.agreed else ("names",)))
    return form


def _aware(told: Told, key: str, sent: dict[str, Any]) -> WriteForm | None:
    if key and key not in CLOCKED:
        return None
    found = told.reporting.of(key or CLOCKED[0])
    form = AwareForm(data={"did": f"{EntryKind.AWARE.value}:{key}", "names": found.aware_at if found else None}, **sent)
    named = [(one.value, BY_QUESTION[Question(one)].title) for one in CLOCKED]
    offer(form.did, [(f"{EntryKind.AWARE.value}:{one}", title) for one, title in [("", _l("Of all of it")), *named]])
    _without(form, "to", "when")
    return form


def _done(told: Told, key: str, sent: dict[str, Any]) -> WriteForm | None:
    found = told.reporting.term(key)
    if found is None or found.applies is Applies.NO:
        return None
    form = DoneForm(data={"did": f"{EntryKind.TERM_DONE.value}:{key}"}, **sent)
    offer(form.did, [(f"{EntryKind.TERM_DONE.value}:{key}", found.term.title)])
    _without(form, "to", "names")
    return form


def _without(form: WriteForm, *names: str) -> None:
    for name in names:
        del form[name]
