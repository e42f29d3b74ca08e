"""Write down which paper was made, withdraw it, and record where copies of a kit went."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from audits.paper.errors import PaperError
from audits.paper.material import PaperMaterial
from audits.paper.models import KitCopy, Paper, PaperKind, PaperToken
from audits.workbooks.material import Made
from core import db
from core.i18n import Language
from core.ids import new_id
from plans.backup.services import note_plan_copy
from plans.errors import NotThere
from plans.items.services import AnswerValues, save_answer
from plans.models import Answer, Contact
from plans.turns import known, take_turn
from tenants import trail
from tenants.scope import current_scope

# 144 bits, short enough for a square that a telephone reads from a crumpled sheet.
SECRET_BYTES = 18
OFFSITE_PLAN = "backup.offsite-plan"


@dataclass(frozen=True, slots=True)
class Says:
    """Which plan a paper holds. version: number of the one in use, 0 for none; changed: it says something else."""

    version: int
    changed: bool
    digest: str


def draw_secret() -> str:
    """Return a secret for the square of a paper that is about to be made. It exists nowhere else."""
    return secrets.token_urlsafe(SECRET_BYTES)


def says(material: PaperMaterial) -> Says:
    """Return which plan a paper of this material holds."""
    return Says(material.version.number if material.version else 0, material.changed, material.digest)


def register(
    kind: PaperKind, languages: Sequence[Language], told: Says, made: Made, secret: str, content: bytes
) -> Paper:
    """Write down which paper of the open scope's organisation was made, so that its square can tell when it is stale.

    Who took it, and the fingerprint of the file `content`, stand in the trail.
    """
    paper = Paper(
        id=new_id(),
        kind=kind,
        languages=",".join(languages),
        plan_version=told.version,
        changed=told.changed,
        digest=told.digest,
        made_at=made.at,
        made_by=made.by,
    )
    db.session().add(paper)
    db.session().add(
        PaperToken(token_hash=hash_of(secret), organisation_id=current_scope().only_tenant, paper_id=paper.id)
    )
    db.session().flush()
    trail.record(
        "kit.downloaded" if kind is PaperKind.KIT else "paper.printed",
        "paper",
        paper.id,
        kind=kind.value,
        language=paper.languages,
        number=told.version,
        digest=told.digest,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    db.session().flush()
    return paper


def withdraw(paper_id: UUID, *, by: str, at: datetime) -> Paper:
    """Let the square of a paper say from now on that it was withdrawn. Twice changes nothing. Raises NotThere."""
    paper = _paper(paper_id)
    if paper.withdrawn_at is None:
        paper.withdrawn_at, paper.withdrawn_by = at, by
        trail.record("paper.withdrawn", "paper", paper.id, kind=paper.kind.value, number=paper.plan_version)
        db.session().flush()
    return paper


@dataclass(frozen=True, slots=True)
class KeptAt:
    """Where a copy of a kit went. medium: such as a USB stick; kept_on: since which day."""

    medium: str
    place: str
    keeper_id: UUID | None
    kept_on: date


def record_copy(paper_id: UUID, kept: KeptAt, *, by: str, today: date, row_id: UUID | None = None) -> KitCopy:
    """Record where a copy of the kit went, and let the plan say so where it asks for the copy off site.

    The plan's own answer is only renewed by a kit whose version is not older than what it names already.
    row_id: chosen when the page was made; recording it twice records one.
    Raises NotThere when there is no such kit, PaperError for a day to come or a keeper who is not there.
    Source: handbook, backup.offsite-plan.
    """
    if kept.kept_on > today:
        raise PaperError(_l("This day is still to come."), "kept_on")
    if kept.keeper_id is not None and _contact(kept.keeper_id) is None:
        raise PaperError(_l("This person is no longer among the contacts."), "keeper")
    take_turn()
    if (before := known(KitCopy, row_id)) is not None:
        return before
    paper = _paper(paper_id)
    if paper.kind is not PaperKind.KIT:
        raise NotThere
    row = KitCopy(
        id=row_id or new_id(),
        paper_id=paper.id,
        medium=kept.medium,
        place=kept.place,
        keeper_id=kept.keeper_id,
        kept_on=kept.kept_on,
        recorded_by=by,
    )
    db.session().add(row)
    db.session().flush()
    _tell_the_plan(paper, kept, by=by, today=today)
    return row


def _tell_the_plan(paper: Paper, kept: KeptAt, *, by: str, today: date) -> None:
    """Answer the item about the plan's copy off site with this one. A kit of a draft holds no version to name."""
    if not paper.plan_version:
        return
    if note_plan_copy(kept.medium, kept.place, kept.keeper_id, paper.plan_version):
        return
    before = db.session().scalar(sa.select(Answer).where(Answer.item_id == OFFSITE_PLAN))
    named = before.values.get("version") if before else None
    if named is not None and int(named) > paper.plan_version:
        return
    values: dict[str, str | int] = {
        "location": ", ".join(part for part in (kept.place, kept.medium) if part),
        "version": paper.plan_version,
    }
    save_answer(OFFSITE_PLAN, AnswerValues(values, kept.keeper_id), by=by, today=today)


def put_away(copy_id: UUID, *, at: datetime) -> None:
    """Record that a copy is no longer there. Twice changes nothing. Raises NotThere."""
    row = db.session().scalar(sa.select(KitCopy).where(KitCopy.id == copy_id))
    if row is None:
        raise NotThere
    row.archived_at = row.archived_at or at
    db.session().flush()


def _paper(paper_id: UUID) -> Paper:
    row = db.session().scalar(sa.select(Paper).where(Paper.id == paper_id))
    if row is None:
        raise NotThere
    return row


def _contact(row_id: UUID) -> UUID | None:
    query = sa.select(Contact.id).where(Contact.id == row_id, Contact.archived_at.is_(None))
    return db.session().scalar(query)


def hash_of(token: str) -> str:
    """Return what is kept of a paper's secret."""
    return hashlib.sha256(token.encode()).hexdigest()
