"""The order in which clients stand, for many at random, beside the same sorted by hand from what was found of them."""

import random
import re
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from flask import Flask

from audits.first_night import NEEDED, places_by_need
from audits.judging.severity import Severity
from audits.models import AuditState, Expiry
from audits.portfolio.kept import Open, columns_told
from audits.portfolio.legs import LegState
from continuity.models import Acceptance, DeedVersion, Registration, SchemeType
from continuity.models import Client as SchemeClient
from core import clock, db
from tenants.scope import scoped, whole
from tests.cast import JOINED, Cast, Organisation
from tests.grants.scene import Visitors, another, grant
from tests.visitor import Visitor

PATH, PAGE, CLIENTS = "/o/supplier/portfolio/", 50, 130
NEVER = date.max
NAMES = ("Bakker", "bakker", "Émile", "Zwart", "Ábel", "straße", "Strasse", "10 Sterren", "9 Sterren")
CODES = (
    "self-check.secured",
    "runbook.team",
    "backup.offsite-data",
    "testing.restore",
    "scheme.logins",
    "scheme.funding",
)
ENTRY = re.compile(r'<th scope="row"><a href="/o/([^/"]+)/')
TALLY = re.compile(r'\?state=(\w+)"[^>]*><span[^>]*>[^<]*</span><strong>(\d+)<')
FIRST = (
    LegState.TO_DO, LegState.UNFILLED, LegState.NOT_JUDGED, LegState.ATTENTION, LegState.DUE_SOON, LegState.COMPLETE
)  # fmt: skip


class Drawn(NamedTuple):
    """A client as it was drawn. judged_ago: days, None for never; accepted: of our own scheme, None outside it."""

    slug: str
    name: str
    plan: bool
    continuity: bool
    judged_ago: int | None
    registered: bool
    accepted: bool | None
    gaps: tuple[Open, ...]
    lapsing: tuple[tuple[str, date], ...]

    def opens(self, code: str) -> bool:
        """Tell whether something of this code may be told to the reseller."""
        return (self.continuity and self.registered) if code.startswith("scheme.") else self.plan


def drawn(at: int, chance: random.Random, today: date) -> Drawn:
    plan, continuity = chance.choice([(True, True), (True, True), (True, False), (False, True)])
    registered = chance.random() < 0.5
    codes = CODES if registered else CODES[:4]
    kinds = chance.choice([(), (Severity.NOTICE,), (Severity.WARNING, Severity.NOTICE), tuple(Severity)])
    numbers = range(chance.choice([0, 1, 1, 2, 9])) if kinds else ()
    absent = chance.choice([(True,), (False, True)])
    gaps = [
        Open(chance.choice(codes), chance.choice(kinds), chance.choice([None, today]), chance.choice(absent))
        for _ in numbers
    ]
    lapsing = [
        (code, today + timedelta(days=chance.choice([-9, -2, 0, 4, 40, 400])))
        for code in chance.sample(codes, chance.choice([0, 1, 1, 3]))
    ]
    return Drawn(
        f"zaak-{at}",
        f"{chance.choice(NAMES)} {chance.choice('aA1')}",
        plan,
        continuity,
        chance.choice([None, -1, 0, 0, 0, 5]),
        registered,
        chance.choice([None, None, True, False]),
        tuple(gaps),
        tuple(lapsing),
    )


def state_of(one: Drawn) -> LegState:
    shown = [gap for gap in one.gaps if one.opens(gap.code)]
    kinds = {gap.severity for gap in shown if gap.severity is not Severity.NOTICE or gap.until}
    scheme = one.continuity and one.registered and one.judged_ago is not None
    found = [LegState.COMPLETE] if one.judged_ago is not None and (one.plan or scheme) else []
    if found and kinds:
        absent = all(gap.unfilled for gap in shown if gap.severity is Severity.FAULT)
        fault = LegState.UNFILLED if absent else LegState.TO_DO
        found.append(
            {Severity.FAULT: fault, Severity.WARNING: LegState.ATTENTION, Severity.NOTICE: LegState.DUE_SOON}[
                max(kinds, key=lambda kind: kind.rank)
            ]
        )
    if one.accepted is not None and not scheme:
        found.append(LegState.COMPLETE if one.accepted else LegState.UNFILLED)
    return min(found, key=list(LegState).index, default=LegState.NOT_JUDGED)


def place_of(one: Drawn, today: date) -> tuple[object, ...]:
    """Return what a client is sorted by, from what was found of it and not from what was kept."""
    judged = one.judged_ago is not None
    shown = [gap for gap in one.gaps if judged and one.opens(gap.code)]
    return (
        FIRST.index(state_of(one)),
        -len({gap.code for gap in shown if gap.severity is Severity.FAULT} & NEEDED),
        -sum(gap.severity is Severity.FAULT for gap in shown),
        -sum(gap.severity is Severity.WARNING for gap in shown),
        lapses_of(one, today),
        one.name.casefold(),
    )


