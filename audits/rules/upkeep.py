"""Rules of the upkeep: is the plan still true, and does it say anything at every item."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from audits.judging.judgement import (
    WHOLE_PLAN,
    Check,
    Holds,
    Judgement,
    Subject,
    TenantFacts,
    aged,
    earliest,
    missing,
    shifted,
    sooner,
)
from audits.judging.severity import Severity
from audits.rules.answers import Needed, advised, answered, dated, left_out, seated, team, waived, waiver_starts
from audits.rules.backup import newest_version
from audits.rules.versions import approval
from core.i18n import N_
from plans import intervals
from plans.facts import AssetFact, ContactFact, PlanFacts, WaiverFact
from plans.facts.entered import entered
from plans.handbook import ItemKind, items
from plans.intervals import Interval
from plans.models import AssetKind
from plans.seats import HOLDER, WARNINGS

REVIEW, RESPONSIBLE, TAILORED = "upkeep.review", "upkeep.responsible", "upkeep.tailored"
LABEL_LENGTH = 120


def review(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want the plan reviewed within the review interval, and approved; advise to tell what it covers.

    Source: upkeep.review; 2024/2690, annex 4.1.2 (a).
    """
    yield from answered(facts, REVIEW, Needed("reviewed_on", N_("The plan has not been reviewed yet.")))
    covers = N_("It is not told yet what the plan is for, what it leaves out, and who reads it.")
    yield from advised(facts, REVIEW, Needed("covers", covers))
    yield from dated(
        facts,
        REVIEW,
        "reviewed_on",
        Interval.REVIEW,
        today,
        soon=N_("Review the plan again: the last review counts until %(until)s."),
        lapsed=N_("Review the plan again: the last review counted until %(until)s."),
    )
    yield from approval(facts, today)


