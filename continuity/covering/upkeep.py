"""The legs that have to be kept up: what the foundation holds, and whether the fees pay for the delivery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from continuity.accepting import acceptance_of, current_deed, days_of
from continuity.covering.accepted import next_deed_on
from continuity.covering.leg import NOTICE_DAYS, Leg, LegKind, LegState, Param, Told, broken, next_day, standing
from continuity.facts import HandoverFact, RegistrationFact
from continuity.funding import cover
from continuity.handovers.states import UNSAFE, Freshness, HandoverState, freshness_of
from continuity.models import HandoverKind, SchemeType
from core.i18n import N_

# Two officers open a sealed delivery together.
KEYS_TO_OPEN = 2
NAMED = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A required item as it counts on the day.

    key_gone: a key it was sealed to is out of use; key_short: it is not sealed to a key in use that was compared.
    """

    item: HandoverFact
    freshness: Freshness
    key_gone: bool
    key_short: bool

    @property
    def safe(self) -> bool:
        """Tell whether the foundation holds it, fresh, and two officers can open it still."""
        lost = self.key_gone and (self.item.keys_lost or self.item.keys_left < KEYS_TO_OPEN)
        return self.freshness.state not in UNSAFE and not lost


def handovers_leg(registration: RegistrationFact, today: date) -> Leg:
    """Judge whether the foundation holds every required item, fresh, and can open it.

    Standard software asks for no handover: what is proposed there shakes the leg and never breaks it. Once the
    supplier is declared bankrupt nobody hands over any more: what counts is what was held on that day.
    Source: rules 3.6 H1, H4, H7; 3.8.
    """
    kind = LegKind.HANDOVERS
    required = [one for one in registration.handovers if one.required]
    if registration.scheme_type is not SchemeType.STANDARD_SOFTWARE:
        kinds = {one.kind for one in required}
        if any(each not in kinds for each in HandoverKind):
            says = Told(N_("Not everything that has to be handed over is on the list."))
            return broken(kind, says, Told(N_("Add documents, logins and other information to the list.")), today)
    elif not required:
        says = Told(N_("This type of scheme asks for no handover."))
        return Leg(kind, LegState.HOLDS, says)
    declared_on = registration.declared_bankrupt_on
    held = [_held(one, declared_on, today) for one in required]
    later = [declared_on, *(day for one in required for day in _days(one))]
    unsafe = [one for one in held if not one.safe]
    if unsafe:
        return _unsafe(registration.scheme_type, unsafe, len(required), today, [*later, *_ends(held)])
    until = min(day for one in held for day in _last_days(one, today))
    oldest = min((one.delivered_on for one in required if one.delivered_on), default=None)
    running = declared_on is not None and declared_on <= today
    says = Told(N_("All %(count)s required items are held and fresh."), {"count": len(required)})
    leg = standing(
        kind,
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
    waiting = [one for one in held if one.freshness.state is HandoverState.TO_CONFIRM]
    if waiting:
        says = Told(N_("Held, but the foundation has yet to confirm: %(items)s."), {"items": _names(waiting)})
        return says, Told(N_("The foundation confirms the deliveries."))
    return None


def _unsafe(
    scheme_type: SchemeType, unsafe: Sequence[Held], count: int, today: date, later: Iterable[date | None]
) -> Leg:
    params: dict[str, Param] = {"bad": len(unsafe), "count": count, "items": _names(unsafe)}
    says = Told(N_("%(bad)s of %(count)s required items are missing, changed or too old: %(items)s."), params)
    step = Told(N_("Hand over what is missing or too old."))
    if scheme_type is not SchemeType.STANDARD_SOFTWARE:
        return broken(LegKind.HANDOVERS, says, step, today, later)
    return Leg(LegKind.HANDOVERS, LegState.SHAKY, says, changes_on=next_day(later, today), step=step)


def _held(item: HandoverFact, declared_on: date | None, today: date) -> Held:
    """Return how far an item is; what was filled in ahead of its day does not count yet."""

    def past(day: date | None) -> date | None:
        return day if day is not None and day <= today else None

    delivered_on, counted = past(item.delivered_on), today
    if declared_on is not None and declared_on <= today:
        counted = max(declared_on, delivered_on or declared_on)
    freshness = freshness_of(
        max_age_days=item.max_age_days,
        changed_on=past(item.changed_on),
        delivered_on=delivered_on,
        confirmed_on=past(item.confirmed_on),
        today=counted,
    )
    return Held(item, freshness, past(item.keys_gone_on) is not None, past(item.keys_short_on) is not None)


def _days(item: HandoverFact) -> tuple[date | None, ...]:
    """Return the days on which an item may count otherwise, when they still have to come."""
    return item.changed_on, item.delivered_on, item.confirmed_on, item.keys_gone_on, item.keys_short_on


def _last_days(held: Held, today: date) -> list[date]:
    """Return the days of which the first is the last on which a safe item is known to stay so."""
    coming = [day for day in (held.item.changed_on, held.item.keys_gone_on) if day is not None and day > today]
    return [held.freshness.until or date.max, *(day - timedelta(days=1) for day in coming)]


def _ends(held: Iterable[Held]) -> list[date]:
    """Return the first days on which items are too old."""
    ends = [one.freshness.until for one in held if one.freshness.until is not None]
    return [date.fromordinal(day.toordinal() + 1) for day in ends if day < date.max]


def _names(held: Sequence[Held]) -> str:
    names = [one.item.label for one in held[:NAMED]]
    return ", ".join(names) + ("…" if len(held) > NAMED else "")


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
