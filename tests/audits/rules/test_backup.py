"""The back-up section, at its boundaries."""

from datetime import date
from typing import Any

import pytest

from plans.facts import VersionFact
from tests.audits.rules.build import HENK, KEES, NEXT_WEEK, SOUND, UNTIL_90, answering, people, plan, unanswered
from tests.audits.rules.cases import COMPLETE, Case, case, check, fault, lapsing, rows, tightened, warning, without
from tests.audits.rules.changing import replace
from tests.audits.rules.copies import COPIES


def offsite(item_id: str) -> tuple[Case, ...]:
    return (
        COMPLETE,
        case("not answered", unanswered(item_id), fault("not been answered")),
        *without(item_id, location="where it is kept", keeper="who keeps it", seen_on="last seen"),
        case("keeper no longer kept", answering(item_id, contact_id=SOUND.plan.parties[0].id), fault("who keeps it")),
        case("seen next week", answering(item_id, seen_on="2027-12-09"), fault("has yet to come"), turns=NEXT_WEEK),
        *lapsing(UNTIL_90, "counts until 2028-02-29", "counted until 2028-02-29"),
        *tightened("offsite", "until 2027-12-11"),
        case("cannot be loosened", plan(intervals={"offsite": 500}), turns=date(2028, 1, 30)),
    )


def versions(*found: VersionFact) -> Any:
    return plan(versions=found)


FIRST, SECOND = VersionFact(1, date(2020, 1, 1)), VersionFact(2, date(2027, 12, 1))
ANSWERED = {
    "backup.offsite-data": offsite("backup.offsite-data"),
    "backup.offsite-licences": offsite("backup.offsite-licences"),
    "backup.offsite-installers": offsite("backup.offsite-installers"),
    "backup.offsite-plan": (
        COMPLETE,
        case("not answered", unanswered("backup.offsite-plan"), fault("not been answered")),
        *without("backup.offsite-plan", location="where it is", keeper="who keeps it", version="which version"),
        case("copy one behind", answering("backup.offsite-plan", version=1), fault("of version 1; the newest")),
        case(
            "copy of a version to come", answering("backup.offsite-plan", version=3), fault("of version 3; the newest")
        ),
        case("never published", versions(), fault("No version of the plan"), turns=None),
        case("next version tomorrow", versions(SECOND, VersionFact(3, NEXT_WEEK)), turns=NEXT_WEEK),
        case(
            "next version out",
            versions(FIRST, SECOND, VersionFact(3, NEXT_WEEK)),
            fault("version 2; the newest published version is 3"),
            today=NEXT_WEEK,
            turns=None,
        ),
    ),
    "backup.air-gapped": (
        COMPLETE,
        case("not answered", unanswered("backup.air-gapped"), fault("not been answered")),
        *without("backup.air-gapped", offline="whether a copy", copy="which copy", verified_on="last checked"),
        case("no copy offline", answering("backup.air-gapped", offline="no"), fault("No back-up copy is kept off")),
        *lapsing(UNTIL_90, "counts until 2028-02-29", "counted until 2028-02-29"),
    ),
    "backup.safe-keeping": (
        COMPLETE,
        case("not answered", unanswered("backup.safe-keeping"), fault("not been answered")),
        *without("backup.safe-keeping", keeping="kept safe", keeper="who keeps it"),
        case(
            "not told how far back", answering("backup.safe-keeping", kept_days=None), warning("how many days you can")
        ),
        case(
            "not told how far back, nor who keeps it",
            answering("backup.safe-keeping", contact_id=None, kept_days=None),
            fault("who keeps it"),
            warning("how many days you can"),
        ),
        case("only the newest", answering("backup.safe-keeping", kept_days=1), warning("Only the newest copy")),
        case("two days will do", answering("backup.safe-keeping", kept_days=2)),
        case(
            "how far back alone, at its least",
            answering("backup.safe-keeping", keeping="", contact_id=None, kept_days=2),
            fault("not been answered"),
        ),
        case("answer: how often", answering("backup.safe-keeping", made_every=""), warning("how often the back-up")),
        case("answer: the cloud", answering("backup.safe-keeping", cloud_in=""), warning("whether what you keep")),
        case(
            "answer: no cloud",
            answering("backup.safe-keeping", cloud_in="no"),
            warning("in the cloud is in none of your"),
        ),
        case("answer: nothing there", answering("backup.safe-keeping", cloud_in="nothing")),
        case("answer: settings", answering("backup.safe-keeping", settings_in=""), warning("whether the settings")),
        case("answer: no settings", answering("backup.safe-keeping", settings_in="no"), warning("systems are in none")),
        case("answer: deleting", answering("backup.safe-keeping", deletable=""), warning("whether the back-up")),
        case(
            "answer: deletable", answering("backup.safe-keeping", deletable="yes"), warning("Every back-up can be del")
        ),
        case("answer: who may", answering("backup.safe-keeping", may_delete=""), warning("who may delete")),
        case("keeper without phone", people(replace(HENK, phone=" ")), fault("Henk has no phone number")),
        case("second phone will do", people(replace(HENK, phone="", phone_2="+31612345678"))),
        case("a second phone of blanks will not", people(replace(HENK, phone="", phone_2=" ")), fault("Henk has no")),
        case("another one's phone is no help", people(replace(KEES, phone=""))),
    ),
    "backup.out-of-hours": (
        COMPLETE,
        case("not answered", unanswered("backup.out-of-hours"), fault("not been answered")),
        *without("backup.out-of-hours", how="how to reach", keeper="who can reach", tried_on="last tried"),
        *lapsing(UNTIL_90, "counts until 2028-02-29", "counted until 2028-02-29"),
    ),
    "backup.encrypted": (
        COMPLETE,
        case("not answered", unanswered("backup.encrypted"), fault("not been answered")),
        *without("backup.encrypted", method="how the back-up is encrypted", key_place="where the key"),
    ),
}
BOUNDARIES = {code: (*cases, *COPIES[code]) for code, cases in ANSWERED.items()}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_backup_rules_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)
