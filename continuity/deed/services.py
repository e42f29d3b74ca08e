"""Changes to versions of the beneficiary deed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.deed.states import DeedStep, LegalState, Need, Who, legal_state, way
from continuity.errors import Refused
from continuity.models import Acceptance, DeedVersion, Registration
from continuity.registrations.binding import refuse_relied_on
from continuity.registrations.holding import refuse_under
from continuity.registrations.keeping import keep_added, kept
from continuity.registrations.states import settle_under
from core import db
from tenants import trail


@dataclass(frozen=True, slots=True)
class DeedValues:
    """What a deed says, in Dutch and in English: its text, and its conditions one by one.

    irrevocable_free: it cannot be revoked and costs the client nothing.
    """

    text: str
    conditions: tuple[str, ...]
    text_en: str = ""
    conditions_en: tuple[str, ...] = ()
    irrevocable_free: bool = False


def deed_digest(
    text: str,
    conditions: Sequence[str],
    text_en: str = "",
    conditions_en: Sequence[str] = (),
    *,
    irrevocable_free: bool = False,
) -> str:
    """Return the SHA-256, in hexadecimal, of all a deed says: what a client accepted can be proved.

    What is empty or not so is left out, so that a deed from before it was asked has the digest it always had.
    """
    told: dict[str, object] = {"conditions": list(conditions), "text": text}
    if text_en or conditions_en:
        told |= {"conditions_en": list(conditions_en), "text_en": text_en}
    if irrevocable_free:
        told["irrevocable_free"] = True
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def digest_of(row: DeedVersion) -> str:
    """Return the SHA-256 of all this version says now."""
    return deed_digest(
        row.text,
        list(row.conditions),
        row.text_en,
        list(row.conditions_en or ()),
        irrevocable_free=row.irrevocable_free,
    )


def add_draft(owner: Registration, values: DeedValues) -> DeedVersion:
    """Begin a new version of the deed. Raises Refused when there is a draft already.

    Source: scheme.beneficiary-deed.
    """
    newest = db.session().scalar(
        sa.select(DeedVersion)
        .where(DeedVersion.registration_id == owner.id)
        .order_by(DeedVersion.number.desc())
        .limit(1)
    )
    if newest is not None and newest.published_on is None:
        raise Refused(_l("There is a draft already. Change that one."))
    row = DeedVersion(
        registration_id=owner.id,
        number=newest.number + 1 if newest else 1,
    )
    _apply_deed(row, values)
    db.session().add(row)
    db.session().flush()
    return row


def change_draft(row: DeedVersion, values: DeedValues, *, seen: int) -> None:
    """Change a draft. Raises EditConflict when somebody saved since `seen`, Refused once it was published."""
    _refuse_published(row)
    row.expect_version(seen)
    _apply_deed(row, values)
    db.session().flush()


def _apply_deed(row: DeedVersion, values: DeedValues) -> None:
    row.text, row.conditions = values.text, list(values.conditions)
    row.text_en, row.conditions_en = values.text_en, list(values.conditions_en)
    row.irrevocable_free = values.irrevocable_free


def publish(row: DeedVersion, *, seen: int, today: date) -> None:
    """Offer a draft: from now on its words never change, and the version that was offered before is superseded.

    Earlier acceptances do not count for this version. Raises Refused when it was offered already, or lacks its text
    or a condition in one of the two languages; EditConflict when somebody saved since `seen`, because then this is
    not the text that was read.
    Source: scheme.beneficiary-deed; rules 3.4 B2.
    """
    refuse_under(row.registration_id)
    _refuse_published(row)
    row.expect_version(seen)
    found = way(DeedStep.OFFER, row.state, Who.SUPPLIER)
    if Need.WHOLE in found.needs:
        _refuse_half(row)
    before = _offered(row)
    with kept(row.registration_id, *before):
        for earlier in before:
            _close(earlier, DeedStep.SUPERSEDE, Who.FACTS, "", today)
    row.published_on = today
    row.sha256 = digest_of(row)
    db.session().flush()
    keep_added(row.registration_id, row)
    trail.record("deed.published", "deed_version", row.id, number=row.number, sha256=row.sha256)
    db.session().flush()
    settle_under(row)


def _refuse_half(row: DeedVersion) -> None:
    if not row.text or not row.conditions:
        raise Refused(_l("A deed without text or conditions cannot be published."))
    if not row.text_en or not row.conditions_en:
        raise Refused(_l("A deed is offered in Dutch and in English. Fill in the English text and conditions too."))
    if len(row.conditions) != len(row.conditions_en):
        raise Refused(_l("There must be as many conditions in English as in Dutch, in the same order."))


def _offered(newer: DeedVersion) -> Sequence[DeedVersion]:
    query = sa.select(DeedVersion).where(
        DeedVersion.registration_id == newer.registration_id,
        DeedVersion.published_on.is_not(None),
        DeedVersion.closed_on.is_(None),
        DeedVersion.id != newer.id,
    )
    return db.session().scalars(query).all()


def revoke_deed(row: DeedVersion, why: str, *, seen: int, today: date) -> None:
    """Revoke a version that nobody accepted. Raises EditConflict when somebody saved since `seen`.

    Raises Refused when a client accepted it, when it is irrevocable, without a reason, or in another state.
    Source: art. 6:253 BW (2); rules 3.4 B2, B4.
    """
    refuse_under(row.registration_id)
    row.expect_version(seen)
    if Need.UNACCEPTED in way(DeedStep.REVOKE, row.state, Who.SUPPLIER).needs:
        stands = legal_state(row.state, accepted=is_accepted(row), irrevocable_free=row.irrevocable_free)
        if stands is LegalState.BINDING:
            raise Refused(_l("A client accepted this version, so it can no longer be revoked. Offer a new version."))
        if stands is LegalState.IRREVOCABLE:
            raise Refused(_l("This version says that it cannot be revoked."))
    with kept(row.registration_id, row):
        _close(row, DeedStep.REVOKE, Who.SUPPLIER, why, today)
    trail.record("deed.revoked", "deed_version", row.id, number=row.number, sha256=row.sha256)
    settle_under(row)


def end_deed(row: DeedVersion, why: str, *, seen: int, today: date) -> None:
    """End a version for good: every acceptance of it ends on the same day.

    Raises EditConflict when somebody saved since `seen`; Refused without a reason or in another state, and while a
    client that accepted it relies on the scheme: that ends as was announced, not by this.
    Source: art. 6:253 BW (2); rules 3.4 B2, B10.
    """
    refuse_under(row.registration_id)
    row.expect_version(seen)
    if is_accepted(row):
        refuse_relied_on(db.session().get_one(Registration, (row.tenant_id, row.registration_id)))
    with kept(row.registration_id, row):
        _close(row, DeedStep.END, Who.SUPPLIER, why, today)
    standing = sa.select(Acceptance).where(Acceptance.deed_version_id == row.id, Acceptance.ended_on.is_(None))
    for one in db.session().scalars(standing):
        one.ended_on, one.ended_why = max(today, one.accepted_on), why
    trail.record("deed.ended", "deed_version", row.id, number=row.number, sha256=row.sha256)
    settle_under(row)


def _close(row: DeedVersion, step: DeedStep, by: Who, why: str, today: date) -> None:
    found = way(step, row.state, by)
    if Need.REASON in found.needs and not why.strip():
        raise Refused(_l("Fill in why."), "why")
    row.closed_on, row.closed_as, row.closed_why = today, found.reached, why.strip()
    db.session().flush()


def is_accepted(row: DeedVersion) -> bool:
    """Tell whether a client accepted this version and that has not ended."""
    query = sa.select(Acceptance.id).where(Acceptance.deed_version_id == row.id, Acceptance.ended_on.is_(None))
    return db.session().scalar(query.limit(1)) is not None


def _refuse_published(row: DeedVersion) -> None:
    if row.published_on is not None:
        raise Refused(_l("This version was published and can no longer change. Make a new version."))
