"""The portfolio workbook of a reseller: a row per client and leg, a row per client, and how many stand how.

It brings pandas in, so it is made by the process that makes reports, never by one that answers browsers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import IO

from flask_babel import gettext as _

from audits.findings.texts import rule_title
from audits.findings.words import SEVERITY_LABELS
from audits.judging.severity import Severity
from audits.portfolio.acting import Key, acting_of
from audits.portfolio.cockpit import every_client
from audits.portfolio.legs import JUDGED_STATES, LEG_LABELS, STATE_LABELS, ClientRow, Leg, LegState, as_judged
from audits.sweeping.waiting import RULE_SET
from audits.workbooks.findings import TONES as SEVERITY_TONES
from audits.workbooks.material import Made
from audits.workbooks.provenance import Checksum, sheet_about
from core.sheets.cells import Kind, Tone, Toned, shaded
from core.sheets.writing import Column, Sheet, Value, write_workbook
from tenants.grants.forms import LEVEL_LABELS
from tenants.grants.reach import ClientGrant
from tenants.models import Tenant

TONES = {
    LegState.TO_DO: Tone.BAD,
    LegState.ATTENTION: Tone.WARN,
    LegState.DUE_SOON: Tone.SOON,
    LegState.COMPLETE: Tone.GOOD,
}


def write(tenant: Tenant, grants: Sequence[ClientGrant], made: Made, today: date, target: IO[bytes]) -> str:
    """Write the workbook of a reseller to `target`; return the SHA-256 of its data. The open scope is its own.

    grants: of the clients it tells of. Judgements are the newest that were kept of each.
    """
    checksum = Checksum()
    rows = every_client(grants, today)
    acting = acting_of(rows)
    about: tuple[tuple[str, Value], ...] = (
        (_("Report"), _("Portfolio")),
        (_("Organisation"), tenant.name),
        (_("KvK number"), tenant.kvk or ""),
        (_("As of"), today),
        (_("Rule set"), RULE_SET),
    )

    def sheets() -> Iterator[Sheet]:
        for sheet in (_legs(rows, acting), _clients(rows, acting), _pivot(rows)):
            yield checksum.watch(sheet)
        yield sheet_about(about, made, checksum, tenant.zone)

    title = f"{_('Portfolio')} – {tenant.name}"
    write_workbook(target, sheets(), title=title, zone=tenant.zone, made_at=made.at)
    return checksum.hexdigest


def _legs(rows: Sequence[ClientRow], acting: Mapping[Key, str]) -> Sheet:
    columns = (
        Column(_("Client"), Kind.TEXT, 34),
        Column(_("KvK number"), Kind.TEXT, 12),
        Column(_("Leg"), Kind.TEXT, 20),
        Column(_("State"), Kind.TEXT, 22),
        Column(_("Worst finding"), Kind.TEXT, 44),
        Column(_("Severity"), Kind.TEXT, 14),
        Column(_("Who is to act"), Kind.TEXT, 28),
        Column(_("Faults"), Kind.WHOLE, 10),
        Column(_("Warnings"), Kind.WHOLE, 12),
        Column(_("Notices"), Kind.WHOLE, 10),
        Column(_("Code"), Kind.TEXT, 30),
    )
    return Sheet(_("Clients and legs"), columns, (_leg(row, leg, acting) for row in rows for leg in Leg))


def _leg(row: ClientRow, leg: Leg, acting: Mapping[Key, str]) -> tuple[Value, ...]:
    counted = row.counted[leg]
    return (
        row.grant.name,
        row.grant.kvk or None,
        str(LEG_LABELS[leg]),
        _state(row.legs[leg]),
        rule_title(counted.code) if counted.code else None,
        _severity(counted.worst),
        acting.get((row.grant.client_id, counted.code)) or None,
        counted.faults,
        counted.warnings,
        counted.notices,
        counted.code or None,
    )


def _clients(rows: Sequence[ClientRow], acting: Mapping[Key, str]) -> Sheet:
    columns = (
        Column(_("Client"), Kind.TEXT, 34),
        Column(_("KvK number"), Kind.TEXT, 12),
        Column(_("State"), Kind.TEXT, 22),
        *(Column(str(LEG_LABELS[leg]), Kind.TEXT, 20) for leg in Leg),
        Column(_("Calamity now"), Kind.YES_NO, 12),
        Column(_("Missing on the first night"), Kind.WHOLE, 14),
        Column(_("Faults"), Kind.WHOLE, 10),
        Column(_("Warnings"), Kind.WHOLE, 12),
        Column(_("Worst finding"), Kind.TEXT, 44),
        Column(_("Severity"), Kind.TEXT, 14),
        Column(_("Who is to act"), Kind.TEXT, 28),
        Column(_("Lapses next on"), Kind.DAY, 14),
        Column(_("Lapses next"), Kind.TEXT, 44),
        Column(_("Judged on"), Kind.DAY, 14),
        Column(_("Access"), Kind.TEXT, 28),
        Column(_("Opens the plan"), Kind.YES_NO, 10),
        Column(_("Opens the continuity scheme"), Kind.YES_NO, 14),
        Column(_("Access until"), Kind.INSTANT, 18),
        Column(_("Code"), Kind.TEXT, 30),
        Column(_("Code of what lapses"), Kind.TEXT, 30),
    )
    return Sheet(_("Clients"), columns, (_client(row, acting) for row in rows))


def _client(row: ClientRow, acting: Mapping[Key, str]) -> tuple[Value, ...]:
    return (
        row.grant.name,
        row.grant.kvk or None,
        _state(row.state),
        *(_state(row.legs[leg]) for leg in Leg),
        row.grant.in_calamity,
        row.tonight,
        row.faults,
        row.warnings,
        rule_title(row.reason) if row.reason else None,
        _severity(row.worst),
        acting.get((row.grant.client_id, row.reason)) or None,
        row.lapses_on,
        rule_title(row.lapsing) if row.lapsing else None,
        row.judged_on,
        str(LEVEL_LABELS[row.grant.level]),
        row.grant.plan,
        row.grant.continuity,
        row.grant.ends_at,
        row.reason or None,
        row.lapsing or None,
    )


def _pivot(rows: Sequence[ClientRow]) -> Sheet:
    """Return how many clients stand how, by leg: the darker the more."""
    columns = (
        Column(_("Leg"), Kind.TEXT, 24),
        *(Column(str(STATE_LABELS[state]), Kind.WHOLE, 16) for state in JUDGED_STATES),
        Column(_("Total"), Kind.WHOLE, 10),
    )
    if not rows:
        return Sheet(_("Legs by state"), columns, ())
    import pandas  # costs over a second and tens of megabytes: only who makes this workbook pays for it

    frame = pandas.DataFrame(
        [(leg.value, as_judged(row.legs[leg]).value) for row in rows for leg in Leg], columns=["leg", "state"]
    )
    table = frame.pivot_table(index="leg", columns="state", aggfunc="size", fill_value=0)
    table = table.reindex(index=list(map(str, Leg)), columns=list(map(str, JUDGED_STATES)), fill_value=0)
    told: list[tuple[Value, ...]] = []
    for leg, counts in zip(Leg, table.to_numpy().tolist(), strict=True):
        told.append((str(LEG_LABELS[leg]), *(shaded(number, len(rows)) for number in counts), sum(counts)))
    return Sheet(_("Legs by state"), columns, told)


def _severity(worst: Severity | None) -> Toned | None:
    return Toned(str(SEVERITY_LABELS[worst]), SEVERITY_TONES[worst]) if worst else None


def _state(state: LegState) -> Toned:
    return Toned(str(STATE_LABELS[state]), TONES.get(state, Tone.PLAIN))
