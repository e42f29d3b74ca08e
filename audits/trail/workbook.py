"""The trail as a workbook: every line that passes the filters, newest first, and where it comes from."""

from collections.abc import Callable, Iterator
from typing import IO

import sqlalchemy as sa
from flask_babel import gettext as _

from audits.trail.queries import Entry, Filters, all_of
from audits.trail.sentences import Detail, told
from audits.workbooks.material import Made
from audits.workbooks.provenance import Checksum, sheet_about
from core import db
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value, write_workbook
from tenants.models import Tenant, TrailHead


def write(
    tenant: Tenant, filters: Filters, made: Made, target: IO[bytes], seen: Callable[[int], None] | None = None
) -> tuple[str, int]:
    """Write the workbook to `target`; return the SHA-256 of its data and how many lines it has.

    seen: told now and then how many lines were written.
    """
    checksum = Checksum(seen)
    head = db.session().execute(sa.select(TrailHead.seq, TrailHead.link).where(TrailHead.chain == tenant.id)).first()
    end = f"{head.seq} {bytes(head.link).hex()}" if head else "0"

    def sheets() -> Iterator[Sheet]:
        yield checksum.watch(_lines(filters))
        yield _provenance(tenant, filters, made, end, checksum)

    title = f"{_('Trail')} – {tenant.name}"
    write_workbook(target, sheets(), title=title, zone=tenant.zone, made_at=made.at)
    return checksum.hexdigest, checksum.rows


def _lines(filters: Filters) -> Sheet:
    columns = (
        Column(_("Line"), Kind.WHOLE, 9),
        Column(_("When"), Kind.INSTANT, 17),
        Column(_("Who"), Kind.TEXT, 24),
        Column(_("Role"), Kind.TEXT, 18),
        Column(_("For whom"), Kind.TEXT, 22),
        Column(_("What happened"), Kind.TEXT, 50),
        Column(_("About"), Kind.TEXT, 30),
        Column(_("Details"), Kind.TEXT, 70),
        Column(_("Action"), Kind.TEXT, 20),
        Column(_("Request"), Kind.TEXT, 20),
        Column(_("Link of the chain"), Kind.TEXT, 66),
    )
    return Sheet(_("Trail"), columns, (_line(entry) for entry in all_of(filters)))


def _line(entry: Entry) -> tuple[Value, ...]:
    words = told(entry)
    return (
        entry.seq,
        entry.at,
        entry.actor,
        words.role,
        entry.via,
        words.text,
        words.thing,
        "\n".join(_detail(one) for one in words.details),
        entry.action,
        entry.request_id,
        entry.link.hex(),
    )


def _detail(one: Detail) -> str:
    if one.old:
        return str(_("%(label)s: from %(old)s to %(new)s", label=one.label, old=one.old, new=one.new or "–"))
    return f"{one.label}: {one.new}"


def _provenance(tenant: Tenant, filters: Filters, made: Made, end: str, checksum: Checksum) -> Sheet:
    about: tuple[tuple[str, Value], ...] = (
        (_("Report"), _("Trail")),
        (_("Organisation"), tenant.name),
        (_("KvK number"), tenant.kvk or ""),
        (_("From"), filters.since),
        (_("Until"), filters.until),
        (_("Filters"), _filters(filters)),
        (_("End of the chain when it was made"), end),
    )
    return sheet_about(about, made, checksum, tenant.zone)


def _filters(filters: Filters) -> str:
    chosen = {"who": filters.who, "sort": filters.sort, "subject": filters.subject}
    return ", ".join(f"{name}={value}" for name, value in chosen.items() if value)
