"""Duties of the scheme: what the foundation must always hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from audits.judging.judgement import Check, Gap, Judgement, Param, Subject, TenantFacts, aged, earliest, missing, sooner
from audits.judging.severity import Severity
from audits.rules.registrations import about, ahead
from continuity.facts import HandoverFact, RegistrationFact
from continuity.models import HandoverKind, SchemeType
from continuity.scheme import by_id
from core.i18n import N_


@dataclass(frozen=True, slots=True)
class Handover:
    """A duty to hand over, the kind of item that serves it, and what to say when none is listed or one is stale."""

    duty_id: str
    kind: HandoverKind
    none: str
    stale: str


# Two officers open a sealed delivery together.
KEYS_TO_OPEN = 2
NEWER = N_("A newer version of %(name)s is known since %(day)s: hand it over.")
HANDOVERS = (
    Handover("scheme.documentation", HandoverKind.DOCUMENT, N_("No document to hand over has been listed yet."), NEWER),
    Handover(
        "scheme.logins",
        HandoverKind.LOGIN,
        N_("No login to hand over has been listed yet."),
        N_("The login %(name)s was changed on %(day)s: hand it over again."),
    ),
    Handover(
        "scheme.other-information",
        HandoverKind.INFORMATION,
        N_("No other information to hand over has been listed yet, such as the clients and their services."),
        NEWER,
    ),
)


def handed_over(facts: TenantFacts, today: date, *, handover: Handover) -> Iterator[Judgement]:
    """Want every required item delivered, its newest delivery confirmed by the foundation, and neither stale nor old.

    The scheme asks no handover for standard software: what is proposed there is a notice, never more.

    Source: scheme.documentation, scheme.logins, scheme.other-information; rules 3.6 H4, H5, H7.
    """
    applies_to = by_id()[handover.duty_id].applies_to
    for registration in facts.continuity.registrations:
        judgements = _items(registration, handover, today)
        if registration.scheme_type in applies_to:
            yield from judgements
        else:
            yield from (_milder(each) for each in judgements)


def _milder(judgement: Judgement) -> Judgement:
    return judgement._replace(severity=Severity.NOTICE) if isinstance(judgement, Gap) else judgement


def _items(registration: RegistrationFact, handover: Handover, today: date) -> Iterator[Judgement]:
    if handover.kind is HandoverKind.LOGIN:
        yield from _new_keys(registration)
    listed = [each for each in registration.handovers if each.kind is handover.kind and each.required]
    proposed = registration.scheme_type is SchemeType.STANDARD_SOFTWARE
    if not listed and (not proposed or handover.kind is HandoverKind.INFORMATION):
        yield missing(handover.none, about(registration))
    for item in listed:
        subject = about(registration, "", "handover_item", item.id, item.label)
        days = [item.changed_on, item.delivered_on, item.confirmed_on, item.keys_gone_on, item.keys_short_on]
        yield from sooner([_item(item, handover, subject, today)], earliest(days, today))


def _new_keys(registration: RegistrationFact) -> Iterator[Judgement]:
    """Want every key in use at the foundation compared: nothing is sealed to one that was not. Source: rules 3.6 H8."""
    for key in registration.new_keys:
        yield Gap(
            about(registration, "", "trusted_key", key.id, key.name),
            Severity.WARNING,
            N_("The foundation has a new key of %(name)s since %(day)s: compare its fingerprint."),
            {"name": key.name, "day": key.offered_on},
            since=key.offered_on,
        )


def _item(item: HandoverFact, handover: Handover, subject: Subject, today: date) -> Judgement:
    """Judge one item: of all that is wrong with it the worst is told, and of two alike the first."""
    if item.delivered_on is None:
        return missing(N_("%(name)s has not been handed over yet."), subject, name=item.label)
    if item.delivered_on > today:
        return ahead(subject, item.delivered_on)
    held = _held(item, subject, item.delivered_on, today)
    gaps: list[Gap] = [*_outdated(item, handover, subject, today), *([held] if isinstance(held, Gap) else ())]
    gaps += _sealed_to_all(item, subject, today)
    if not gaps:
        return held
    worst = max(gaps, key=lambda gap: gap.severity.rank)
    # Nothing is worse than a fault, but what is milder may become one.
    turning = [worst] if worst.severity is Severity.FAULT else [worst, held]
    return worst._replace(changes_on=earliest((one.changes_on for one in turning), today))


def _outdated(item: HandoverFact, handover: Handover, subject: Subject, today: date) -> Iterator[Gap]:
    """Want nothing changed and no key lost since the delivery.

    A delivery takes away the change it answers, so a change of that same day came after it.
    """
    if item.changed_on and item.delivered_on and item.delivered_on <= item.changed_on <= today:
        told: dict[str, Param] = {"name": item.label, "day": item.changed_on}
        yield Gap(subject, Severity.FAULT, handover.stale, told, since=item.changed_on)
    if item.keys_gone_on and item.keys_gone_on <= today:
        yield Gap(
            subject,
            Severity.FAULT if item.keys_lost or item.keys_left < KEYS_TO_OPEN else Severity.WARNING,
            N_("A key that %(name)s was sealed to is out of use since %(day)s: seal it again."),
            {"name": item.label, "day": item.keys_gone_on},
            since=item.keys_gone_on,
        )


UNCONFIRMED = N_("The foundation has not confirmed the delivery of %(name)s of %(day)s yet.")


def _held(item: HandoverFact, subject: Subject, delivered_on: date, today: date) -> Judgement:
    """Want a delivery confirmed by the foundation, and not too old."""
    age = aged(
        subject,
        delivered_on,
        item.max_age_days,
        today,
        absent="",
        soon=N_("Hand over %(name)s again: the last delivery counts until %(until)s."),
        lapsed=N_("Hand over %(name)s again: the last delivery counted until %(until)s."),
        params={"name": item.label},
    )
    if item.confirmed_on and item.confirmed_on <= today:
        return age
    if isinstance(age, Gap) and age.severity is Severity.FAULT:
        return age  # too old to be worth confirming
    return Gap(
        subject,
        Severity.FAULT,
        UNCONFIRMED,
        {"name": item.label, "day": delivered_on},
        changes_on=age.until + timedelta(days=1) if age.until and age.until < date.max else None,
    )


def _sealed_to_all(item: HandoverFact, subject: Subject, today: date) -> Iterator[Gap]:
    """Want a sealed delivery sealed to every key in use that was compared. Source: rules 3.6 H5, H8."""
    if item.keys_short_on and item.keys_short_on <= today:
        yield Gap(
            subject,
            Severity.WARNING,
            N_("You compared an officer's key on %(day)s that %(name)s is not sealed to: seal it again."),
            {"name": item.label, "day": item.keys_short_on},
            since=item.keys_short_on,
        )


CHECKS: dict[str, Check] = {each.duty_id: partial(handed_over, handover=each) for each in HANDOVERS}
