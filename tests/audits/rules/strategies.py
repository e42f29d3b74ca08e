"""Random organisations: the sound one with days moved, rows dropped and things left out."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st

from audits.judging.judgement import TenantFacts
from continuity.facts import (
    AgreementFact,
    ClientFact,
    ContinuityFacts,
    DeedFact,
    ExitTaskFact,
    RegistrationFact,
    RequestFact,
)
from continuity.requests.states import LIVE
from plans.facts import (
    AnswerFact,
    ChangeFact,
    CopyFact,
    FollowUpFact,
    InstructionFact,
    PlannedFact,
    ResultFact,
    VersionFact,
    WaiverFact,
)
from plans.handbook import Section, items, of_section
from plans.intervals import Interval
from plans.models import AssetKind, Outcome
from tests.audits.rules.build import DIGEST, SOUND
from tests.audits.rules.changing import replace
from tests.audits.rules.copies import ALL

F = TypeVar("F")
DAYS = st.dates(date(2027, 8, 1), date(2028, 12, 31))
SOME_DAY = st.none() | DAYS
DAY_FIELDS = ("seen_on", "verified_on", "tried_on", "reviewed_on", "expires_on")


def some(rows: Sequence[F]) -> st.SearchStrategy[tuple[F, ...]]:
    """Some of `rows`, in their order."""
    if not rows:
        return st.just(())
    return st.sets(st.sampled_from(range(len(rows)))).map(lambda kept: tuple(rows[at] for at in sorted(kept)))


@st.composite
def answers(draw: st.DrawFn) -> dict[str, AnswerFact]:
    found = {}
    for each in draw(some(tuple(SOUND.plan.answers.values()))):
        moved = {name: draw(DAYS).isoformat() for name in DAY_FIELDS if name in each.values}
        found[each.item_id] = replace(each, values={**each.values, **moved}, answered_on=draw(DAYS))
    return found


WAIVERS = st.lists(
    st.builds(
        WaiverFact,
        st.sampled_from([item.id for item in items()]) | st.just("runbook.external-parties"),
        st.sampled_from(["", "lawyer", "insurer", "facility", "it-administrator"]),
        DAYS,
        DAYS,
    ),
    max_size=8,
    unique_by=lambda waiver: (waiver.item_id, waiver.part),
).map(tuple)


@st.composite
def results(draw: st.DrawFn) -> dict[str, tuple[ResultFact, ...]]:
    found = {}
    for item_id, (sound,) in SOUND.plan.results.items():
        moved = st.builds(
            replace,
            st.just(sound),
            id=st.uuids(),
            done_on=DAYS,
            outcome=st.sampled_from(Outcome),
            system_ids=some(tuple(sorted(sound.system_ids))).map(frozenset),
            minutes=st.none() | st.integers(1, 3000),
        )
        found[item_id] = tuple(draw(st.lists(moved, max_size=3)))
    return found


def published(kind: Any, *middle: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """Numbered versions, each with a day of its own."""
    return st.lists(DAYS, max_size=3).map(
        lambda days: tuple(kind(*middle, number, day) for number, day in enumerate(days, 1))
    )


TESTED = st.sampled_from([item.id for item in of_section(Section.TESTING)])
PLANNED = st.builds(PlannedFact, st.uuids(), TESTED, DAYS, st.booleans())
FOLLOW_UPS = st.builds(FollowUpFact, st.uuids(), TESTED, st.just("Mend it"), DAYS, DAYS)


@st.composite
def copies(draw: st.DrawFn) -> tuple[CopyFact, ...]:
    found = draw(some(ALL))
    return tuple(
        replace(
            each,
            off_site=draw(st.booleans()),
            there_on=draw(SOME_DAY),
            reached_on=draw(SOME_DAY),
            plan_version=draw(st.none() | st.integers(1, 3)),
        )
        for each in found
    )


@st.composite
def instructions(draw: st.DrawFn) -> tuple[InstructionFact, ...]:
    (sound,) = SOUND.plan.instructions
    others = st.builds(replace, st.just(sound), id=st.uuids(), number=st.just(4), published_on=DAYS)
    return (replace(sound, published_on=draw(DAYS)), *draw(st.lists(others, max_size=1)))


@st.composite
def agreements(draw: st.DrawFn) -> tuple[AgreementFact, ...]:
    found = []
    for sound in SOUND.continuity.registrations[0].agreements:
        moved = st.builds(
            replace,
            st.just(sound),
            id=st.uuids(),
            **dict.fromkeys(("first_signed_on", "second_signed_on", "starts_on", "ends_on", "notice_on"), SOME_DAY),
        )
        found.extend(draw(st.lists(moved, max_size=3)))
    return tuple(found)


@st.composite
def clients(draw: st.DrawFn, deeds: tuple[DeedFact, ...]) -> tuple[ClientFact, ...]:
    found = []
    for sound in draw(some(SOUND.continuity.registrations[0].clients)):
        (accepted,) = sound.acceptances.values()
        moved = st.builds(replace, st.just(accepted), accepted_on=DAYS, conditions_met_on=SOME_DAY, ended_on=SOME_DAY)
        acceptances = {deed.id: draw(moved) for deed in draw(some(deeds))}
        found.append(replace(sound, invited_on=draw(SOME_DAY), acceptances=acceptances))
    return tuple(found)


TASKS = st.lists(st.builds(ExitTaskFact, st.uuids(), st.just("Move the mail"), DAYS), max_size=3).map(tuple)
REQUESTS: st.SearchStrategy[RequestFact] = st.builds(
    RequestFact,
    st.uuids(),
    st.just("De Halm"),
    st.sampled_from(LIVE),
    DAYS,
    SOME_DAY,
    SOME_DAY,
    SOME_DAY,
    TASKS,
)


@st.composite
def registrations(draw: st.DrawFn, sound: RegistrationFact) -> RegistrationFact:
    deeds = tuple(replace(each, published_on=draw(SOME_DAY)) for each in draw(some(sound.deeds)))
    assert sound.counterparty is not None
    return replace(
        sound,
        scope_understood_on=draw(SOME_DAY),
        portfolio_changed_on=draw(SOME_DAY),
        declared_bankrupt_on=draw(SOME_DAY),
        agreements=draw(agreements()),
        counterparty=replace(
            sound.counterparty, chosen_on=draw(SOME_DAY), knows_on=draw(SOME_DAY), willing_on=draw(SOME_DAY)
        ),
        contacts={party: replace(each, confirmed_on=draw(SOME_DAY)) for party, each in sound.contacts.items()},
        deeds=deeds,
        requests=tuple(draw(st.lists(REQUESTS, max_size=3))),
        clients=draw(clients(deeds)),
        handovers=tuple(
            replace(
                each,
                changed_on=draw(SOME_DAY),
                delivered_on=draw(SOME_DAY),
                confirmed_on=draw(SOME_DAY),
                keys_gone_on=draw(SOME_DAY),
                keys_left=draw(st.integers(0, 3)),
                keys_short_on=draw(SOME_DAY),
                max_age_days=draw(st.integers(1, 100)),
            )
            for each in draw(some(sound.handovers))
        ),
    )


@st.composite
def plans(draw: st.DrawFn) -> TenantFacts:
    """A plan in which anything dated may be missing, long ago or still to come."""
    sound = SOUND.plan
    licence = sound.assets[AssetKind.LICENCE][0]
    licences = st.builds(
        replace, st.just(licence), id=st.uuids(), expires_on=SOME_DAY, confirmed_on=SOME_DAY, perpetual=st.booleans()
    )
    contacts = [replace(each, confirmed_on=draw(SOME_DAY)) for each in sound.contacts.values()]
    plan = replace(
        sound,
        answers=draw(answers()),
        assignments={
            key: replace(each, task_changed_on=draw(SOME_DAY), acknowledged_on=draw(SOME_DAY))
            for key, each in sound.assignments.items()
        },
        waivers=draw(WAIVERS),
        contacts={each.id: each for each in contacts},
        parties=draw(some(sound.parties)),
        systems=tuple(replace(each, in_use_on=draw(SOME_DAY)) for each in draw(some(sound.systems))),
        data_sets=draw(some(sound.data_sets)),
        assets={**sound.assets, AssetKind.LICENCE: tuple(draw(st.lists(licences, max_size=3)))},
        results=draw(results()),
        steps=draw(some(sound.steps)),
        signs=draw(some(sound.signs)),
        versions=tuple(
            replace(each, digest=DIGEST, approved_on=draw(SOME_DAY)) for each in draw(published(VersionFact))
        ),
        digest=draw(st.sampled_from(["", DIGEST])),
        changes=tuple(draw(st.lists(st.builds(ChangeFact, st.uuids(), DAYS, st.just("Move")), max_size=2))),
        instructions=draw(instructions()),
        receipts=tuple(replace(each, acknowledged_on=draw(DAYS)) for each in draw(some(sound.receipts))),
        copies=draw(copies()),
        planned=tuple(draw(st.lists(PLANNED, max_size=3))),
        follow_ups=tuple(draw(st.lists(FOLLOW_UPS, max_size=3))),
        intervals=draw(st.dictionaries(st.sampled_from([each.value for each in Interval]), st.integers(1, 400))),
    )
    return replace(SOUND, plan=plan)


@st.composite
def schemes(draw: st.DrawFn) -> TenantFacts:
    """One registration of any type, in which anything dated may be missing, long ago or still to come."""
    registration = draw(registrations(draw(st.sampled_from(SOUND.continuity.registrations))))
    return replace(SOUND, continuity=ContinuityFacts((registration,)))
