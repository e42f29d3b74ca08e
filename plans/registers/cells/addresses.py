"""Telephone numbers, e-mail addresses, IP addresses and IMEI numbers in cells."""

import ipaddress
import re
import unicodedata

from flask_babel import lazy_gettext as _l

from plans.registers.cells.bad import BadCell
from plans.registers.cells.texts import plain

HOME = "NL"
HOME_CODE = 31
PHONE_CHARACTERS = re.compile(r"\+?[0-9()./ \-]+")
# Dutch mobile numbers: most of what lists show, and a library takes a hundred times as long to write one.
MOBILE = re.compile(r"\+316[1-58][0-9]{7}")
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@]{4,253}")
DOMAIN_PART = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def read_phone(raw: object) -> str:
    """Return the telephone number as E.164 (+31612345678), or an empty text for an empty cell.

    Without a country it is taken for a Dutch number. A Dutch number must be one that can be given out; of other
    countries only the length is checked, since their numbering changes faster than this list.
    Raises BadCell for all else, also for an extension: E.164 has no room for it.
    """
    text = unicodedata.normalize("NFKC", plain(raw)).replace("–", "-")
    text = re.sub(r"^tel: ?", "", text, flags=re.IGNORECASE)
    if not text:
        return ""
    if not PHONE_CHARACTERS.fullmatch(text) or len(text) > 40:
        raise _no_phone()
    import phonenumbers  # its tables take a while to load, and most processes meet no telephone number

    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        raise _no_phone() from None
    dutch = number.country_code == HOME_CODE
    fits = phonenumbers.is_valid_number(number) if dutch else phonenumbers.is_possible_number(number)
    if not fits:
        raise _no_phone()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _no_phone() -> BadCell:
    return BadCell(_l("This is not a telephone number. Write it as 06 12345678 or +32 2 123 45 67."))


def phone_text(stored: str) -> str:
    """Write an E.164 number as people dial it: Dutch numbers without country, others with. Else as it is."""
    if MOBILE.fullmatch(stored):
        return f"06 {stored[4:]}"
    import phonenumbers  # as above

    try:
        number = phonenumbers.parse(stored, None)
    except phonenumbers.NumberParseException:
        return stored
    styles = phonenumbers.PhoneNumberFormat
    style = styles.NATIONAL if number.country_code == HOME_CODE else styles.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def read_email(raw: object) -> str:
    """Return the e-mail address in small letters, or an empty text for an empty cell.

    Raises BadCell when its shape is wrong; the part behind the @ needs a dot.
    """
    text = re.sub(r"^mailto: ?", "", plain(raw), flags=re.IGNORECASE).lower()
    if not text:
        return ""
    local, _, domain = text.rpartition("@")
    if len(text) > 254 or not EMAIL.fullmatch(text) or ".." in local or local.startswith(".") or local.endswith("."):
        raise _no_email()
    try:
        parts = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        raise _no_email() from None
    last = parts[-1]
    if len(parts) < 2 or len(last) < 2 or last.isdigit() or not all(DOMAIN_PART.fullmatch(part) for part in parts):
        raise _no_email()
    return text


def _no_email() -> BadCell:
    return BadCell(_l("This is not an e-mail address. It looks like name@example.nl."))


def read_ip(raw: object) -> str:
    """Return the IPv4 or IPv6 address or network in its shortest form, or an empty text for an empty cell.

    Raises BadCell for all else, and for a network that names an address inside it.
    Source: inventory.ip-addresses.
    """
    text = plain(raw)
    if not text:
        return ""
    if len(text) > 60 or "%" in text:
        # Behind a percent sign stands the name of a network card: it means nothing elsewhere.
        raise _no_ip()
    try:
        return str(ipaddress.ip_network(text) if "/" in text else ipaddress.ip_address(text))
    except ValueError:
        pass
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise _no_ip() from None
    raise BadCell(_l("This address lies inside a network. Write the network as %(network)s.", network=str(network)))


def _no_ip() -> BadCell:
    return BadCell(_l("This is not an IP address. Write it as 192.168.1.10, or 192.168.1.0/24 for a network."))


def read_imei(raw: object) -> str:
    """Return the fifteen digits of an IMEI, or an empty text for an empty cell.

    Raises BadCell when there are not fifteen digits, or the last one does not fit the others.
    Source: 3GPP TS 23.003, 6.2 and annex B (Luhn).
    """
    text = re.sub(r"[ \-/.]", "", plain(raw))
    if not text:
        return ""
    if not re.fullmatch(r"[0-9]{15}", text):
        raise BadCell(_l("An IMEI has fifteen digits."))
    from stdnum import imei  # most processes meet no IMEI

    if not imei.is_valid(text):
        raise BadCell(_l("This IMEI has a typing error: the digits do not fit together. Dial *#06# on it to see it."))
    return text
