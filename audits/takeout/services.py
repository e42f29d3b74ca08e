"""Make the takeout of the organisation whose scope is open."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import IO

import sqlalchemy as sa

from audits.room.models import EvidenceFile
from audits.sweeping.waiting import RULE_SET
from audits.takeout import naming, readme, records
from audits.takeout.archive import MANIFEST, Archive, digest_of
from audits.takeout.columns import sources
from audits.workbooks import file_name, open_reports, write
from audits.workbooks.material import Made, gather
from continuity.models import Agreement
from core import db
from core.files import files
from core.i18n import language
from core.vault import SealError
from core.version import VERSION
from tenants import trail
from tenants.models import StoredFile, Tenant
from tenants.scope import current_scope

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Takeout:
    """What was taken out. sha256: of the whole zip; missing: uploaded files that the file store could not give."""

    file_name: str
    sha256: str
    rows: int
    files: int
    missing: tuple[str, ...]


def take_out(target: IO[bytes], made: Made, *, today: date) -> Takeout:
    """Write everything of the open scope's organisation to `target` as a zip; record() tells the trail afterwards.

    In the language texts are now written in. The scope must read every area. Memory grows neither with the rows
    nor with the uploaded files. The same data and `made` give the same bytes.
    Source: GDPR article 20; issue "an organisation's data is its own".
    """
    tenant = db.session().get_one(Tenant, current_scope().only_tenant)
    archive, missing = Archive(target), []
    archive.add("organisation.json", [records.document(records.organisation())])
    archive.add("people.jsonl", records.people())
    archive.add("schema.json", [records.document(records.schema())])
    counted = {source.name: archive.add(f"data/{source.name}.jsonl", records.lines(source)) for source in sources()}
    _add_workbooks(archive, made, today)
    kept = 0
    for name, digest in _documents():
        try:
            with files().open(current_scope().only_tenant, digest) as opened:
                archive.add_written(name, partial(shutil.copyfileobj, opened))
            kept += 1
        except (FileNotFoundError, ValueError, SealError):
            missing.append(name)
    archive.add(naming.readme(), [readme.text(tenant.name, made, missing).encode()])
    archive.add(MANIFEST, [records.document(_manifest(tenant, made, archive, counted, missing))])
    archive.close()
    return Takeout(
        f"waarborg-{tenant.slug}-{today.isoformat()}.zip",
        digest_of(target),
        sum(counted.values()),
        kept,
        tuple(missing),
    )


def record(found: Takeout) -> None:
    """Write in the trail that everything was taken out. The scope must write the trail."""
    trail.record("data.exported", "tenant", None, sha256=found.sha256, rows=found.rows, files=found.files)
    db.session().flush()


def _add_workbooks(archive: Archive, made: Made, today: date) -> None:
    material = gather(current_scope().only_tenant, today)
    for report in open_reports():
        name = f"{naming.workbooks()}/{file_name(report, material)}"
        archive.add_written(name, partial(write, report, material, made))


def _documents() -> Iterator[tuple[str, str]]:
    """Yield the place in the zip and the SHA-256 of every uploaded file, put-away agreements included."""
    query = sa.select(Agreement).where(Agreement.file_sha256 != "").order_by(Agreement.id)
    for row in db.session().scalars(query):
        yield f"files/agreement/{row.id}/{row.file_name}", row.file_sha256
    for answered in db.session().scalars(sa.select(EvidenceFile).order_by(EvidenceFile.id)):
        yield f"files/evidence_file/{answered.id}/{answered.name}", answered.sha256
    for stored in db.session().scalars(sa.select(StoredFile).order_by(StoredFile.id)):
        yield f"files/stored_file/{stored.id}/{stored.name}", stored.sha256


def _manifest(
    tenant: Tenant, made: Made, archive: Archive, counted: dict[str, int], missing: list[str]
) -> dict[str, object]:
    return {
        "format": FORMAT,
        "made_with": f"Waarborg {VERSION}",
        "organisation": tenant.name,
        "made_at": made.at.isoformat(),
        "made_by": made.by,
        "language": language().value,
        "rule_set": RULE_SET,
        "rows": counted,
        "missing": missing,
        "members": [asdict(member) for member in archive.members],
    }
