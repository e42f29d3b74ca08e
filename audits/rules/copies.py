"""Rules of the back-up section for organisations that keep their copies as records.

What one sound copy proves is proven: the best copy decides whether there is a fault, the others only warn.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from audits.judging.judgement import Judgement, Subject, TenantFacts, aged, missing
from audits.judging.severity import Severity
from audits.rules.answers import NO_PHONE, reachable
from core.i18n import N_
from plans import intervals
from plans.facts import CopyFact, VersionFact
from plans.intervals import Interval
from plans.models import CopyOf

NO_PLACE = N_("%(name)s: it is not told where it is kept.")
NO_KEEPER = N_("%(name)s: it is not told who keeps it.")
HOW_FAR_BACK = N_("%(name)s: it is not told yet how many days you can go back with it.")
NEWEST_ONLY = N_(
    "Only the newest copy of your data is kept. Damage that you notice a day later is in it too: keep older ones as "
    "well."
)
NEVER_SEEN = N_("%(name)s: nobody has seen it yet.")
SEEN_SOON = N_("Look whether %(name)s is still there: the last sighting counts until %(until)s.")
SEEN_LAPSED = N_("Look whether %(name)s is still there: the last sighting counted until %(until)s.")
NONE_OFF_SITE = {
    CopyOf.DATA: N_("No copy of your data is kept outside the building."),
    CopyOf.LICENCES: N_("No copy of your licence data is kept outside the building."),
    CopyOf.INSTALLERS: N_("No copy of your installation files is kept outside the building."),
    CopyOf.PLAN: N_("No copy of the plan is kept outside the building."),
}


def about(copy: CopyFact, part: str = "") -> Subject:
    """Return the subject of a judgement on a copy."""
    return Subject("backup_copy", copy.id, copy.name, part)


def of_kind(facts: TenantFacts, holds: CopyOf) -> list[CopyFact]:
    """Return the copies of a kind."""
    return [copy for copy in facts.plan.copies if copy.holds is holds]


def offsite_copies(facts: TenantFacts, today: date, holds: CopyOf) -> Iterator[Judgement]:
    """Want a copy outside the building, with its place and keeper, seen within the off-site interval."""
    found = [copy for copy in of_kind(facts, holds) if copy.off_site]
    if not found:
        yield missing(NONE_OFF_SITE[holds])
        return
    best = max(found, key=lambda copy: (copy.there_on or date.min, copy.id))
    yield from _kept(facts, best)
    for copy in found:
        yield from _seen(facts, copy, today, best=copy is best)


def _kept(facts: TenantFacts, copy: CopyFact) -> Iterator[Judgement]:
    if not copy.has_location:
        yield missing(NO_PLACE, about(copy, "location"), name=copy.name)
    if not _has_keeper(facts, copy):
        yield missing(NO_KEEPER, about(copy, "keeper"), name=copy.name)


def _has_keeper(facts: TenantFacts, copy: CopyFact) -> bool:
    return copy.keeper_id in facts.plan.contacts or any(party.id == copy.party_id for party in facts.plan.parties)


def _seen(facts: TenantFacts, copy: CopyFact, today: date, *, best: bool) -> Iterator[Judgement]:
    if copy.there_on is None and not best:
        yield missing(NEVER_SEEN, about(copy, "seen_on"), severity=Severity.WARNING, name=copy.name)
        return
    yield aged(
        about(copy, "seen_on"),
        copy.there_on,
        intervals.days(facts.plan.intervals, Interval.OFFSITE),
        today,
        absent=NEVER_SEEN,
        soon=SEEN_SOON,
        lapsed=SEEN_LAPSED,
        params={"name": copy.name},
        worst=Severity.FAULT if best else Severity.WARNING,
    )


def plan_copies(facts: TenantFacts, newest: VersionFact | None) -> Iterator[Judgement]:
    """Want a copy of the plan outside the building, of the newest version; older ones lying about are a warning."""
    found = [copy for copy in of_kind(facts, CopyOf.PLAN) if copy.off_site]
    if not found:
        yield missing(NONE_OFF_SITE[CopyOf.PLAN])
        return
    best = max(found, key=lambda copy: (copy.plan_version or 0, copy.id))
    yield from _kept(facts, best)
    for copy in of_kind(facts, CopyOf.PLAN):
        yield from _of_version(copy, newest, best=copy is best)


def _of_version(copy: CopyFact, newest: VersionFact | None, *, best: bool) -> Iterator[Judgement]:
    severity = Severity.FAULT if best else Severity.WARNING
    if copy.plan_version is None:
        yield missing(
            N_("%(name)s: it is not told which version of the plan it is."),
            about(copy, "version"),
            severity=severity,
            name=copy.name,
        )
    elif newest is not None and copy.plan_version != newest.number:
        yield missing(
            N_("%(name)s is of version %(copy)s; the newest published version is %(newest)s."),
            about(copy, "version"),
            severity=severity,
            name=copy.name,
            copy=copy.plan_version,
            newest=newest.number,
        )


def offline_copies(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a copy of the data that is never connected, seen within the off-site interval."""
    found = [copy for copy in of_kind(facts, CopyOf.DATA) if copy.offline]
    if not found:
        yield missing(N_("No back-up copy is kept off the internet."))
        return
    best = max(found, key=lambda copy: (copy.there_on or date.min, copy.id))
    yield from _seen(facts, best, today, best=True)


