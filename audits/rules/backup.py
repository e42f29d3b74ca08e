"""Rules of the back-up section: read from the copies once there are any, until then from what was answered."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from audits.judging.judgement import Check, Judgement, Subject, TenantFacts, earliest, missing, sooner
from audits.judging.severity import Severity
from audits.rules import copied_how, copies
from audits.rules.answers import NO_PHONE, Needed, answered, chosen, dated, keeper, person, reachable
from core.i18n import N_
from plans.facts import VersionFact
from plans.fields import KEPT_DAYS, YES
from plans.intervals import Interval
from plans.models import CopyOf

HOLDS = {
    "backup.offsite-data": CopyOf.DATA,
    "backup.offsite-licences": CopyOf.LICENCES,
    "backup.offsite-installers": CopyOf.INSTALLERS,
}
LOCATION = Needed("location", N_("It is not told where it is kept."))
KEEPER = Needed("keeper", N_("It is not told who keeps it."))
SEEN_ON = Needed("seen_on", N_("It is not told when it was last seen there."))
SEEN_SOON = N_("Look whether it is still there: the last sighting counts until %(until)s.")
SEEN_LAPSED = N_("Look whether it is still there: the last sighting counted until %(until)s.")


def offsite(facts: TenantFacts, today: date, *, item_id: str) -> Iterator[Judgement]:
    """Want a place, a keeper and a sighting within the off-site interval.

    Source: backup.offsite-data, backup.offsite-licences, backup.offsite-installers.
    """
    if facts.plan.copies:
        yield from copies.offsite_copies(facts, today, HOLDS[item_id])
        return
    yield from answered(facts, item_id, LOCATION, KEEPER, SEEN_ON)
    yield from dated(facts, item_id, "seen_on", Interval.OFFSITE, today, soon=SEEN_SOON, lapsed=SEEN_LAPSED)


def offsite_plan(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a place, a keeper, and a copy of the newest published version there.

    Source: backup.offsite-plan.
    """
    version_needed = Needed("version", N_("It is not told which version of the plan lies there."))
    newest = newest_version(facts, today)
    if facts.plan.copies:
        gaps = [*copies.plan_copies(facts, newest), *_unpublished(newest)]
    else:
        answers = answered(facts, "backup.offsite-plan", LOCATION, KEEPER, version_needed)
        gaps = [*answers, *_unpublished(newest), *_copy_outdated(facts, newest)]
    yield from sooner(gaps, earliest((found.published_on for found in facts.plan.versions), today))


def newest_version(facts: TenantFacts, today: date) -> VersionFact | None:
    """Return the newest version that is published today."""
    published = [found for found in facts.plan.versions if found.published_on <= today]
    return max(published, key=lambda found: found.number, default=None)


def _unpublished(newest: VersionFact | None) -> Iterator[Judgement]:
    if newest is None:
        text = N_("No version of the plan has been published yet, so no copy of it can lie elsewhere.")
        yield missing(text, Subject(part="newest"))


def _copy_outdated(facts: TenantFacts, newest: VersionFact | None) -> Iterator[Judgement]:
    answer = facts.plan.answers.get("backup.offsite-plan")
    copy = answer.number("version") if answer else None
    if newest is not None and copy is not None and copy != newest.number:
        yield missing(
            N_("The copy is of version %(copy)s; the newest published version is %(newest)s."),
            Subject(part="newest"),
            copy=copy,
            newest=newest.number,
        )


def air_gapped(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a copy that is never connected to the internet, checked within the off-site interval.

    Source: backup.air-gapped.
    """
    if facts.plan.copies:
        yield from copies.offline_copies(facts, today)
        return
    item_id = "backup.air-gapped"
    yield from answered(
        facts,
        item_id,
        Needed("offline", N_("It is not told whether a copy is kept off the internet.")),
        Needed("copy", N_("It is not told which copy is kept off the internet.")),
        Needed("verified_on", N_("It is not told when that copy was last checked.")),
    )
    if chosen(facts, item_id, "offline") not in ("", YES):
        yield missing(N_("No back-up copy is kept off the internet."), Subject(part="offline"))
    yield from dated(
        facts,
        item_id,
        "verified_on",
        Interval.OFFSITE,
        today,
        soon=N_("Check the copy that is off the internet: the last check counts until %(until)s."),
        lapsed=N_("Check the copy that is off the internet: the last check counted until %(until)s."),
    )


def safe_keeping(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a kind of keeping, a keeper with a phone number, how far back the back-up goes, and how it is made.

    How long copies are kept, how often they are made and who may delete them the handbook does not ask, and no source
    names a number: it is a warning, never a fault, and too short is only what keeps the newest state alone.
    Source: backup.safe-keeping; 2024/2690, annex 4.2.2 (a), (b), (d) and (f).
    """
    if facts.plan.copies:
        yield from copies.safely_kept(facts)
        yield from copied_how.asked(copied_how.told(facts))
        return
    item_id = "backup.safe-keeping"
    yield from answered(facts, item_id, Needed("keeping", N_("It is not told how the back-up is kept safe.")), KEEPER)
    found = keeper(facts, item_id)
    if found and not reachable(found):
        yield missing(NO_PHONE, person(found), name=found.name)
    yield from _how_far_back(facts)


def _how_far_back(facts: TenantFacts) -> Iterator[Judgement]:
    """Judge how far back the back-up goes and how it is made, once anything else of its keeping was answered."""
    answer = facts.plan.answers.get("backup.safe-keeping")
    if answer is None or not (answer.contact_id or any(answer.values.values())):
        return
    days, subject = answer.number(KEPT_DAYS), Subject(part="kept")
    if days is None:
        text = N_("It is not told yet how many days you can go back with the back-up.")
        yield missing(text, subject, severity=Severity.WARNING)
    elif days == 1:
        yield missing(copies.NEWEST_ONLY, subject, severity=Severity.WARNING)
    yield from copied_how.asked(copied_how.told(facts))


def out_of_hours(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want how and by whom the back-up is reached outside office hours, tried within the off-site interval.

    Source: backup.out-of-hours.
    """
    if facts.plan.copies:
        yield from copies.reached_at_night(facts, today)
        return
    item_id = "backup.out-of-hours"
    yield from answered(
        facts,
        item_id,
        Needed("how", N_("It is not told how to reach the back-up outside office hours.")),
        Needed("keeper", N_("It is not told who can reach the back-up outside office hours.")),
        Needed("tried_on", N_("It is not told when this was last tried.")),
    )
    yield from dated(
        facts,
        item_id,
        "tried_on",
        Interval.OFFSITE,
        today,
        soon=N_("Try to reach the back-up outside office hours: the last try counts until %(until)s."),
        lapsed=N_("Try to reach the back-up outside office hours: the last try counted until %(until)s."),
    )


def encrypted(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the method of encryption, and where the key is kept.

    Source: backup.encrypted.
    """
    if facts.plan.copies:
        yield from copies.well_encrypted(facts)
        return
    yield from answered(
        facts,
        "backup.encrypted",
        Needed("method", N_("It is not told how the back-up is encrypted.")),
        Needed("key_place", N_("It is not told where the key of the back-up is kept.")),
    )


CHECKS: dict[str, Check] = {
    **{
        item_id: partial(offsite, item_id=item_id)
        for item_id in ("backup.offsite-data", "backup.offsite-licences", "backup.offsite-installers")
    },
    "backup.offsite-plan": offsite_plan,
    "backup.air-gapped": air_gapped,
    "backup.safe-keeping": safe_keeping,
    "backup.out-of-hours": out_of_hours,
    "backup.encrypted": encrypted,
}
