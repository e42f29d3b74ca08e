"""The contacts workbook: everybody to reach, every column of their registers, and whom the scheme knows."""

from collections.abc import Iterator

from flask_babel import gettext as _

from audits.workbooks.inventory import columns_of, rows_of
from audits.workbooks.material import Material
from continuity.scheme import PARTY_LABELS
from core.sheets.cells import Kind
from core.sheets.writing import Column, Sheet, Value
from plans.registers.cells import phone_text
from plans.registers.people import CONTACTS, PARTIES


def sheets(material: Material) -> Iterator[Sheet]:
    """Yield the contacts, the external parties, and the people whom the scheme names."""
    for register in (CONTACTS, PARTIES):
        yield Sheet(str(register.title), columns_of(register), rows_of(register, material.records(register)))
    yield _scheme(material)


def _scheme(material: Material) -> Sheet:
    columns = (
        Column(_("Service"), Kind.TEXT, 34),
        Column(_("With whom"), Kind.TEXT, 24),
        Column(_("Name"), Kind.TEXT, 26),
        Column(_("Telephone"), Kind.TEXT, 18),
        Column(_("E-mail address"), Kind.TEXT, 30),
        Column(_("Confirmed on"), Kind.DAY, 13),
    )
    rows: list[tuple[Value, ...]] = [
        (
            service.service_name,
            str(PARTY_LABELS[one.party]),
            one.name,
            phone_text(one.phone) if one.phone else None,
            one.email or None,
            one.confirmed_on,
        )
        for service in material.facts.continuity.registrations
        for one in service.contacts.values()
    ]
    return Sheet(_("Contacts of the scheme"), columns, rows)
