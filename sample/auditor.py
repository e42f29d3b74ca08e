"""The auditor of the bakery: an assignment that runs, and requests for evidence at every stage."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from audits.room.course import COURSE, Move
from audits.room.models import EvidenceFile, EvidenceRequest, EvidenceStep
from core import db
from plans.models import TestResult
from plans.shapes import RESTORE
from sample.days import Days
from sample.netvast.paper import store
from sample.organisations import BAKERY
from sample.signins import SignIn
from tenants import services
from tenants.models import Capacity, Engagement, TotpFactor
from tenants.sign_in import totp

NAME, EMAIL = "Eva Kuipers", "eva@kuipers-accountants.example"
OWNER, EDITOR = (person.email for person in BAKERY.people[:2])
BEGAN, RUNS = 30, 60


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did, so many days ago. result: points at the newest restore; paper: lines of a file."""

    move: Move
    by: str
    ago: int
    note: str = ""
    result: bool = False
    paper: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. due: in so many days, negative for days ago."""

    title: str
    asked: str
    item_id: str
    due: int
    steps: tuple[Step, ...]


ASKED = (
    Asked(
        "Verslag van de laatste herstelproef",
        "Dat alle systemen terugkwamen, en hoe lang dat duurde.",
        RESTORE,
        -10,
        (
            Step(Move.ASK, EMAIL, 28),
            Step(Move.ANSWER, EDITOR, 21, "Zie het resultaat van de proef: alles terug in 2 uur en 35 minuten.", True),
            Step(Move.ACCEPT, EMAIL, 19, "Duidelijk, en ruim binnen de afgesproken tijd."),
        ),
    ),
    Asked(
        "Offerte voor een tweede internetlijn",
        "Dat er iets is gedaan met de bevinding van vorig jaar over de ene lijn.",
        "",
        4,
        (
            Step(Move.ASK, EMAIL, 12),
            Step(
                Move.ANSWER, OWNER, 2, "De offerte van NetVast IT, getekend. De lijn komt volgende maand.",
                paper=("Offerte tweede internetlijn", "NetVast IT voor Bakkerij De Halm", "Akkoord: Henk Bakker"),
            ),
        ),
    ),
    Asked(
        "Wie de reservekopie bewaart",
        "Dat de kopie buiten het pand ligt, bij wie, en dat de sleutel ergens anders ligt.",
        "backup.offsite-data",
        -1,
        (
            Step(Move.ASK, EMAIL, 12),
            Step(Move.ANSWER, EDITOR, 8, "De schijf ligt bij Henk thuis."),
            Step(Move.SEND_BACK, EMAIL, 6, "Waar ligt de sleutel van de versleuteling?"),
        ),
    ),
    Asked(
        "Dat medewerkers de instructie lazen",
        "Een lijst met namen en data, niet ouder dan een jaar.",
        "staff.policy",
        11,
        (Step(Move.ASK, EMAIL, 3),),
    ),
)  # fmt: skip


def fill(days: Days, password: str) -> SignIn:
    """Let somebody audit the bakery whose scope is open, and ask; return how they sign in."""
    began = days.at(BEGAN)
    auditor = services.add_user(EMAIL, NAME, password, at=began)
    people = {EMAIL: auditor.id}
    for email in (OWNER, EDITOR):
        user = services.user_by_email(email)
        assert user is not None
        people[email] = user.id
    engagement = Engagement(
        auditor_id=auditor.id,
        reference=f"Jaarcontrole {days.today.year}",
        plan=True,
        continuity=True,
        starts_at=began,
        ends_at=days.at(0, hour=0) + timedelta(days=RUNS),
        given_by=people[OWNER],
    )
    db.session().add_all(
        [TotpFactor(user_id=auditor.id, secret=totp.new_secret(), last_step=0, added_at=began), engagement]
    )
    db.session().flush()
    for number, asked in enumerate(ASKED, 1):
        _ask(number, asked, engagement.id, people, days)
    return SignIn(BAKERY.values.name, BAKERY.slug, Capacity.AUDITOR, NAME, EMAIL, second_step=True)


def _ask(number: int, asked: Asked, engagement_id: UUID, people: dict[str, UUID], days: Days) -> None:
    row = EvidenceRequest(
        engagement_id=engagement_id,
        number=number,
        title=asked.title,
        asked=asked.asked,
        item_id=asked.item_id,
        due_on=days.ahead(asked.due),
        state=COURSE[asked.steps[-1].move].target,
        asked_at=days.at(asked.steps[0].ago),
    )
    db.session().add(row)
    db.session().flush()
    for step in asked.steps:
        _step(row.id, step, people[step.by], days)


def _step(request_id: UUID, step: Step, user_id: UUID, days: Days) -> None:
    newest = sa.select(TestResult.id).where(TestResult.item_id == RESTORE).order_by(TestResult.done_on.desc()).limit(1)
    row = EvidenceStep(
        request_id=request_id,
        move=step.move,
        note=step.note,
        result_id=db.session().scalar(newest) if step.result else None,
        user_id=user_id,
        made_at=days.at(step.ago, hour=11),
    )
    db.session().add(row)
    db.session().flush()
    if step.paper:
        size, digest = store(step.paper)
        name = "offerte-internetlijn.pdf"
        db.session().add(
            EvidenceFile(step_id=row.id, name=name, media_type="application/pdf", size=size, sha256=digest)
        )
        db.session().flush()
