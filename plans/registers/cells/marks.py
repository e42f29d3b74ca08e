"""Numbers with a form of their own in cells: MAC addresses, KvK and VAT numbers, IBANs."""

import re

from flask_babel import lazy_gettext as _l

from plans.registers.cells.bad import BadCell
from plans.registers.cells.texts import plain

LONGEST = 60
BARE_MAC = re.compile("[0-9A-Fa-f]{12}")


def read_mac(raw: object) -> str:
    """Return a MAC address as 00:1a:2b:3c:4d:5e, or an empty text for an empty cell. Raises BadCell for all else.

    Who made the card is not asked: their list grows faster than ours.
    """
    text = plain(raw)
    if not text:
        return ""
    bare = re.sub(r"[\s:.\-]", "", text)
    if BARE_MAC.fullmatch(bare):  # nearly all there are
        bare = bare.lower()
        return f"{bare[:2]}:{bare[2:4]}:{bare[4:6]}:{bare[6:8]}:{bare[8:10]}:{bare[10:]}"
    from stdnum import mac  # like the others here: most processes meet no such number
    from stdnum.exceptions import ValidationError

    try:
        return mac.validate(":".join(bare[place : place + 2] for place in range(0, len(bare), 2)), False)
    except ValidationError:
        raise BadCell(_l("This is not a MAC address. Write it as 00:1A:2B:3C:4D:5E.")) from None


def read_kvk(raw: object) -> str:
    """Return the eight digits of a KvK number, or an empty text for an empty cell. Raises BadCell for all else.

    A zero that a spreadsheet took from the front is given back; there is no check digit.
    """
    text = re.sub(r"[ .]", "", plain(raw))
    if not text:
        return ""
    if isinstance(raw, (int, float)) and len(text) == 7:
        text = f"0{text}"
    if not re.fullmatch(r"[0-9]{8}", text):
        raise BadCell(_l("A KvK number has eight digits."))
    return text


def read_vat(raw: object) -> str:
    """Return a VAT number of a country of the Union, or an empty text. Raises BadCell for all else."""
    text = plain(raw)
    if not text:
        return ""
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    try:
        found: str = vat.validate(text[:LONGEST])
    except ValidationError:
        raise BadCell(_l("This is not a VAT number. Write it as NL123456789B01.")) from None
    return found


def read_iban(raw: object) -> str:
    """Return an IBAN in groups of four, or an empty text for an empty cell. Raises BadCell for all else."""
    text = plain(raw)
    if not text:
        return ""
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        return iban.format(iban.validate(text[:LONGEST]))
    except ValidationError:
        raise BadCell(
            _l("This is not an IBAN: the digits do not fit together. Copy it from a bill or a bank statement.")
        ) from None
