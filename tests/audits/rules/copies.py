"""Boundary tables of the back-up for an organisation that keeps its copies as records."""

from datetime import date
from typing import Any
from uuid import UUID

from audits.judging.judgement import TenantFacts
from plans.facts import CopyFact, VersionFact
from plans.models import CloudIn, CopyOf, Keeping, MadeEvery
from tests.audits.rules.build import DONE_ON, HENK, LONG_AGO, SOUND, UNTIL_90, people, plan
from tests.audits.rules.cases import Case, case, fault, lapsing, warning
from tests.audits.rules.changing import replace


def copy(name: str, holds: CopyOf, number: int, **changes: Any) -> CopyFact:
    whole = CopyFact(
        id=UUID(int=700 + number),
        holds=holds,
        name=name,
        has_location=True,
        off_site=True,
        offline=True,
        keeping=Keeping.SAFE,
        keeper_id=HENK.id,
        party_id=None,
        has_encryption=True,
        has_key_place=True,
        key_apart=True,
        night_contact_id=HENK.id,
        has_night_how=True,
        plan_version=2 if holds is CopyOf.PLAN else None,
        kept_days=30 if holds is CopyOf.DATA else None,
        made_every=MadeEvery.DAY if holds is CopyOf.DATA else None,
        cloud_in=CloudIn.YES if holds is CopyOf.DATA else None,
        settings_in=True if holds is CopyOf.DATA else None,
        deletable=False if holds is CopyOf.DATA else None,
        has_may_delete=holds is CopyOf.DATA,
        there_on=DONE_ON,
        reached_on=DONE_ON,
    )
    return replace(whole, **changes)


DISK, PAPERS, STICK, PRINT = (
    copy("Disk", CopyOf.DATA, 1),
    copy("Papers", CopyOf.LICENCES, 2),
    copy("Stick", CopyOf.INSTALLERS, 3),
    copy("Print", CopyOf.PLAN, 4),
)
ALL = (DISK, PAPERS, STICK, PRINT)
OF_ITEM = {
    "backup.offsite-data": DISK,
    "backup.offsite-licences": PAPERS,
    "backup.offsite-installers": STICK,
}


def keeping(*copies: CopyFact) -> TenantFacts:
    return plan(copies=copies)


def having(one: CopyFact, **changes: Any) -> TenantFacts:
    """All copies in order but `one`, changed."""
    return keeping(*(replace(each, **changes) if each is one else each for each in ALL))


def beside(one: CopyFact, **changes: Any) -> TenantFacts:
    """All copies in order, and one more like `one`, changed."""
    return keeping(*ALL, replace(one, id=UUID(int=799), name="Spare", **changes))