def safely_kept(facts: TenantFacts) -> Iterator[Judgement]:
    """Want for each copy of the data a kind of keeping, a keeper with a phone number, and how far back it goes."""
    yield from _each(facts, _safe)
    yield from _newest_only(of_kind(facts, CopyOf.DATA))


def _newest_only(found: Sequence[CopyFact]) -> Iterator[Judgement]:
    """Warn where every copy holds the newest state alone; one that goes back further is enough."""
    if found and all(copy.kept_days == 1 for copy in found):
        one = min(found, key=lambda copy: copy.id)
        yield missing(NEWEST_ONLY, about(one, "kept"), severity=Severity.WARNING)


def _safe(facts: TenantFacts, copy: CopyFact) -> Iterator[Judgement]:
    if copy.keeping is None:
        yield missing(N_("%(name)s: it is not told how it is kept safe."), about(copy, "keeping"), name=copy.name)
    if copy.kept_days is None:
        yield missing(HOW_FAR_BACK, about(copy, "kept"), severity=Severity.WARNING, name=copy.name)
    if not _has_keeper(facts, copy):
        yield missing(NO_KEEPER, about(copy, "keeper"), name=copy.name)
        return
    person = facts.plan.contacts.get(copy.keeper_id) if copy.keeper_id else None
    firms = [party for party in facts.plan.parties if party.id == copy.party_id]
    if (person and reachable(person)) or any(firm.phone.strip() for firm in firms):
        return
    name = person.name if person else firms[0].name
    yield missing(NO_PHONE, about(copy, "phone"), name=name)


def reached_at_night(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a copy of the data of which it is told how and by whom it is reached, tried within the interval."""
    found = of_kind(facts, CopyOf.DATA)
    if not found:
        yield missing(NONE_OFF_SITE[CopyOf.DATA])
        return
    best = max(found, key=lambda copy: (_told(facts, copy), copy.reached_on or date.min, copy.id))
    if not best.has_night_how:
        yield missing(
            N_("%(name)s: it is not told how to reach it outside office hours."), about(best, "how"), name=best.name
        )
    if best.night_contact_id not in facts.plan.contacts:
        yield missing(
            N_("%(name)s: it is not told who can reach it outside office hours."), about(best, "who"), name=best.name
        )
    yield aged(
        about(best, "reached_on"),
        best.reached_on,
        intervals.days(facts.plan.intervals, Interval.OFFSITE),
        today,
        absent=N_("%(name)s: nobody has tried to reach it outside office hours yet."),
        soon=N_("Try to reach %(name)s outside office hours: the last try counts until %(until)s."),
        lapsed=N_("Try to reach %(name)s outside office hours: the last try counted until %(until)s."),
        params={"name": best.name},
    )


def _told(facts: TenantFacts, copy: CopyFact) -> int:
    return int(copy.has_night_how) + int(copy.night_contact_id in facts.plan.contacts)


def well_encrypted(facts: TenantFacts) -> Iterator[Judgement]:
    """Want for each copy of the data the method, where the key is kept, and that the key lies elsewhere."""
    yield from _each(facts, _encrypted)


def _encrypted(facts: TenantFacts, copy: CopyFact) -> Iterator[Judgement]:
    if not copy.has_encryption:
        yield missing(N_("%(name)s: it is not told how it is encrypted."), about(copy, "method"), name=copy.name)
    if not copy.has_key_place:
        yield missing(N_("%(name)s: it is not told where the key is kept."), about(copy, "key"), name=copy.name)
    if copy.key_apart is None:
        yield missing(
            N_("%(name)s: it is not told whether the key lies apart from it."), about(copy, "apart"), name=copy.name
        )
    elif not copy.key_apart:
        yield missing(
            N_("%(name)s: the key lies with the copy. Whoever finds the one can read the other."),
            about(copy, "apart"),
            name=copy.name,
        )


def _each(facts: TenantFacts, judged: Callable[[TenantFacts, CopyFact], Iterator[Judgement]]) -> Iterator[Judgement]:
    found: Sequence[CopyFact] = of_kind(facts, CopyOf.DATA)
    if not found:
        yield missing(N_("No copy of your data has been recorded yet."))
    for copy in found:
        yield from judged(facts, copy)
