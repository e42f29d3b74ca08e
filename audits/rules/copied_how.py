"""What is asked of the copies of the data beside their keeping: how often, what is in them, and who may delete them.

No source asks for more than an answer, so nothing here is a fault. What one copy proves is proven for all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from audits.judging.judgement import Judgement, Subject, TenantFacts, missing
from audits.judging.severity import Severity
from core.i18n import N_
from plans.facts import AnswerFact, CopyFact
from plans.fields import YES
from plans.models import CloudIn, CopyOf, MadeEvery

ITEM = "backup.safe-keeping"
HOW_OFTEN = N_("%(name)s: it is not told yet how often it is made.")
BACKUP_HOW_OFTEN = N_("It is not told yet how often the back-up is made.")


class Told(NamedTuple):
    """What was told of one copy, or of the back-up as a whole while there are no copies; as BackupCopy.

    about: the subject of a judgement on it, without its part; off_line: it is never connected.
    """

    about: Subject
    made_every: MadeEvery | None
    cloud_in: CloudIn | None
    settings_in: bool | None
    deletable: bool | None
    has_may_delete: bool
    off_line: bool = False
    system_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. sound: an answer that is enough for all copies; silent: nobody told;
    open: what to say while nobody told; wrong: what to say when every copy was told not to.
    """

    part: str
    sound: Callable[[Told], bool]
    silent: Callable[[Told], bool]
    open: str
    wrong: str = ""


def _cannot_be_deleted(one: Told) -> bool:
    return one.deletable is False or (one.deletable is None and one.off_line)


ASKED = (
    Asked(
        "cloud",
        lambda one: one.cloud_in in (CloudIn.YES, CloudIn.NOTHING),
        lambda one: one.cloud_in is None,
        N_("It is not told yet whether what you keep in the cloud is in a back-up."),
        N_("What you keep in the cloud is in none of your back-ups. When your account there is gone, so is all of it."),
    ),
    Asked(
        "settings",
        lambda one: bool(one.settings_in),
        lambda one: one.settings_in is None,
        N_("It is not told yet whether the settings of your systems are in a back-up."),
        N_("The settings of your systems are in none of your back-ups. You would have to set up everything anew."),
    ),
    Asked(
        "deletable",
        _cannot_be_deleted,
        lambda one: one.deletable is None,
        N_("It is not told yet whether the back-up can be deleted from your network."),
        N_(
            "Every back-up can be deleted from your network. Who breaks in can delete it too: keep one for which that "
            "is not so."
        ),
    ),
    Asked(
        "may_delete",
        attrgetter("has_may_delete"),
        lambda _one: True,
        N_("It is not told yet who may delete the back-up."),
    ),
)


def told(facts: TenantFacts) -> list[Told]:
    """Return what was told of each copy of the data, or of the back-up as a whole while there are no copies."""
    if facts.plan.copies:
        return [_of_copy(copy) for copy in facts.plan.copies if copy.holds is CopyOf.DATA]
    answer = facts.plan.answers.get(ITEM)
    return [_of_answer(answer)] if answer else []


def _of_copy(copy: CopyFact) -> Told:
    return Told(
        Subject("backup_copy", copy.id, copy.name),
        copy.made_every,
        copy.cloud_in,
        copy.settings_in,
        copy.deletable,
        copy.has_may_delete,
        copy.offline,
        copy.system_ids,
    )


def _of_answer(answer: AnswerFact) -> Told:
    made, cloud = answer.text("made_every"), answer.text("cloud_in")
    return Told(
        Subject(),
        MadeEvery(made) if made else None,
        CloudIn(cloud) if cloud else None,
        _yes(answer.text("settings_in")),
        _yes(answer.text("deletable")),
        bool(answer.text("may_delete")),
    )


def _yes(chosen: str) -> bool | None:
    return chosen == YES if chosen else None


def asked(found: Sequence[Told]) -> Iterator[Judgement]:
    """Warn of each copy that was not told how often it is made, and of each question that no copy answers."""
    for one in found:
        if one.made_every is None:
            text = HOW_OFTEN if one.about.id else BACKUP_HOW_OFTEN
            params: dict[str, Any] = {"name": one.about.label} if one.about.id else {}
            yield missing(text, one.about._replace(part="made"), severity=Severity.WARNING, **params)
    for question in ASKED:
        if found and not any(question.sound(one) for one in found):
            silent = [one for one in found if question.silent(one)]
            about = min(silent or found, key=lambda one: one.about.key).about._replace(part=question.part)
            yield missing(question.open if silent else question.wrong, about, severity=Severity.WARNING)
