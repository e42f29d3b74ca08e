"""What was judged of an organisation on a day, and what tells whether anything else was found than before."""

import base64
import hmac
import marshal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from audits.judging.engine import Judgements
from audits.judging.judgement import WHOLE_PLAN, Param, Subject
from audits.judging.severity import Severity
from core.vault import mac_key

# Later forms of marshal also tell which values are the same object in memory.
_MARSHAL = 2


@dataclass(frozen=True)
class Verdict:
    """The judgements of one organisation. times: its audit_state's count when its facts were read, 0 without one.

    registered: whether it registered a service with a foundation; plan_said: fingerprint of what its plan said, ""
    where nobody asked for it; from_rows: digest of all rows it was made from (audits/sweeping/unchanged.py), "" where
    some of them were not read; told_before: what was told of the very same judgements, "" where others were found;
    entered: at which items anything was entered, as PlanFacts tells it, None where nobody asked for it; before: what
    was found when it was judged last, where that was taken up: what was not judged anew are the same objects.
    """

    tenant_id: int
    today: date
    judgements: Judgements
    times: int
    registered: bool
    plan_said: str = ""
    from_rows: str = ""
    told_before: str = ""
    entered: Mapping[str, Sequence[str]] | None = None
    before: Judgements | None = None

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """Return what the ledger knows each gap by: its code, and its subject."""
        return [(code, gap.subject.key) for code, gap in self.judgements.gaps]

    @cached_property
    def anew(self) -> Judgements:
        """Return what was judged anew: all of it where nobody knows what was found before."""
        return _without(self.judgements, self.before) if self.before else self.judgements

    @cached_property
    def gone(self) -> Judgements:
        """Return what was found before and judged anew: the ledger tells it as it stands here."""
        return _without(self.before, self.judgements) if self.before else _NOTHING

    @cached_property
    def told(self) -> str:
        """Return a digest of all that is told of these judgements. Keyed, for what is found could be guessed."""
        if self.told_before:
            return self.told_before
        gaps = [
            (
                code,
                _PLAN if subject is WHOLE_PLAN else _subject(subject),
                _SEVERITIES[severity],
                str(message),
                [(name, type(value).__name__, _plain(value)) for name, value in params.items()],
                since and since.toordinal(),
                until and until.toordinal(),
                changes_on and changes_on.toordinal(),
            )
            for code, (subject, severity, message, params, since, until, changes_on) in self.judgements.gaps
        ]
        holds = [
            (code, _PLAN if subject is WHOLE_PLAN else _subject(subject), until.toordinal(), changes_on.toordinal())
            for code, (subject, until, changes_on) in self.judgements.holds
        ]
        # It tells a text from a number, and where one ends; in this form the bytes depend on the values alone.
        every = marshal.dumps((self.tenant_id, gaps, holds, _plain(self.judgements.next_on)), _MARSHAL)
        return base64.urlsafe_b64encode(hmac.digest(mac_key("audit_state.told"), every, "sha256")[:24]).decode()


def _subject(subject: Subject) -> tuple[str, int | None, str, str]:
    # Some of these are members of an enumeration, which say the same as their text.
    about = subject.id.int if subject.id else None
    return str(subject.kind), about, str(subject.part), str(subject.label)


_PLAN = _subject(WHOLE_PLAN)
_NOTHING = Judgements((), (), None)
_SEVERITIES = {severity: severity.value for severity in Severity}


def _plain(value: Param | None) -> str | int | None:
    if type(value) is str:  # nearly all of them
        return value
    if isinstance(value, date):
        return value.toordinal()
    return value if value is None or isinstance(value, bool) else int(value) if isinstance(value, int) else str(value)


def _without(some: Judgements, others: Judgements) -> Judgements:
    """Return what of `some` is no judgement of `others`: no such object, whatever it says."""
    same = {id(one) for _, one in others.gaps}
    same.update([id(one) for _, one in others.holds])
    gaps = tuple([found for found in some.gaps if id(found[1]) not in same])
    return Judgements(gaps, tuple([found for found in some.holds if id(found[1]) not in same]), some.next_on)


def lapsing(judgements: Judgements) -> Iterator[tuple[str, Subject, date]]:
    """Yield what is valid until a day: all that holds, and what is about to lapse or has."""
    for code, held in judgements.holds:
        yield code, held.subject, held.until
    for code, gap in judgements.gaps:
        if gap.until is not None:
            yield code, gap.subject, gap.until