def renamed(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    return tuple(replace(each, name=f"{each.name}, a copy") for each in cases)


WHOLE = case("copies are in order", keeping(*ALL))


def _offsite(one: CopyFact) -> tuple[Case, ...]:
    others = tuple(each for each in ALL if each is not one)
    return (
        WHOLE,
        case("no copy of it", keeping(*others), fault("is kept outside the building")),
        case("in the building", having(one, off_site=False), fault("is kept outside the building")),
        case("no place", having(one, has_location=False), fault(f"{one.name}: it is not told where")),
        case("no keeper of the copy", having(one, keeper_id=None), fault(f"{one.name}: it is not told who")),
        case("kept by somebody who left", having(one, keeper_id=UUID(int=999)), fault("it is not told who")),
        case("kept by a firm", having(one, keeper_id=None, party_id=SOUND.plan.parties[0].id)),
        case("never seen", having(one, there_on=None), fault(f"{one.name}: nobody has seen it")),
        *renamed(lapsing(UNTIL_90, "still there: the last sighting counts until", "counted until", keeping(*ALL))),
        case("another was never seen", beside(one, there_on=None), warning("Spare: nobody has seen it")),
        case("another was seen long ago", beside(one, there_on=LONG_AGO), warning("whether Spare is still there")),
        case("the other one is the good one", keeping(replace(one, there_on=LONG_AGO), replace(one, id=UUID(int=799))),
             warning("whether")),
    )  # fmt: skip


def _asked(field: str, no: object, silent: str, wrong: str) -> tuple[Case, ...]:
    """A question that one copy answers for all, whichever of them."""
    return (
        case(f"{field}: nobody told", having(DISK, **{field: None}), warning(silent)),
        case(f"{field}: not in it", having(DISK, **{field: no}), warning(wrong)),
        case(f"{field}: one of two will do", beside(DISK, **{field: no})),
        case(f"{field}: in neither", keeping(*ALL[1:], replace(DISK, **{field: no}), replace(
            DISK, id=UUID(int=799), **{field: None})), warning(silent)),
    )  # fmt: skip


OFFSITE = {item_id: _offsite(one) for item_id, one in OF_ITEM.items()}
COPIES: dict[str, tuple[Case, ...]] = {
    **OFFSITE,
    "backup.offsite-plan": (
        WHOLE,
        case("no copy of the plan", keeping(DISK), fault("No copy of the plan is kept outside")),
        case("version not told", having(PRINT, plan_version=None), fault("Print: it is not told which version")),
        case("an older version", having(PRINT, plan_version=1), fault("Print is of version 1; the newest")),
        case("an older one beside it", beside(PRINT, plan_version=1), warning("Spare is of version 1")),
        case(
            "copies, but never published",
            replace(keeping(*ALL), plan=replace(keeping(*ALL).plan, versions=())),
            fault("No version of the plan"),
        ),
        case(
            "a newer version tomorrow",
            plan(copies=ALL, versions=(VersionFact(2, DONE_ON), VersionFact(3, date(2027, 12, 3)))),
            turns=date(2027, 12, 3),
        ),
    ),
    "backup.air-gapped": (
        WHOLE,
        case("no copy off line", having(DISK, offline=False), fault("No back-up copy is kept off")),
        case("only the plan is off line", keeping(PRINT), fault("No back-up copy is kept off")),
        case("off line in the building will do", having(DISK, off_site=False)),
        case("never looked at", having(DISK, there_on=None), fault("Disk: nobody has seen it")),
        *renamed(lapsing(UNTIL_90, "counts until 2028-02-29", "counted until 2028-02-29", keeping(*ALL))),
    ),
    "backup.safe-keeping": (
        WHOLE,
        case("no copy of data", keeping(PRINT), fault("No copy of your data has been recorded")),
        case("keeping not told", having(DISK, keeping=None), fault("Disk: it is not told how it is kept")),
        case("nobody keeps it", having(DISK, keeper_id=None), fault("Disk: it is not told who keeps it")),
        case(
            "the keeper has no phone",
            replace(keeping(*ALL), plan=replace(people(replace(HENK, phone=" ")).plan, copies=ALL)),
            fault("Henk has no phone number"),
        ),
        case("a firm with a phone", having(DISK, keeper_id=None, party_id=SOUND.plan.parties[0].id)),
        case(
            "of a copy not told how far back",
            having(DISK, kept_days=None),
            warning("Disk: it is not told yet how many days"),
        ),
        case("each is asked how far back", beside(DISK, kept_days=None), warning("Spare: it is not told yet how many")),
        case(
            "only the newest of each", having(DISK, kept_days=1), warning("Only the newest copy of your data is kept")
        ),
        case("two days of a copy will do", having(DISK, kept_days=2)),
        case("one that goes back is enough", beside(DISK, kept_days=1)),
        case("of a copy of the plan nobody asks how far back", having(PRINT, kept_days=None)),
        case("each copy counts", beside(DISK, keeping=None), fault("Spare: it is not told how it is kept")),
        case("not told how often", having(DISK, made_every=None), warning("Disk: it is not told yet how often")),
        case("each is asked how often", beside(DISK, made_every=None), warning("Spare: it is not told yet how often")),
        case("of a copy of the plan nobody asks how often", beside(PRINT, made_every=None)),
        *_asked("cloud_in", CloudIn.NO, "whether what you keep in the cloud", "in the cloud is in none of your"),
        case("nothing is kept in the cloud", having(DISK, cloud_in=CloudIn.NOTHING)),
        *_asked("settings_in", False, "whether the settings of your systems", "systems are in none of your back-ups"),
        case("a disk in a safe cannot be deleted from afar", having(DISK, deletable=None)),
        case(
            "not told of one that is connected",
            having(DISK, deletable=None, offline=False),
            warning("not told yet whether the back-up can be deleted"),
        ),
        case("each can be deleted", having(DISK, deletable=True), warning("Every back-up can be deleted from your")),
        case("told of one, and another can be", beside(DISK, deletable=True)),
        case("not told who may", having(DISK, has_may_delete=False), warning("not told yet who may delete")),
        case("told of one who may", beside(DISK, has_may_delete=False)),
    ),
    "backup.out-of-hours": (
        WHOLE,
        case("no data", keeping(PRINT), fault("No copy of your data")),
        case("not told how", having(DISK, has_night_how=False), fault("Disk: it is not told how to reach it")),
        case("not told who", having(DISK, night_contact_id=None), fault("Disk: it is not told who can reach it")),
        case("never tried", having(DISK, reached_on=None), fault("Disk: nobody has tried")),
        case("one that can be reached will do", beside(DISK, reached_on=None, has_night_how=False)),
        case("one by somebody who is told will do", beside(DISK, night_contact_id=None)),
        *renamed(lapsing(UNTIL_90, "counts until 2028-02-29", "counted until 2028-02-29", keeping(*ALL))),
    ),
    "backup.encrypted": (
        WHOLE,
        case("no copy of the data", keeping(PRINT), fault("No copy of your data has been recorded")),
        case("no method told", having(DISK, has_encryption=False), fault("Disk: it is not told how it is encrypted")),
        case("no place of the key", having(DISK, has_key_place=False), fault("Disk: it is not told where the key")),
        case("nobody said where the key lies", having(DISK, key_apart=None), fault("whether the key lies apart")),
        case("the key lies with it", having(DISK, key_apart=False), fault("Disk: the key lies with the copy")),
        case("each of them", beside(DISK, has_encryption=False), fault("Spare: it is not told how it is encrypted")),
        case("a copy of the plan need not be", having(PRINT, has_encryption=False, key_apart=None)),
    ),
}
