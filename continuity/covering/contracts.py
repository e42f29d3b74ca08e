"""The legs that stand on contracts: the scheme itself, and the counterparty of the foundation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from continuity.covering.leg import Leg, LegKind, LegState, Told, broken, next_day, standing
from continuity.facts import AgreementFact, RegistrationFact
from continuity.models import AgreementKind, SchemeState
from continuity.period import Period, period
from core.i18n import N_

LAST = date.max - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a signed agreement binds, both inclusive."""

    first_on: date
    last_on: date
    party: str


STOPPED = {
    SchemeState.TERMINATED: (N_("The scheme was terminated."), N_("Register the service again.")),
    SchemeState.CLOSED: (N_("The period of continuity is over and closed."), N_("There is nothing to do any more.")),
    SchemeState.SUSPENDED: (
        N_("The foundation suspended the scheme."),
        N_("Mend what the foundation named; it then lifts the suspension."),
    ),
}


def scheme_leg(registration: RegistrationFact, today: date) -> Leg:
    """Judge whether the scheme is active, and its framework agreement in force.

    Once the supplier is declared bankrupt it holds to the last day of the period: what was arranged is delivered then.
    Source: rules 3.8; 3.7 T7.
    """
    kind = LegKind.SCHEME
    if registration.state in STOPPED:
        stopped, mend = STOPPED[registration.state]
        return broken(kind, Told(stopped), Told(mend), today)
    running = period(registration.declared_bankrupt_on, registration.duration_months)
    if running is not None:
        return _running(running, today)
    if registration.foundation_id is None:
        return broken(kind, Told(N_("No foundation has been chosen.")), Told(N_("Choose the foundation.")), today)
    return _bound(registration, today)


def _bound(registration: RegistrationFact, today: date) -> Leg:
    """Return the leg of a scheme that nothing happened to: by its framework agreement, state and announced end."""
    kind = LegKind.SCHEME
    found = [one for one in registration.agreements if one.kind is AgreementKind.FRAMEWORK]
    spans, step = _spans(found), Told(N_("Have the framework agreement signed by both."))
    if not found:
        return broken(kind, Told(N_("There is no framework agreement yet.")), step, today)
    now = _now(spans, today)
    if now is None:
        return _not_in_force(
            kind,
            spans,
            today,
            unsigned=N_("The framework agreement has not been signed by both."),
            coming=N_("The framework agreement starts on %(day)s."),
            ended=N_("The framework agreement ended on %(day)s."),
            step=step,
        )
    if registration.state is not SchemeState.ACTIVE:
        says = Told(N_("The scheme is not active yet."))
        return broken(kind, says, Told(N_("Finish the steps; the foundation then says yes.")), today, _edges(spans))
    if registration.ends_on is not None:
        return _announced(registration.ends_on, now, today, _edges(spans))
    says = Told(N_("Active; the framework agreement with %(party)s is in force."), {"party": now.party})
    renew = Told(N_("Renew the framework agreement with %(party)s."), {"party": now.party})
    return standing(kind, says, today, on=now.first_on, until=now.last_on, renew=renew, later=_edges(spans))


def _announced(ends_on: date, now: Span, today: date, edges: Iterable[date]) -> Leg:
    """Judge a scheme of which the end was announced: it is in force up to and including that day."""
    told, step = {"day": ends_on}, Told(N_("Arrange what comes in its place."))
    later = [*edges, ends_on + timedelta(days=1)]
    if today > ends_on:
        says = Told(N_("The last day that was announced was %(day)s."), told)
        return broken(LegKind.SCHEME, says, step, today, later)
    says, until = (
        Told(N_("In force up to and including %(day)s: its end was announced."), told),
        min(ends_on, now.last_on),
    )
    return Leg(
        LegKind.SCHEME,
        LegState.SHAKY,
        says,
        now.first_on,
        until,
        next_day((until + timedelta(days=1), *later), today),
        step,
    )


def _running(running: Period, today: date) -> Leg:
    if today > running.last_on:
        says = Told(N_("The period of continuity ended on %(day)s."), {"day": running.last_on})
        return broken(LegKind.SCHEME, says, Told(N_("There is nothing to do any more.")), today)
    says = Told(
        N_("The period of continuity began on %(day)s: clients can ask for continuity."), {"day": running.first_on}
    )
    renew = Told(N_("Arrange what comes after the period."))
    return standing(LegKind.SCHEME, says, today, on=running.first_on, until=running.last_on, renew=renew)


