"""Changes to openings of sealed deliveries. Nothing that passes here can be read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from continuity.errors import Refused
from continuity.models import (
    DeliveryWay,
    HandoverDelivery,
    HandoverItem,
    HandoverOpening,
    OpeningGround,
    OpeningState,
    Registration,
    SealedTo,
)
from continuity.officers.queries import Published
from continuity.officers.services import FEWEST_OFFICERS, Officer
from continuity.openings import telling
from continuity.openings.states import TO_DECIDE, TO_OPEN, Act, Party, step
from continuity.registrations.states import AT_WORK
from continuity.sealing.envelope import LARGEST_PART
from core import db
from core.age import X25519, BadAge, armoured, head_of, unarmoured
from plans.turns import take_turn
from tenants import trail


@dataclass(frozen=True, slots=True)
class Deposit:
    """A sealed delivery with what it hangs under, and the officers whose keys open it. holders: by fingerprint."""

    owner: Registration
    item: HandoverItem
    delivery: HandoverDelivery
    holders: tuple[Published, ...]

    def of(self, officer: Officer) -> Published | None:
        """Return the key of `officer` that opens it."""
        return next((one for one in self.holders if one.user_id == officer.user_id), None)

    def seconds(self, officer: Officer) -> tuple[Published, ...]:
        """Return with whom `officer` can open it when they begin: the outer layer is always that of the lower key."""
        mine = self.of(officer)
        return () if mine is None else tuple(one for one in self.holders if one.fingerprint > mine.fingerprint)


def holders(sealed_to: Sequence[SealedTo], published: Sequence[Published]) -> tuple[Published, ...]:
    """Return the officers a delivery was sealed to whose keys are in use, in the order of their fingerprints."""
    there = {one.fingerprint for one in sealed_to if one.ended_at is None}
    return tuple(sorted((one for one in published if one.fingerprint in there), key=lambda one: one.fingerprint))


def released(owner: Registration) -> bool:
    """Tell whether the foundation may open what it holds without asking: the scheme is at work.

    Source: rules 3.6 H10, 3.7 T1.
    """
    return owner.state in AT_WORK


def ask(deposit: Deposit, purpose: str, officer: Officer, *, at: datetime) -> HandoverOpening:
    """Ask to open a sealed delivery. When the scheme is at work two officers may begin; else the supplier decides.

    purpose: why, in words; at: aware UTC. Raises Refused when it is not sealed, fewer than two officers still have a
    key to it, the asking officer has none, or it is being opened already.
    Source: rules 3.6 H9, H10.
    """
    _in_turn(deposit)
    row = deposit.delivery
    if row.way is not DeliveryWay.SEALED:
        raise Refused(_l("This delivery is not sealed: there is nothing to open."))
    if len(deposit.holders) < FEWEST_OFFICERS:
        raise Refused(_l("Fewer than two officers still have a key to it. Ask the supplier to seal it again."))
    if deposit.of(officer) is None:
        raise Refused(_l("This delivery was not sealed to a key of yours that is in use."))
    under_way = live(row)
    if under_way is not None and not lapse(under_way, at=at):
        raise Refused(_l("This delivery is being opened already."))
    free = released(deposit.owner)
    made = HandoverOpening(
        tenant_id=row.tenant_id,
        delivery_id=row.id,
        foundation_id=deposit.owner.foundation_id,
        ground=OpeningGround.ACTIVATION if free else OpeningGround.AGREEMENT,
        state=OpeningState.ALLOWED if free else OpeningState.ASKED,
        purpose=purpose,
        asked_by=officer.name,
        asked_at=at,
        until=at + (TO_OPEN if free else TO_DECIDE),
    )
    db.session().add(made)
    _tell("handover.open_asked", made, deposit, purpose=purpose)
    telling.plan_asked(made, at=at)
    return made


def live(row: HandoverDelivery) -> HandoverOpening | None:
    """Return the opening of a delivery that has not ended."""
    query = sa.select(HandoverOpening).where(
        HandoverOpening.tenant_id == row.tenant_id,
        HandoverOpening.delivery_id == row.id,
        HandoverOpening.ended_at.is_(None),
    )
    return db.session().scalar(query)


def lapse(row: HandoverOpening, *, at: datetime) -> bool:
    """End an opening whose time is over, and forget what is half open; tell whether it was."""
    if row.ended_at is not None or at < row.until:
        return False
    step(row, Act.LAPSE, Party.SERVICE, at=at)
    db.session().flush()
    return True


def decide(row: HandoverOpening, deposit: Deposit, *, agreed: bool, reason: str, by: str, at: datetime) -> None:
    """Record whether the supplier lets a delivery be opened.

    Raises Refused when it was decided, called off or lapsed already, or is refused without a reason.
    Source: rules 3.6 H10.
    """
    if not agreed and not reason:
        raise Refused(_l("Say why you refuse it: the foundation reads it."), "reason")
    step(row, Act.AGREE if agreed else Act.REFUSE, Party.SUPPLIER, at=at)
    row.decided_by, row.decided_at, row.reason = by, at, reason
    if agreed:
        row.until = at + TO_OPEN
    else:
        row.ended_by = by
    _tell("handover.open_allowed" if agreed else "handover.open_refused", row, deposit)


def open_first(
    row: HandoverOpening, deposit: Deposit, officer: Officer, second: str, half: str, *, at: datetime
) -> None:
    """Keep what the first officer opened, which is still sealed to the second, until that one takes it.

    second: the fingerprint of the second officer's key; half: an age file, as text.
    Raises Refused when it is not the officers' turn, they are one person, one of them has no key in use that it was
    sealed to, it was sealed in the other order, or what was sent is not sealed.
    Source: rules 3.6 H8, H10.
    """
    _in_turn(deposit, row)
    _still_free(row, deposit)
    mine, other = deposit.of(officer), next((one for one in deposit.holders if one.fingerprint == second), None)
    if mine is None:
        raise Refused(_l("This delivery was not sealed to a key of yours that is in use."))
    if other is None or other not in deposit.seconds(officer):
        raise Refused(_l("Choose the officer who opens it with you."), "second")
    kept = _still_sealed(half)
    step(row, Act.FIRST, Party.OFFICER, at=at)
    row.first_user_id, row.first_by, row.first_key, row.first_at = officer.user_id, officer.name, mine.fingerprint, at
    row.second_user_id, row.second_by, row.second_key = other.user_id, other.name, other.fingerprint
    row.half_secret = kept
    _tell("handover.half_opened", row, deposit, purpose=row.purpose)


def _still_sealed(text: str) -> str:
    """Return what was sent as an armoured age file. Raises Refused when it is open, or something else."""
    try:
        data = unarmoured(text)
        kinds = head_of(data).kinds
    except BadAge as error:
        raise Refused(_l("This is not what comes out when you open your layer. Nothing was kept."), "half") from error
    if kinds != (X25519,) or len(data) > LARGEST_PART:
        raise Refused(_l("This is not what comes out when you open your layer. Nothing was kept."), "half")
    return armoured(data)


def send_back(row: HandoverOpening, deposit: Deposit, officer: Officer, *, at: datetime) -> None:
    """Forget what the first officer passed on, because the second cannot open it. Raises Refused for anybody else."""
    _second(row, deposit, officer)
    step(row, Act.BACK, Party.OFFICER, at=at)
    row.half_secret = ""
    row.first_user_id = row.first_at = row.second_user_id = None
    row.first_by = row.first_key = row.second_by = row.second_key = ""
    db.session().flush()


def open_second(row: HandoverOpening, deposit: Deposit, officer: Officer, *, at: datetime) -> None:
    """Record that the second officer takes the contents, before they get them.

    Raises Refused when it is not their turn, they are not the one it was passed on to, or their key ended.
    Source: rules 3.6 H9, H10.
    """
    _in_turn(deposit, row)
    _still_free(row, deposit)
    _second(row, deposit, officer)
    step(row, Act.SECOND, Party.OFFICER, at=at)
    if row.second_at is None:
        # Taken once more after a broken connection is told in the trail, and not by mail again.
        telling.plan_opened(row, at=at)
    row.second_at = row.second_at or at
    _tell(
        "handover.revealed",
        row,
        deposit,
        purpose=row.purpose,
        officers=[row.first_by, row.second_by],
        sha256=deposit.delivery.file_sha256,
    )


def _second(row: HandoverOpening, deposit: Deposit, officer: Officer) -> None:
    mine = deposit.of(officer)
    if row.second_user_id != officer.user_id or row.first_user_id == officer.user_id:
        raise Refused(_l("Another officer opens this."))
    if mine is None or mine.fingerprint != row.second_key:
        raise Refused(_l("Your key was taken out of use. Ask for the opening once more with another officer."))


def _in_turn(deposit: Deposit, *opening: HandoverOpening) -> None:
    """Wait for the turn, and read again what may have been changed before it came: whether the scheme is at work."""
    take_turn()
    for row in (deposit.owner, deposit.delivery, *opening):
        db.session().refresh(row)


def _still_free(row: HandoverOpening, deposit: Deposit) -> None:
    if row.ground is OpeningGround.ACTIVATION and not released(deposit.owner):
        raise Refused(_l("The scheme is not at work any more. Ask the supplier."))


def close(row: HandoverOpening, deposit: Deposit, officer: Officer, *, matched: bool, at: datetime) -> None:
    """Record that the contents are closed again, and whether they were what this service says about them.

    Raises Refused for anybody but the officer who took them, or when it ended already.
    """
    _second(row, deposit, officer)
    step(row, Act.CLOSE, Party.OFFICER, at=at)
    row.matched, row.ended_by = matched, officer.name
    _tell("handover.opening_closed" if matched else "handover.opening_differed", row, deposit)


def call_off(row: HandoverOpening, deposit: Deposit, party: Party, *, by: str, at: datetime) -> None:
    """End an opening before the contents were taken. Raises Refused when they were, or the party may not."""
    step(row, Act.WITHDRAW, party, at=at)
    row.ended_by = by
    _tell("handover.opening_withdrawn", row, deposit)


def _tell(action: str, row: HandoverOpening, deposit: Deposit, **told: object) -> None:
    db.session().flush()
    trail.record(action, "handover_opening", row.id, label=deposit.item.label, number=deposit.delivery.number, **told)
    db.session().flush()
