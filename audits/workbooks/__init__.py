"""Workbooks: what the audit found, as sheets an auditor can file. A tuple lists every report there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from flask_babel import lazy_gettext as _l

from audits.reach import reaches
from audits.workbooks import (
    calamities,
    contacts,
    cover,
    expiries,
    findings,
    handovers,
    inventory,
    plan,
    processes,
    proof,
    provenance,
    records,
    runbook,
    scheme,
    standards,
    upkeep,
)
from audits.workbooks.material import Made, Material
from audits.workbooks.provenance import Checksum
from core.file_names import kept_name
from core.sheets.writing import Sheet, write_workbook
from tenants.owned import Area


@dataclass(frozen=True, slots=True)
class Report:
    """A workbook by name. purpose: one sentence on what it is for; about: the area without which it says nothing."""

    name: str
    title: Any
    purpose: Any
    sheets: Callable[[Material], Iterator[Sheet]]
    about: Area | None = None


REPORTS = (
    Report(
        "findings",
        _l("Findings"),
        _l("Everything that is missing or lapses, worst first, with the clauses of the standards it touches."),
        findings.sheets,
    ),
    Report(
        "plan",
        _l("Plan"),
        _l("All 75 items of the handbook and your own, with answer and status: the whole plan on one sheet."),
        plan.sheets,
        Area.PLAN,
    ),
    Report(
        "inventory",
        _l("Inventory"),
        _l("What you own and use, a sheet for each class. Keep a copy off site for the insurer."),
        inventory.sheets,
        Area.PLAN,
    ),
    Report(
        "contacts",
        _l("Contacts"),
        _l("Everybody you must be able to reach, with every column of the registers of people and of the scheme."),
        contacts.sheets,
    ),
    Report(
        "processes",
        _l("Systems and departments"),
        _l("Departments, systems and data with every column, what each needs, and the order of recovery."),
        processes.sheets,
        Area.PLAN,
    ),
    Report(
        "runbook",
        _l("Recovery runbook"),
        _l("Who does what and knows it, signs, who informs whom, whom to call in, and the recovery on the clock."),
        runbook.sheets,
        Area.PLAN,
    ),
    Report(
        "tests",
        _l("Back-ups and tests"),
        _l("Copies and who saw them, the programme of tests with samples, results, follow-ups and proven hours."),
        proof.sheets,
        Area.PLAN,
    ),
    Report(
        "upkeep",
        _l("Upkeep"),
        _l("Who read the staff instruction, what changed in the business and touched, and who was asked by a link."),
        upkeep.sheets,
        Area.PLAN,
    ),
    Report(
        "calamities",
        _l("Calamities and exercises"),
        _l("How each went: hours against what was promised, everything that happened, and the lessons."),
        calamities.sheets,
        Area.PLAN,
    ),
    Report(
        "scheme",
        _l("Continuity scheme"),
        _l("Each registered service with its state and counterparty, the agreements, and whether the money covers it."),
        scheme.sheets,
        Area.CONTINUITY,
    ),
    Report(
        "handovers",
        _l("Handovers"),
        _l("What the foundation holds, how far each is proved, and every opening; the secrets stand nowhere in it."),
        handovers.sheets,
        Area.CONTINUITY,
    ),
    Report(
        "cover",
        _l("Covered clients"),
        _l("Each client of your services with the six legs of its cover, and what lapses before the period would end."),
        cover.sheets,
        Area.CONTINUITY,
    ),
    Report(
        "expiries",
        _l("What lapses"),
        _l("Everything that lapses in the twelve months ahead, by day and counted by month."),
        expiries.sheets,
    ),
    Report(
        "standards",
        _l("Coverage of standards"),
        _l("Each clause with the items that answer to it and how they are: ISO 22301 and 27001, NIS2, DORA and more."),
        standards.sheets,
    ),
    Report(
        "records",
        _l("All records"),
        _l("Every field of every record as it is kept, a sheet for each kind, for whoever must see that all is there."),
        records.sheets,
    ),
)
BY_NAME = {report.name: report for report in REPORTS}


def open_reports() -> tuple[Report, ...]:
    """Return the workbooks that the open scope has anything to fill with."""
    return tuple(report for report in REPORTS if report.about is None or reaches(report.about))


def write(
    report: Report, material: Material, made: Made, target: IO[bytes], seen: Callable[[int], None] | None = None
) -> str:
    """Write the workbook to `target` in the language of the reader; return the SHA-256 of its data.

    seen: told now and then how many rows were written. Of a day that was kept it is the same byte for byte, whoever
    makes it and when; the trail tells who did.
    """
    made = material.made_as(made)
    checksum = Checksum(seen)

    def sheets() -> Iterator[Sheet]:
        for sheet in report.sheets(material):
            yield checksum.watch(sheet)
        yield provenance.sheet(material, str(report.title), str(report.purpose), made, checksum)

    title = f"{report.title} – {material.organisation.name}"
    write_workbook(target, sheets(), title=title, zone=material.organisation.zone, made_at=made.at)
    return checksum.hexdigest


def file_name(report: Report, material: Material) -> str:
    """Return what the workbook is called when it is kept as a file, in the language of the reader."""
    return kept_name(str(report.title), material.organisation.slug, material.as_of, ".xlsx")
