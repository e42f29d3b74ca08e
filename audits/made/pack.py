"""The engagement pack: all workbooks the asker may have, the evidence, and a checker that needs nothing but Python."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from audits.reach import reaches
from audits.room.models import EvidenceFile, EvidenceRequest, EvidenceStep
from audits.sweeping.waiting import RULE_SET
from audits.takeout import naming
from audits.takeout.archive import MANIFEST, Archive
from audits.takeout.records import document
from audits.trail import workbook as trail_workbook
from audits.trail.queries import Filters
from audits.workbooks import file_name, open_reports, write
from audits.workbooks.material import Made, Material, gathered
from continuity.models import Agreement, Declaration
from core import db
from core.file_names import anywhere, kept_name, plain
from core.files import files
from core.i18n import day_text, language
from core.vault import SealError
from core.version import VERSION
from tenants.models import StoredFile, Tenant
from tenants.owned import Area
from tenants.scope import current_scope

FORMAT = 1
CHECKER = Path(__file__).with_name("check.py")
# Told how many members of how many are in the zip.
Seen = Callable[[int, int], None]


def write_pack(target: IO[bytes], made: Made, as_of: date, engagements: frozenset[UUID], seen: Seen) -> str:
    """Write the pack of the open scope's organisation as of a day to `target`; return what the file is called.

    In the language texts are now written in; what the scope does not read is not in it. engagements: of the auditor it
    is made for, whose answers are in it. The same data and `made` give the same bytes.
    Source: ISO 27001 A.5.28.
    """
    tenant = db.session().get_one(Tenant, current_scope().only_tenant)
    archive, missing, reports, evidence = Archive(target), list[str](), open_reports(), list(_evidence(engagements))
    total = len(reports) + len(evidence) + reaches(Area.TRAIL)
    with gathered(tenant.id, as_of) as material:
        for report in reports:
            archive.add_written(
                f"{naming.workbooks()}/{file_name(report, material)}", partial(write, report, material, made)
            )
            seen(len(archive.members), total)
    tenant = db.session().get_one(Tenant, current_scope().only_tenant)
    if reaches(Area.TRAIL):
        called = kept_name(_("Trail"), tenant.slug, as_of, ".xlsx")
        name = f"{naming.workbooks()}/{called}"
        filters = Filters(until=as_of, zone=tenant.zone)
        archive.add_written(name, lambda waiting: trail_workbook.write(tenant, filters, made, waiting))
        seen(len(archive.members), total)
    for name, digest in evidence:
        try:
            with files().open(tenant.id, digest) as opened:
                archive.add_written(name, partial(shutil.copyfileobj, opened))
        except (FileNotFoundError, ValueError, SealError):
            missing.append(name)
        seen(len(archive.members) + len(missing), total)
    archive.add(naming.readme(), [_readme(material, made, missing).encode()])
    archive.add(naming.checker(), [CHECKER.read_bytes()])
    archive.add(MANIFEST, [document(_manifest(material, made, archive, missing))])
    archive.close()
    return kept_name(_("Engagement pack"), tenant.slug, material.as_of, ".zip")


def _evidence(engagements: frozenset[UUID]) -> Iterator[tuple[str, str]]:
    """Yield the place in the zip and the SHA-256 of each uploaded file that is open."""
    asked = sa.select(EvidenceRequest.id).where(EvidenceRequest.engagement_id.in_(engagements))
    steps = sa.select(EvidenceStep.id).where(EvidenceStep.request_id.in_(asked))
    answers = sa.select(EvidenceFile).where(EvidenceFile.step_id.in_(steps)).order_by(EvidenceFile.id)
    for answer in db.session().scalars(answers):
        yield _place(_("answers"), answer.id, answer.name), answer.sha256
    if reaches(Area.CONTINUITY):
        agreements = sa.select(Agreement).where(Agreement.file_sha256 != "", Agreement.archived_at.is_(None))
        for row in db.session().scalars(agreements.order_by(Agreement.id)):
            yield _place(_("agreements"), row.id, row.file_name), row.file_sha256
        declared = sa.select(Declaration).where(Declaration.file_sha256 != "").order_by(Declaration.id)
        for signed in db.session().scalars(declared):
            yield _place(_("declarations"), signed.id, signed.file_name), signed.file_sha256
    if reaches(StoredFile.__area__):
        for stored in db.session().scalars(sa.select(StoredFile).order_by(StoredFile.id)):
            yield _place(_("files"), stored.id, stored.name), stored.sha256


def _place(kind: str, row_id: UUID, name: str) -> str:
    """Return where an uploaded file stands: under its own name, in a folder of its own, as two may be called alike."""
    return f"{naming.evidence()}/{plain(kind)}/{row_id}/{anywhere(name)}"


def _manifest(material: Material, made: Made, archive: Archive, missing: list[str]) -> dict[str, object]:
    return {
        "format": FORMAT,
        "made_with": f"Waarborg {VERSION}",
        "organisation": material.organisation.name,
        "as_of": material.as_of.isoformat(),
        "made_at": made.at.isoformat(),
        "made_by": made.by,
        "language": language().value,
        "rule_set": RULE_SET,
        "areas": sorted(current_scope().reads),
        "missing": missing,
        "members": [asdict(member) for member in archive.members],
    }


def _readme(material: Material, made: Made, missing: list[str]) -> str:
    name, day = material.organisation.name, day_text(material.as_of)
    parts = [
        _("Engagement pack of %(organisation)s as of %(day)s.", organisation=name, day=day),
        _("Made on %(at)s (UTC) by %(by)s.", at=made.at.strftime("%Y-%m-%d %H:%M:%S"), by=made.by),
        _(
            "%(folder)s: the reports as spreadsheets. The first sheet of each tells what is in it, and from what.",
            folder=naming.workbooks(),
        ),
        _(
            "%(folder)s: what was uploaded, such as signed agreements and reports of tests, each under its own name.",
            folder=naming.evidence(),
        ),
        _("manifest.json: every file with its size and its fingerprint (SHA-256)."),
        _(
            "To check that nothing was changed, left out or added, with no network and nothing but Python"
            " (python.org): on Windows double-click %(checker)s, elsewhere run python3 %(checker)s."
            " Without Python: sha256sum --check SHA256SUMS",
            checker=naming.checker(),
        ),
        _("What is confidential stands here in plain text. Keep this file as safe as the originals."),
    ]
    if missing:
        parts.append(
            _("These uploaded files could not be found, ask your operator: %(names)s", names=", ".join(missing))
        )
    return "\n\n".join(parts) + "\n"
