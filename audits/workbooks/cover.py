"""The cover workbook: each client with the six legs of its cover, and what lapses before the period would end."""

from collections.abc import Iterator

from flask_babel import gettext as _

from audits.lapsing.registers import Known, lapses_in
from audits.reach import reaches
from audits.workbooks.material import Material
from continuity.cover import COVER_LABELS, Cover, CoverState, covers
from continuity.covering.leg import LEG_LABELS, LEG_STATE_LABELS, LegState
from continuity.facts import RegistrationFact
from continuity.lapsing import KIND_LABELS, WHY_LABELS, Lapse, lapses_of, soonest
from continuity.period import Period
from core.clock import add_months
from core.sheets.cells import Kind, Tone, Toned
from core.sheets.writing import Column, Sheet, Value
from plans import intervals
from plans.intervals import Interval
from tenants.owned import Area

TONES = {LegState.BROKEN: Tone.BAD, LegState.SHAKY: Tone.SOON, LegState.HOLDS: Tone.GOOD}
COVER_TONES = {CoverState.NOT_COVERED: Tone.BAD, CoverState.SHAKY: Tone.SOON, CoverState.COVERED: Tone.GOOD}


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield a row per client and leg, then what lapses before the period would end if it began on the day."""
    registrations = material.facts.continuity.registrations
    columns = (
        Column(_("Service"), Kind.TEXT, 30),
        Column(_("Client"), Kind.TEXT, 30),
        Column(_("Cover"), Kind.TEXT, 26),
        Column(_("Leg"), Kind.TEXT, 36),
        Column(_("State"), Kind.TEXT, 26),
        Column(_("Since"), Kind.DAY, 13),
        Column(_("Holds until"), Kind.DAY, 13),
        Column(_("What it says"), Kind.TEXT, 60),
        Column(_("Next step"), Kind.TEXT, 44),
    )
    yield Sheet(_("Cover per client"), columns, _legs(material, registrations))
    yield Sheet(
        _("Before the period ends"),
        (
            Column(_("Service"), Kind.TEXT, 30),
            Column(_("Last day"), Kind.DAY, 13),
            Column(_("Days left"), Kind.WHOLE, 11),
            Column(_("What"), Kind.TEXT, 26),
            Column(_("Name"), Kind.TEXT, 36),
            Column(_("Of"), Kind.TEXT, 30),
            Column(_("What happens then"), Kind.TEXT, 40),
        ),
        _lapses(material, registrations),
    )


def _legs(material: Material, registrations: tuple[RegistrationFact, ...]) -> Iterator[tuple[Value, ...]]:
    for registration in registrations:
        for one in covers(registration, material.as_of):
            yield from _legs_of(registration.service_name, one)


def _legs_of(service: str, one: Cover) -> Iterator[tuple[Value, ...]]:
    state = Toned(str(COVER_LABELS[one.state]), COVER_TONES[one.state])
    for leg in one.legs:
        yield (
            service,
            one.client,
            state,
            str(LEG_LABELS[leg.kind]),
            Toned(str(LEG_STATE_LABELS[leg.state]), TONES[leg.state]),
            leg.on,
            leg.until,
            leg.says.text,
            leg.step.text if leg.step else "",
        )


def _lapses(material: Material, registrations: tuple[RegistrationFact, ...]) -> Iterator[tuple[Value, ...]]:
    counted = intervals.days(material.facts.plan.intervals, Interval.CONTACT)
    for registration in registrations:
        running = Period(material.as_of, add_months(material.as_of, registration.duration_months))
        found = [*lapses_of(registration, running, counted), *_registers(material, running, counted)]
        for one in soonest(found):
            left = (one.until - material.as_of).days
            what, then = str(KIND_LABELS[one.kind]), str(WHY_LABELS[one.why])
            yield registration.service_name, one.until, left, what, one.name, one.whose, then


def _registers(material: Material, running: Period, counted: int) -> Iterator[Lapse]:
    """Yield what of the organisation's own registers lapses, as far as the plan is open."""
    if not reaches(Area.PLAN):
        return iter(())
    whose = material.organisation.name
    people = (
        Known(one.name, whose, one.confirmed_on)
        for one in material.facts.plan.contacts.values()
        if one.confirmed_on is not None
    )
    return lapses_in(iter(material.dated), people, running, counted)