def counterparty_leg(registration: RegistrationFact, today: date) -> Leg:
    """Judge whether the upstream supplier or partner is bound: it signed, and its agreement promises and is in force.

    Source: rules 3.8; 3.2 P3; scheme.supply-agreement.
    """
    kind, party = LegKind.COUNTERPARTY, registration.counterparty
    if party is None:
        says = Told(N_("The upstream supplier or partner has not been recorded."))
        return broken(kind, says, Told(N_("Find a counterparty and record it.")), today)
    named = {"name": party.name}
    if party.signed_on is None or party.signed_on > today:
        says, step = Told(N_("%(name)s has not signed."), named), Told(N_("Have %(name)s sign."), named)
        return broken(kind, says, step, today, [party.signed_on])
    found = [one for one in registration.agreements if one.kind is AgreementKind.SUPPLY]
    step = Told(N_("Have the agreement of the foundation with %(name)s signed by both."), named)
    if not found:
        says = Told(N_("There is no agreement of the foundation with %(name)s yet."), named)
        return broken(kind, says, step, today)
    promising = [one for one in found if one.delivers_on]
    if not promising:
        says = Told(N_("The agreement does not record that %(name)s goes on delivering."), named)
        return broken(kind, says, Told(N_("Record what %(name)s promises."), named), today)
    spans = _spans(promising)
    if (now := _now(spans, today)) is not None:
        says = Told(N_("The agreement with %(name)s is in force."), named)
        renew = Told(N_("Renew the agreement with %(name)s."), named)
        on, later = max(now.first_on, party.signed_on), _edges(spans)
        return standing(kind, says, today, on=on, until=now.last_on, renew=renew, later=later)
    return _not_in_force(
        kind,
        spans,
        today,
        unsigned=N_("The agreement of the foundation with the counterparty has not been signed by both."),
        coming=N_("The agreement of the foundation with the counterparty starts on %(day)s."),
        ended=N_("The agreement of the foundation with the counterparty ended on %(day)s."),
        step=step,
    )


def _spans(agreements: Iterable[AgreementFact]) -> list[Span]:
    """Return the days on which each agreement that both signed binds, the earliest first."""
    found = []
    for one in agreements:
        if one.first_signed_on and one.second_signed_on:
            first_on = max(one.first_signed_on, one.second_signed_on, one.starts_on or date.min)
            last_on = one.ends_on or date.max
            if first_on <= last_on:
                found.append(Span(first_on, last_on, one.party))
    return sorted(found, key=lambda span: (span.first_on, span.last_on))


def _now(spans: Sequence[Span], today: date) -> Span | None:
    """Return the days without a gap around `today` on which some agreement binds; the party is that of today's."""
    current = [span for span in spans if span.first_on <= today <= span.last_on]
    if not current:
        return None
    chain: Span | None = None
    for span in spans:
        if chain is not None and (chain.last_on == date.max or span.first_on <= chain.last_on + timedelta(days=1)):
            chain = Span(chain.first_on, max(chain.last_on, span.last_on), "")
        elif chain is None or chain.last_on < today:
            chain = span
    assert chain is not None
    best = max(current, key=lambda span: (span.last_on, span.first_on))
    return Span(chain.first_on, chain.last_on, best.party)


def _edges(spans: Iterable[Span]) -> list[date]:
    """Return the days on which another agreement may be the one that binds."""
    return [day for span in spans for day in (span.first_on, min(span.last_on, LAST) + timedelta(days=1))]


def _not_in_force(
    kind: LegKind,
    spans: Sequence[Span],
    today: date,
    *,
    unsigned: str,
    coming: str,
    ended: str,
    step: Told,
    later: Iterable[date | None] = (),
) -> Leg:
    if not spans:
        return broken(kind, Told(unsigned), step, today, later)
    starts = [span.first_on for span in spans if span.first_on > today]
    if starts:
        return broken(kind, Told(coming, {"day": min(starts)}), step, today, [*starts, *later])
    return broken(kind, Told(ended, {"day": max(span.last_on for span in spans)}), step, today, later)
