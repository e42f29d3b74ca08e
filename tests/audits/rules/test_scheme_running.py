"""Handovers, communication and the three months, at their boundaries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from audits.judging.judgement import TenantFacts
from audits.rules import by_code
from continuity.facts import ContinuityFacts, ExitTaskFact, KeyFact
from continuity.models import HandoverKind, RequestState, SchemeParty, SchemeType
from tests.audits.rules.build import NEXT_WEEK, SOUND, TODAY, UNTIL_180, plan
from tests.audits.rules.build_scheme import ASKED, CONTACTS, HANDOVER_UNTIL, HANDOVERS, registered
from tests.audits.rules.cases import COMPLETE, Case, Said, case, check, fault, lapsing, notice, rows, tightened, warning
from tests.audits.rules.changing import replace

HOSTING, SERVERS, SOFTWARE = SchemeType
NOTHING = replace(SOUND, continuity=ContinuityFacts(()))
COUNTS, COUNTED = "the last delivery counts until 2028-02-29", "the last delivery counted until 2028-02-29"


def scheme(scheme_type: SchemeType, **changes: Any) -> TenantFacts:
    return replace(SOUND, continuity=registered(scheme_type, **changes))


def handover(kind: HandoverKind, none: str, stale: str) -> tuple[Case, ...]:
    item = next(each for each in HANDOVERS if each.kind is kind)
    others = tuple(each for each in HANDOVERS if each.kind is not kind)

    def with_items(*changes: dict[str, Any], scheme_type: SchemeType = HOSTING) -> TenantFacts:
        return scheme(scheme_type, handovers=tuple(replace(item, **each) for each in changes))

    never: dict[str, Any] = {"delivered_on": None, "confirmed_on": None}
    return (
        COMPLETE,
        case("no registration", NOTHING),
        case("none listed", with_items(), fault(none), turns=None),
        case("none required", with_items({"required": False}), fault(none)),
        case("not required, not delivered", with_items({}, {"required": False, **never})),
        case("only others listed", scheme(HOSTING, handovers=others), fault(none)),
        case("confirmed today", with_items({"confirmed_on": TODAY})),
        case(
            "not confirmed, good for a billion days",
            with_items({"confirmed_on": None, "max_age_days": 10**9}),
            fault("has not confirmed"),
            turns=None,
        ),
        case("never", with_items(never), fault(f"The {kind} has not been handed over"), turns=None),
        case("next week", with_items({"delivered_on": NEXT_WEEK}), fault("has yet to come"), turns=NEXT_WEEK),
        case("not confirmed", with_items({"confirmed_on": None}), fault("has not conf"), turns=date(2028, 3, 1)),
        case(
            "not confirmed on its last valid day",
            with_items({"confirmed_on": None}),
            fault("has not confirmed"),
            today=HANDOVER_UNTIL,
        ),
        case("not confirmed and too old", with_items({"confirmed_on": None}), fault(COUNTED), today=date(2028, 3, 1)),
        case("confirmed next week", with_items({"confirmed_on": NEXT_WEEK}), fault("has not conf"), turns=NEXT_WEEK),
        case("changed the day before", with_items({"changed_on": date(2027, 11, 30)})),
        case("changed on the day of delivery", with_items({"changed_on": date(2027, 12, 1)}), fault("2027-12-01")),
        case("changed the day after", with_items({"changed_on": TODAY}), fault(stale), turns=None),
        case(
            "sealed to a key that was lost today",
            with_items({"keys_gone_on": TODAY, "keys_lost": True, "keys_left": 2}),
            fault("seal it again"),
            turns=None,
        ),
        case("one key is left", with_items({"keys_gone_on": TODAY, "keys_left": 1}), fault("seal it again")),
        case("two keys are left", with_items({"keys_gone_on": TODAY, "keys_left": 2}), warning("seal it again")),
        case("a key goes next week", with_items({"keys_gone_on": NEXT_WEEK, "keys_left": 1}), turns=NEXT_WEEK),
        case(
            "not sealed to a key compared today",
            with_items({"keys_short_on": TODAY}),
            warning("compared an officer's key on 2027-12-02 that"),
            turns=date(2028, 1, 30),
        ),
        case("a key is compared next week", with_items({"keys_short_on": NEXT_WEEK}), turns=NEXT_WEEK),
        *(
            case(f"not sealed to a key, {left} days left", with_items({"keys_short_on": TODAY}), said, today=today)
            for left, today, said in (
                (30, date(2028, 1, 30), warning("not sealed to: seal it again")),
                (0, HANDOVER_UNTIL, warning("not sealed to: seal it again")),
                (-1, date(2028, 3, 1), fault(COUNTED)),
            )
        ),
        case(
            "not sealed to a key and not confirmed",
            with_items({"keys_short_on": TODAY, "confirmed_on": None}),
            fault("has not confirmed"),
        ),
        case(
            "not sealed to a key and another one gone",
            with_items({"keys_short_on": TODAY, "keys_gone_on": TODAY, "keys_left": 2}),
            warning("out of use since"),
        ),
        case(
            "software, not sealed to a key",
            with_items({"keys_short_on": TODAY}, scheme_type=SOFTWARE),
            notice("seal it again"),
        ),
        *(
            case(f"two keys are left, {name}", with_items({**gone, **changes}), said, today=today)
            for gone in ({"keys_gone_on": TODAY, "keys_left": 2},)
            for name, changes, today, said in (
                ("not confirmed", {"confirmed_on": None}, TODAY, fault("has not confirmed")),
                ("on its last valid day", {}, HANDOVER_UNTIL, warning("out of use since")),
                ("too old", {}, date(2028, 3, 1), fault(COUNTED)),
            )
        ),
        case("changes next week", with_items({"changed_on": NEXT_WEEK}), turns=NEXT_WEEK),
        case("stale and not confirmed", with_items({"changed_on": TODAY, "confirmed_on": None}), fault(stale)),
        *lapsing(HANDOVER_UNTIL, COUNTS, COUNTED, with_items({})),
        *(
            case(f"good for a month, {left} days left", with_items({"max_age_days": 30}), *said, today=today)
            for left, today, said in (
                (30, date(2027, 12, 1), ()),
                (11, date(2027, 12, 20), ()),
                (10, date(2027, 12, 21), (notice("until 2027-12-31"),)),
                (0, date(2027, 12, 31), (notice("until 2027-12-31"),)),
                (-1, date(2028, 1, 1), (fault("until 2027-12-31"),)),
            )
        ),
        case("good for a billion days", with_items({"max_age_days": 10**9}), turns=date(9999, 12, 1)),
        case("software, a notice at most", with_items(never, scheme_type=SOFTWARE), notice("has not been handed over")),
        *(
            replace(each, name=f"software, {each.name}")
            for each in lapsing(HANDOVER_UNTIL, COUNTS, COUNTED, with_items({}, scheme_type=SOFTWARE), worst=notice)
        ),
        case(
            "software, none listed",
            with_items(scheme_type=SOFTWARE),
            *([notice(none)] if kind is HandoverKind.INFORMATION else []),
        ),
    )


def communicating(**changes: Any) -> TenantFacts:
    partner = replace(CONTACTS[SchemeParty.PARTNER], **changes)
    return scheme(SERVERS, contacts={**CONTACTS, SchemeParty.PARTNER: partner})


def declared(day: date, months: int = 3) -> TenantFacts:
    return scheme(HOSTING, declared_bankrupt_on=day, duration_months=months)


def clamped(declared_on: date, last: date) -> tuple[Case, ...]:
    day_names = (f"ends on {last}", f"ended on {last}")
    return tuple(
        replace(each, name=f"declared on {declared_on}, {each.name}")
        for each in lapsing(last, *day_names, declared(declared_on))
    )


ANSWER, SERVE = "asked for continuity", "Continuity was granted to De Halm"


def asking(state: RequestState, **days: Any) -> TenantFacts:
    """Return a service in its period, up to and including 2028-02-29, with one request."""
    request = replace(ASKED, state=state, **days)
    return scheme(HOSTING, declared_bankrupt_on=date(2027, 11, 30), requests=(request,))


def on(name: str, facts: TenantFacts, today: date, *said: Said, turns: date | None) -> Case:
    return case(f"{name}, on {today}", facts, *said, today=today, turns=turns)


def turned(
    name: str, facts: TenantFacts, until: date, ahead: int, said: tuple[str, str], worst: Callable[[str], Said] = fault
) -> tuple[Case, ...]:
    """Return the days that matter of a request with notice `ahead` days before `until`; the period opens its own."""
    day, opens, end = timedelta(days=1), until - timedelta(days=ahead), date(2028, 1, 30)
    return (
        on(name, facts, opens - day, turns=opens),
        *(on(name, facts, each, notice(said[0]), turns=until + day) for each in sorted({opens, until})),
        on(name, facts, until + day, worst(said[1]), turns=end),
    )


def requests() -> tuple[Case, ...]:
    """Return what is said of clients that asked on 2027-12-01."""
    answered = (f"{ANSWER}: answer on 2027-12-03", f"{ANSWER} and had to have an answer on 2027-12-03")
    granted = {"decided_on": date(2027, 12, 6)}
    served = (f"{SERVE}: go on to deliver it on", f"{SERVE} and had to be delivered on")
    fee = {**granted, "fee_due_on": date(2027, 12, 20)}
    task = ExitTaskFact(UUID(int=7), "Move the  mail", date(2027, 12, 30))
    gone = asking(RequestState.SERVED, **fee)
    end = ("The continuity of", "The continuity ends on 2028-02-29 and De Halm has not moved")
    return (
        *turned("asked", asking(RequestState.ASKED), date(2027, 12, 3), 0, answered),
        *turned("being checked", asking(RequestState.CHECKING), date(2027, 12, 3), 0, answered),
        *turned("granted", asking(RequestState.GRANTED, **granted), date(2027, 12, 8), 0, served),
        *turned(
            "fee asked",
            asking(RequestState.FEE_DUE, **fee),
            date(2027, 12, 20),
            7,
            ("The fee of De Halm for the continuity is due on", "was due on 2027-12-20 and is not recorded as paid"),
            warning,
        ),
        *turned(
            "fee paid",
            asking(RequestState.FEE_DUE, **fee, fee_paid_on=date(2027, 12, 15)),
            date(2027, 12, 17),
            0,
            served,
        ),
        *turned(
            "to be done",
            asking(RequestState.SERVED, **fee, tasks=(task,)),
            date(2027, 12, 30),
            7,
            ("De Halm has until 2027-12-30 for: Move the mail", "De Halm had until 2027-12-30 for: Move the mail"),
            warning,
        ),
        on("served", gone, date(2028, 1, 29), turns=date(2028, 1, 30)),
        on("served", gone, date(2028, 1, 30), *map(notice, end), turns=date(2028, 2, 15)),
        on("served", gone, date(2028, 2, 14), *map(notice, end), turns=date(2028, 2, 15)),
        on("served", gone, date(2028, 2, 15), notice(end[0]), warning(end[1]), turns=date(2028, 3, 1)),
        on("served", gone, date(2028, 2, 29), notice(end[0]), warning(end[1]), turns=date(2028, 3, 1)),
        on("served", gone, date(2028, 3, 1), fault("of Our hosting ended on"), fault("that De Halm moved"), turns=None),
        case(
            "answered within a day",
            replace(asking(RequestState.ASKED), plan=plan(intervals={"request": 1}).plan),
            fault(ANSWER),
            today=date(2027, 12, 3),
        ),
    )


NEW_KEY = (KeyFact(UUID(int=8), 7, "Ria", TODAY),)
OFFERED = "a new key of Ria since 2027-12-02: compare"
BOUNDARIES = {
    "scheme.documentation": (
        *handover(HandoverKind.DOCUMENT, "No document", "A newer version of The document"),
        case("a key to compare is told under logins", scheme(HOSTING, new_keys=NEW_KEY)),
    ),
    "scheme.logins": (
        *handover(HandoverKind.LOGIN, "No login", "The login The login was changed on 2027-12-02"),
        case("a key to compare", scheme(HOSTING, new_keys=NEW_KEY), warning(OFFERED)),
        case("software, a key to compare", scheme(SOFTWARE, new_keys=NEW_KEY), notice(OFFERED)),
    ),
    "scheme.other-information": (
        *handover(HandoverKind.INFORMATION, "No other information", "A newer version of The"),
        case("a key to compare is told under logins", scheme(HOSTING, new_keys=NEW_KEY)),
    ),
    "scheme.communication": (
        COMPLETE,
        case("no registration", NOTHING),
        case("not asked for hosting", scheme(HOSTING, contacts={})),
        case(
            "nobody",
            scheme(SERVERS, contacts={}),
            fault("at your company"),
            fault("at the foundation"),
            fault("at the partner"),
            turns=None,
        ),
        case("no name", communicating(name=""), fault("at the partner")),
        case("no phone", communicating(phone=" "), fault("at the partner")),
        case("no e-mail", communicating(email=""), fault("at the partner")),
        case("never confirmed", communicating(confirmed_on=None), fault("of Ria of the partner have never been")),
        case("confirmed next week", communicating(confirmed_on=NEXT_WEEK), fault("yet to come"), turns=NEXT_WEEK),
        *lapsing(UNTIL_180, "are confirmed until 2028-05-29", "were confirmed until 2028-05-29", times=3),
        *tightened("contact", *(f"Ria of the {party} are confirmed until 2027-12-11" for party in SchemeParty)),
    ),
    "scheme.period": (
        COMPLETE,
        case("no registration", NOTHING),
        case("nobody is bankrupt", scheme(HOSTING), turns=None),
        *clamped(date(2027, 11, 30), date(2028, 2, 29)),
        *lapsing(date(2028, 2, 29), "ends on 2028-02-29", "ended on 2028-02-29", declared(date(2027, 11, 30))),
        *clamped(date(2026, 11, 30), date(2027, 2, 28)),
        *clamped(date(2027, 12, 31), date(2028, 3, 31)),
        *clamped(date(2028, 2, 29), date(2028, 5, 29)),
        *requests(),
        case(
            "two months agreed", declared(date(2027, 12, 31), 2), notice("ends on 2028-02-29"), today=date(2028, 2, 29)
        ),
    ),
}


@pytest.mark.parametrize(("code", "wanted"), rows(BOUNDARIES))
def test_running_duties_at_their_boundaries(code: str, wanted: Case) -> None:
    check(code, wanted)


@pytest.mark.parametrize(
    ("today", "turns"),
    [
        pytest.param(date(2028, 1, 29), date(2028, 1, 30), id="31 days left"),
        pytest.param(date(2028, 1, 30), date(2028, 2, 15), id="30 days left"),
        pytest.param(date(2028, 2, 14), date(2028, 2, 15), id="15 days left"),
        pytest.param(date(2028, 2, 15), date(2028, 3, 1), id="14 days left"),
        pytest.param(date(2028, 2, 29), date(2028, 3, 1), id="last day"),
        pytest.param(date(2028, 3, 1), None, id="day after"),
    ],
)
def test_a_client_that_has_to_move_names_its_own_days(today: date, turns: date | None) -> None:
    """The end of the period turns on the first and the last of them as well, so the table above cannot tell them."""
    found = by_code()["scheme.period"].check(asking(RequestState.SERVED), today)
    assert [each.changes_on for each in found if each.subject.kind == "client_request"] == [turns]