def business_change(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want every reported change of the business followed by a published version, on the same day or later.

    Source: upkeep.business-change.
    """
    newest = newest_version(facts, today)
    gaps = []
    if newest is None:
        gaps.append(missing(N_("No version of the plan has been published yet, so no change is part of it.")))
    for change in facts.plan.changes:
        if newest and change.reported_on > newest.published_on:
            label = change.what[:LABEL_LENGTH]
            gaps.append(
                missing(
                    N_("The business changed on %(day)s (%(what)s) and no version has been published since."),
                    Subject("business_change", change.id, label),
                    day=change.reported_on,
                    what=label,
                )
            )
    yield from sooner(gaps, earliest((found.published_on for found in facts.plan.versions), today))


@dataclass(frozen=True, slots=True)
class Confirming:
    """A register whose rows must be confirmed. kind: its table; left_out_by: the item whose waiver leaves it empty."""

    kind: str
    rows: Callable[[PlanFacts], Collection[ContactFact | AssetFact]]
    interval: Interval
    empty: str
    never: str
    soon: str
    lapsed: str
    left_out_by: str = ""


CONTACTS = Confirming(
    "contact",
    lambda plan: plan.contacts.values(),
    Interval.CONTACT,
    N_("No contact has been recorded yet."),
    N_("The contact data of %(name)s have never been confirmed."),
    N_("The contact data of %(name)s are confirmed until %(until)s."),
    N_("The contact data of %(name)s were confirmed until %(until)s."),
)
LICENCES = Confirming(
    "asset",
    lambda plan: plan.assets.get(AssetKind.LICENCE, ()),
    Interval.LICENCE,
    N_("No software licence has been recorded yet."),
    N_("The data of the licence %(name)s have never been confirmed."),
    N_("The data of the licence %(name)s are confirmed until %(until)s."),
    N_("The data of the licence %(name)s were confirmed until %(until)s."),
    "inventory.licences",
)


def confirmed(facts: TenantFacts, today: date, *, confirming: Confirming) -> Iterator[Judgement]:
    """Want every row of a register confirmed within its interval.

    Source: upkeep.contacts, upkeep.licences.
    """
    valid_days = intervals.days(facts.plan.intervals, confirming.interval)
    rows = confirming.rows(facts.plan)
    if not rows:
        yield from _nothing_to_confirm(facts, today, confirming)
    for row in rows:
        yield aged(
            Subject(confirming.kind, row.id, row.name),
            row.confirmed_on,
            valid_days,
            today,
            absent=confirming.never,
            soon=confirming.soon,
            lapsed=confirming.lapsed,
            params={"name": row.name},
        )


def contacts(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want every contact confirmed within its interval; advise it of every company that is called in.

    Source: upkeep.contacts; rules 3.9, default ages.
    """
    yield from confirmed(facts, today, confirming=CONTACTS)
    for party in facts.plan.parties:
        subject = Subject("external_party", party.id, party.name)
        if party.confirmed_on is None:
            yield missing(CONTACTS.never, subject, severity=Severity.WARNING, name=party.name)
            continue
        yield aged(
            subject,
            party.confirmed_on,
            intervals.days(facts.plan.intervals, intervals.of_party(party.kind)),
            today,
            absent=CONTACTS.never,
            soon=CONTACTS.soon,
            lapsed=CONTACTS.lapsed,
            params={"name": party.name},
            worst=Severity.WARNING,
        )


def _nothing_to_confirm(facts: TenantFacts, today: date, confirming: Confirming) -> Iterator[Judgement]:
    waiver = left_out(facts, confirming.left_out_by, today)
    if waiver:
        yield waived(waiver, WHOLE_PLAN, today)
    else:
        yield from sooner([missing(confirming.empty)], waiver_starts(facts, confirming.left_out_by, today))


def responsible(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want a member of the calamity team to answer for the upkeep; advise that somebody reads warnings.

    Source: upkeep.responsible; 2024/2690, annex 4.3.3.
    """
    holder = seated(facts.plan, RESPONSIBLE, HOLDER)
    if holder is None:
        yield missing(N_("Nobody answers for the upkeep of the plan yet."))
    elif holder.id not in {member.id for _, member in team(facts.plan)}:
        yield missing(
            N_("%(name)s answers for the upkeep but is not in the calamity team."),
            Subject("contact", holder.id, holder.name),
            name=holder.name,
        )
    if holder is not None and seated(facts.plan, RESPONSIBLE, WARNINGS) is None:
        nobody = N_("Nobody reads the warnings of authorities and suppliers yet.")
        yield missing(nobody, Subject(part=WARNINGS), severity=Severity.WARNING)


def tailored(facts: TenantFacts, today: date) -> Iterator[Judgement]:
    """Want something entered at every item, or the item left out with a reason. Derived items ask for nothing.

    Source: upkeep.tailored.
    """
    said = entered(facts.plan)
    bare = [item_id for item_id in _asked() if item_id not in said]
    of_whole = {waiver.item_id for waiver in facts.plan.waivers if not waiver.part}
    named = [[each for each in (item_id, FOLLOWS.get(item_id, "")) if each in of_whole] for item_id in bare]
    waivers = [_left_out(facts, each, today) if each else None for each in named]
    ends = [waiver.until for waiver in waivers if waiver]
    unanswered = waivers.count(None)
    if unanswered:
        gap = missing(N_("Items without any answer, and not marked as not applicable: %(count)s."), count=unanswered)
        starts = [waiver_starts(facts, each, today) for both in named for each in both]
        yield from sooner([gap], earliest([*starts, *(shifted(end, 1) for end in ends)], today))
    elif ends:
        yield Holds(WHOLE_PLAN, min(ends), shifted(min(ends), 1))


@cache
def _asked() -> tuple[str, ...]:
    """Return the items that ask for something of their own."""
    return tuple(item.id for item in items() if item.kind is not ItemKind.DERIVED)


def _left_out(facts: TenantFacts, item_ids: Iterable[str], today: date) -> WaiverFact | None:
    """Return the longest waiver by which one of these items, the item itself or what it follows, is left out today."""
    found = [left_out(facts, each, today) for each in item_ids]
    return max((waiver for waiver in found if waiver), key=lambda waiver: waiver.until, default=None)


# Items that have nothing to ask once another item is left out.
FOLLOWS = {"self-check.extra-protection": "self-check.attractive-data", "upkeep.licences": "inventory.licences"}
CHECKS: dict[str, Check] = {
    REVIEW: review,
    "upkeep.business-change": business_change,
    "upkeep.contacts": contacts,
    "upkeep.licences": partial(confirmed, confirming=LICENCES),
    RESPONSIBLE: responsible,
    TAILORED: tailored,
}
