"""The legs that have to be kept up: what the foundation holds, and whether the fees pay for the delivery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from continuity.accepting import acceptance_of, current_deed, days_of
from continuity.covering.accepted import next_deed_on
from continuity.covering.leg import NOTICE_DAYS, Leg, LegKind, LegState, Param, Told, broken, next_day, standing
from continuity.facts import DeliveryFact, HandoverFact, RegistrationFact
from continuity.funding import cover
from continuity.handovers.states import UNSAFE, Freshness, HandoverState, freshness_of
from continuity.models import HandoverKind, SchemeType
from core.i18n import N_

# Two officers open a sealed delivery together.
KEYS_TO_OPEN = 2
NAMED = 3
GIVE = Told(N_("Hand over what is missing or too old."))
CONFIRM = Told(N_("The foundation confirms the deliveries."))


@dataclass(frozen=True, slots=True)
class Held:
    """A required item as it counts on the day.

    delivery: the one that counts, None when the foundation confirmed none; waiting: a newer one it has yet to confirm.
    key_gone: a key it was sealed to is out of use; key_short: it is not sealed to a key in use that was compared.
    """

    item: HandoverFact
    freshness: Freshness
    delivery: DeliveryFact | None = None
    waiting: bool = False
    key_gone: bool = False
    key_short: bool = False

    @property
    def safe(self) -> bool:
        """Tell whether the foundation holds it for certain, fresh, and two officers can open it still."""
        if self.delivery is None:
            return False
        lost = self.key_gone and (self.delivery.keys_lost or self.delivery.keys_left < KEYS_TO_OPEN)
        return self.freshness.state not in UNSAFE and not lost


def handovers_leg(registration: RegistrationFact, today: date) -> Leg:
    """Judge whether the foundation holds every required item, fresh, and can open it.

    It holds what it confirmed: what a supplier typed proves nothing. A newer delivery that it has yet to confirm only
    shakes the leg while the one before it counts still. Standard software asks for no handover: what is proposed
    there shakes the leg and never breaks it. Once the supplier is declared bankrupt nobody hands over any more: what
    counts is what was recorded before that day.
    Source: rules 3.6 H1, H4, H7; 3.8.
    """
    required = [one for one in registration.handovers if one.required]
    settled = _by_its_list(registration.scheme_type, required, today)
    if settled is not None:
        return settled
    declared_on = registration.declared_bankrupt_on
    held = [_held(one, declared_on, today) for one in required]
    later = [declared_on, *(day for one in required for day in _days(one))]
    unsafe = [one for one in held if not one.safe]
    if unsafe:
        return _unsafe(registration.scheme_type, unsafe, len(required), today, [*later, *_ends(held)])
    until = min(day for one in held for day in _last_days(one, today))
    oldest = min((one.delivery.ages_from for one in held if one.delivery), default=None)
    running = declared_on is not None and declared_on <= today
    says = Told(N_("All %(count)s required items are held and fresh."), {"count": len(required)})
    leg = standing(
        LegKind.HANDOVERS,
        says,
        today,
        on=oldest,
        until=None if running else until,
        notice_days=min(NOTICE_DAYS, min(one.item.max_age_days for one in held) // 3),
        renew=Told(N_("Hand over again what is about to be too old.")),
        later=later,
    )
    remark = _remark(held) if leg.state is LegState.HOLDS else None
    return replace(leg, state=LegState.SHAKY, says=remark[0], step=remark[1]) if remark else leg


def _by_its_list(scheme_type: SchemeType, required: Sequence[HandoverFact], today: date) -> Leg | None:
    """Return the leg where what is on the list decides, whatever was handed over; None where that has to be seen."""
    if scheme_type is SchemeType.STANDARD_SOFTWARE:
        says = Told(N_("This type of scheme asks for no handover."))
        return None if required else Leg(LegKind.HANDOVERS, LegState.HOLDS, says)
    kinds = {one.kind for one in required}
    if all(each in kinds for each in HandoverKind):
        return None
    says = Told(N_("Not everything that has to be handed over is on the list."))
    return broken(LegKind.HANDOVERS, says, Told(N_("Add documents, logins and other information to the list.")), today)


def _remark(held: Sequence[Held]) -> tuple[Told, Told] | None:
    """Return what to say of items that are fresh and still ask for something, and the next step."""
    gone = [one for one in held if one.key_gone]
    if gone:
        says = Told(N_("A key is out of use to which was sealed: %(items)s."), {"items": _names(gone)})
        return says, Told(N_("Seal them again to the keys in use."))
    short = [one for one in held if one.key_short]
    if short:
        says = Told(N_("Not sealed to every officer's key in use: %(items)s."), {"items": _names(short)})
        return says, Told(N_("Seal them again to the keys in use."))
    waiting = [one for one in held if one.waiting]
    if waiting:
        says = Told(
            N_("Held, but the foundation has yet to confirm a newer delivery: %(items)s."), {"items": _names(waiting)}
        )
        return says, CONFIRM
    return None


def _unsafe(
    scheme_type: SchemeType, unsafe: Sequence[Held], count: int, today: date, later: Iterable[date | None]
) -> Leg:
    params: dict[str, Param] = {"bad": len(unsafe), "count": count, "items": _names(unsafe)}
    says, step = (
        Told(N_("%(bad)s of %(count)s required items are missing, changed or too old: %(items)s."), params),
        GIVE,
    )
    if any(one.waiting for one in unsafe):
        told = N_("%(bad)s of %(count)s required items are missing, not confirmed, changed or too old: %(items)s.")
        says = Told(told, params)
    if all(one.waiting for one in unsafe):
        says = Told(N_("The foundation has not confirmed %(bad)s of %(count)s required items: %(items)s."), params)
        step = CONFIRM
    if scheme_type is not SchemeType.STANDARD_SOFTWARE:
        return broken(LegKind.HANDOVERS, says, step, today, later)
    return Leg(LegKind.HANDOVERS, LegState.SHAKY, says, changes_on=next_day(later, today), step=step)


def _held(item: HandoverFact, declared_on: date | None, today: date) -> Held:
    """Return how far an item is; what was filled in ahead of its day does not count yet."""

    def past(day: date | None) -> date | None:
        return day if day is not None and day <= today else None

    waiting = past(item.delivered_on) is not None and past(item.confirmed_on) is None
    counting = _counting(item, past(declared_on), today)
    if counting is None:
        state = HandoverState.TO_CONFIRM if waiting else HandoverState.MISSING
        return Held(item, Freshness(state, None), waiting=waiting)
    freshness = freshness_of(
        max_age_days=item.max_age_days,
        changed_on=past(counting.changed_on),
        delivered_on=counting.ages_from,
        confirmed_on=counting.confirmed_on,
        today=today if past(declared_on) is None else max(declared_on or today, counting.ages_from),
    )
    gone, short = past(counting.keys_gone_on) is not None, past(counting.keys_short_on) is not None
    return Held(item, freshness, counting, waiting, gone, short)


def _counting(item: HandoverFact, declared_on: date | None, today: date) -> DeliveryFact | None:
    """Return the newest delivery that was confirmed by `today`; after a bankruptcy one recorded before it, if any.

    Whoever knows that it happened can hand over what leads nowhere and type any day. What was recorded since counts
    where there is nothing else: an officer looked at it.
    """
    known = [one for one in item.confirmed if max(one.confirmed_on, one.there_on) <= today]
    before = [one for one in known if declared_on is not None and one.there_on < declared_on]
    return next(iter(before or known), None)


def _days(item: HandoverFact) -> tuple[date | None, ...]:
    """Return the days on which an item may count otherwise, when they still have to come."""
    of_each = [
        (one.there_on, one.confirmed_on, one.changed_on, one.keys_gone_on, one.keys_short_on) for one in item.confirmed
    ]
    return item.delivered_on, item.confirmed_on, *(day for days in of_each for day in days)


def _last_days(held: Held, today: date) -> list[date]:
    """Return the days of which the first is the last on which a safe item is known to stay so."""
    ends = (held.delivery.changed_on, held.delivery.keys_gone_on) if held.delivery else ()
    coming = [day for day in ends if day is not None and day > today]
    return [held.freshness.until or date.max, *(day - timedelta(days=1) for day in coming)]


def _ends(held: Iterable[Held]) -> list[date]:
    """Return the first days on which items are too old."""
    ends = [one.freshness.until for one in held if one.freshness.until is not None]
    return [date.fromordinal(day.toordinal() + 1) for day in ends if day < date.max]


def _names(held: Sequence[Held]) -> str:
    names = [one.item.label for one in held[:NAMED]]
    return ", ".join(names) + (f" (+{len(held) - NAMED})" if len(held) > NAMED else "")


def money_leg(registration: RegistrationFact, today: date) -> Leg:
    """Judge whether the fees of the clients that accepted the current deed are at least the cost.

    Source: rules 3.5 M3; scheme.funding.
    """
    kind, deed = LegKind.MONEY, current_deed(registration, today)
    accepting = [one for one in registration.clients if deed and acceptance_of(one, deed, today)]
    found = cover(registration.monthly_cost, [one.monthly_fee for one in accepting])
    later = [next_deed_on(registration, today)]
    later += [day for one in registration.clients if deed for day in days_of(one, deed)]
    if found.cost is None:
        says = Told(N_("The cost a month has not been filled in."))
        return broken(kind, says, Told(N_("Fill in what the delivery costs.")), today, later)
    sums = {"fees": found.fees, "cost": found.cost}
    says = Told(N_("The fees are %(fees)s a month, the cost is %(cost)s."), sums)
    if not found.enough:
        step = Told(N_("Find %(amount)s a month more."), {"amount": found.shortfall})
        return broken(kind, says, step, today, later)
    return Leg(kind, LegState.HOLDS, says, changes_on=next_day(later, today))