def lapses_of(one: Drawn, today: date) -> date:
    parts = [(one.continuity if code.startswith("scheme.") else one.plan, until) for code, until in one.lapsing]
    return min(
        (until for opened, until in parts if opened and until >= today and one.judged_ago is not None), default=NEVER
    )


def fill(app: Flask, cast: Cast, client: Organisation, one: Drawn) -> None:
    grant(app, client, cast.supplier, plan=one.plan, continuity=one.continuity)
    if one.judged_ago is None:
        return
    with app.app_context(), scoped(whole(client.id)):
        day = clock.today() - timedelta(days=one.judged_ago)
        told = columns_told(one.gaps, one.lapsing, day, places_by_need(), registered=one.registered)
        db.session().add(AuditState(judged_on=day, judged_at=clock.now(), rule_set="test", times=1, **told))
        for code, until in one.lapsing:
            db.session().add(
                Expiry(rule_code=code, subject_kind="plan", subject_key="plan::", subject_label="", until=until)
            )


def cover(app: Flask, cast: Cast, clients: list[tuple[str, bool]]) -> None:
    """Let the reseller's own scheme cover these clients, by KvK number, and some of them accept it."""
    with app.app_context(), scoped(whole(cast.supplier.id)):
        service = Registration(service_name="Hosting", scheme_type=SchemeType.HOSTING, duration_months=3)
        db.session().add(service)
        db.session().flush()
        deed = DeedVersion(registration_id=service.id, number=1, text="Akte", conditions=[])
        db.session().add(deed)
        for kvk, accepted in clients:
            row = SchemeClient(registration_id=service.id, name="Klant", kvk=kvk)
            db.session().add(row)
            db.session().flush()
            if accepted:
                db.session().add(
                    Acceptance(client_id=row.id, deed_version_id=deed.id, accepted_on=JOINED.date(), accepted_by="Jan")
                )


def listed(browser: Visitor, query: str = "") -> list[str]:
    """Return the short names of the clients of all pages, in their order."""
    told = [browser.get(f"{PATH}?page={page}{query}") for page in range(1, 2 + CLIENTS // PAGE)]
    pages = [ENTRY.findall(one.get_data(as_text=True)) for one in told]
    # What is past the last page shows the last page.
    return [slug for at, page in enumerate(pages) if page not in pages[:at] for slug in page]


def test_clients_stand_as_sorting_them_by_hand_puts_them(app: Flask, cast: Cast, visitor: Visitors) -> None:
    today, chance = clock.today(), random.Random(1)  # noqa: S311 -- made-up clients
    clients = [drawn(at, chance, today) for at in range(CLIENTS)]
    kvk = {one.slug: f"{at:08}" for at, one in enumerate(clients)}
    for one in clients:
        fill(app, cast, another(app, one.name, one.slug, kvk=kvk[one.slug]), one)
    cover(app, cast, [(kvk[one.slug], one.accepted) for one in clients if one.accepted is not None])
    browser = visitor(cast.supplier_owner)
    place = {one.slug: place_of(one, today) for one in clients}
    assert {state_of(one) for one in clients} == set(FIRST), "each is drawn"

    def matches(found: list[str], wanted: list[Drawn]) -> bool:
        # Who is alike in everything may stand either way.
        by_hand = sorted(place[one.slug] for one in wanted)
        return {*found} == {one.slug for one in wanted} and [place[slug] for slug in found] == by_hand

    assert matches(listed(browser), clients)
    tally = {name: int(number) for name, number in TALLY.findall(browser.get(PATH).get_data(as_text=True))}
    assert tally == Counter(state_of(one) for one in clients)
    for state in FIRST:
        assert matches(listed(browser, f"&state={state}"), [one for one in clients if state_of(one) is state])
    soon = [one for one in clients if lapses_of(one, today) <= today + timedelta(days=7)]
    assert matches(listed(browser, "&days=7"), soon)
    named = [one for one in clients if "strasse" in one.name.casefold() and state_of(one) is LegState.TO_DO]
    assert matches(listed(browser, "&q=STRASSE&state=to_do"), named)
    quiet = [one for one in clients if one.plan and one.judged_ago is not None and not open_tests(one)]
    assert matches(listed(browser, "&leg=tests&state=complete"), quiet)


def open_tests(one: Drawn) -> list[Open]:
    """Return what is open of the tests of a client, but for notices that end on no day."""
    return [
        gap
        for gap in one.gaps
        if gap.code.startswith("testing.") and (gap.until or gap.severity is not Severity.NOTICE)
    ]
