"""The inventory of a believable organisation: so many records, in the mix that small businesses have."""

from collections.abc import Callable
from decimal import Decimal

from plans.models import Asset, AssetKind, LineUse, SecondStep
from sample.believable import words
from sample.believable.book import Book
from sample.believable.dice import Dice
from sample.believable.registers import mobile
from sample.believable.rows import Row

# Out of a hundred.
MIX = {
    AssetKind.OFFICE_PC: 42,
    AssetKind.MOBILE_PHONE: 12,
    AssetKind.LICENCE: 10,
    AssetKind.IP_ADDRESS: 8,
    AssetKind.PRINTER: 6,
    AssetKind.TABLET: 6,
    AssetKind.CLOUD_SERVICE: 5,
    AssetKind.SERVER: 3,
    AssetKind.TELEPHONE_LINE: 3,
    AssetKind.BACKUP_UNIT: 2,
    AssetKind.TELEPHONE_SYSTEM: 2,
    AssetKind.INTERNET: 1,
}
PCS = ("HP ProDesk 400, i5, 8 GB", "Dell Latitude 5420, i7, 16 GB", "Lenovo ThinkPad L14, 16 GB", "HP EliteBook 640")
SERVERS = ("Dell PowerEdge T150, 32 GB", "HPE ProLiant ML30, 64 GB", "Synology RS822+, 4x 8 TB")
BACKUPS = ("NAS in het magazijn", "USB-schijf, wisselt per week", "Online back-up")
PHONES, TABLETS = ("iPhone 13", "Samsung A54", "Fairphone 5", "Nokia XR21"), ("iPad 9", "Galaxy Tab A9")
PRINTERS = ("Brother MFC-L2710DW", "HP LaserJet M404", "Epson TM-T20III", "Canon MF455dw")
LICENCES = (
    "Microsoft 365 Business",
    "Boekhoudpakket",
    "Tekenprogramma",
    "Virusscanner",
    "Windows Server",
    "Kassasoftware",
)
CLOUD = ("Microsoft 365", "Boekhouden online", "Urenregistratie", "Online back-up", "Planning online", "Nieuwsbrief")
PLACES = ("Kantoor", "Werkplaats", "Balie", "Magazijn", "Meterkast", "Thuis", "Vergaderzaal")
USES = (LineUse.VOICE, LineUse.FAX, LineUse.ALARM)


def add_inventory(book: Book, dice: Dice, completeness: float, count: int) -> None:
    """Add `count` records; each class is there first, as far as `count` reaches and the organisation got to it."""
    careful = 0.85 + 0.15 * completeness
    reached = [kind for kind in MIX if dice.chance(0.5 + 0.5 * completeness)][:count]
    mix = dice.weighted(reached or list(MIX), [MIX[kind] for kind in reached or MIX], count - len(reached))
    seen = dict.fromkeys(AssetKind, 0)
    # Somebody walked round with the list, at once for everything but the licences.
    looked_on = dice.ago(0, 200) if dice.chance(careful) else None
    for kind in [*reached, *mix]:
        seen[kind] += 1
        row = {"confirmed_on": looked_on, **MAKERS[kind](book, dice, seen[kind])}
        for column in NEEDED.get(kind, ()):
            if not dice.chance(careful):
                row[column] = "" if isinstance(row[column], str) else None
        book.add(Asset, {"kind": kind, **row})


def _serial(dice: Dice) -> str:
    return f"{dice.pick('ABCDEFGHJKLMNPRSTVWXYZ')}{dice.digits(3)}{dice.pick('ABCDEFGHJKLMNPRSTVWXYZ')}{dice.digits(5)}"


def _imei(dice: Dice) -> str:
    """Return fifteen digits of which the last checks the others (Luhn)."""
    digits = f"35{dice.digits(12)}"
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits)]
    return f"{digits}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


def _pc(book: Book, dice: Dice, nth: int) -> Row:
    return {
        "name": f"PC-{nth:03}",
        "specification": dice.pick(PCS),
        "serial_number": _serial(dice),
        "location": dice.pick(PLACES),
        "holder": dice.pick(book.staff)[1],
        "acquired_on": dice.ago(30, 2200),
        "warranty_until": dice.ago(-900, 1100),
    }


def _server(book: Book, dice: Dice, nth: int) -> Row:
    return {
        "name": f"SRV{nth}",
        "specification": dice.pick(SERVERS),
        "serial_number": _serial(dice),
        "location": "Meterkast",
        "ip_address": f"192.168.10.{nth + 4}",
        "administrator": dice.pick(words.SUPPLIERS),
        "warranty_until": dice.ago(-900, 600),
    }


def _backup(book: Book, dice: Dice, nth: int) -> Row:
    return {
        "name": f"{dice.pick(BACKUPS)} {nth}",
        "location": dice.pick(PLACES),
        "administrator": book.author,
        **_signing_in(dice),
    }


def _telephones(book: Book, dice: Dice, nth: int) -> Row:
    use = LineUse.EXCHANGE if nth % 2 else LineUse.HANDSET
    name = "Telefooncentrale Yeastar S20" if use is LineUse.EXCHANGE else f"Toestellen Yealink T31, groep {nth // 2}"
    quantity = 1 if use is LineUse.EXCHANGE else dice.number(2, 20)
    return {"name": name, "line_use": use, "quantity": quantity, "supplier": "Belpartner"}


def _line(book: Book, dice: Dice, nth: int) -> Row:
    use = USES[(nth - 1) % len(USES)]
    return {
        "name": f"Lijn {nth}",
        "line_use": use,
        "quantity": dice.number(1, 8) if use is LineUse.VOICE else dice.number(0, 1),
        "phone_number": f"+3176520{dice.digits(4)}",
        "supplier": "Belpartner",
    }


def _internet(book: Book, dice: Dice, nth: int) -> Row:
    return {
        "name": f"Glasvezel {nth}",
        "supplier": dice.pick(("KPN", "Ziggo Zakelijk", "Delta")),
        "ip_address": f"192.0.2.{dice.number(1, 254)}",
        "website": f"www.{book.domain}",
        "wifi": "gast en kantoor",
        **_signing_in(dice),
    }


def _licence(book: Book, dice: Dice, nth: int) -> Row:
    perpetual = dice.chance(0.15)
    return {
        "name": f"{dice.pick(LICENCES)} {nth}",
        "supplier": dice.pick(words.SUPPLIERS),
        "quantity": dice.number(1, 40),
        "expires_on": None if perpetual else dice.ago(-600, 20),
        "perpetual": perpetual,
        "yearly_cost": Decimal(dice.number(40, 4000)),
        "confirmed_on": dice.ago(0, 100),
    }


def _address(book: Book, dice: Dice, nth: int) -> Row:
    return {
        "name": f"Vast adres {nth}",
        "ip_address": f"192.168.{20 + nth // 250}.{nth % 250 + 1}",
        "location": "Meterkast",
    }


def _phone(book: Book, dice: Dice, nth: int) -> Row:
    return {
        "name": dice.pick(PHONES),
        "holder": dice.pick(book.staff)[1],
        "imei": _imei(dice),
        "phone_number": mobile(dice),
        "holds_business_data": dice.chance(0.8),
    }


def _cloud(book: Book, dice: Dice, nth: int) -> Row:
    return {
        "name": f"{dice.pick(CLOUD)} {nth}",
        "supplier": dice.pick(words.SUPPLIERS),
        "administrator": dice.pick(book.staff)[1],
        "quantity": dice.number(1, 40),
        **_signing_in(dice),
    }


def _signing_in(dice: Dice) -> Row:
    step = dice.pick(tuple(SecondStep)) if dice.chance(0.7) else None
    asking = step in (SecondStep.APP, SecondStep.KEY, SecondStep.MESSAGE)
    spare = "Herstelcodes op papier in de kluis thuis" if asking and dice.chance(0.6) else ""
    return {"second_step": step, "second_step_spare": spare}


def _tablet(book: Book, dice: Dice, nth: int) -> Row:
    return {"name": dice.pick(TABLETS), "holder": dice.pick(book.staff)[1], "serial_number": _serial(dice)}


def _printer(book: Book, dice: Dice, nth: int) -> Row:
    return {"name": dice.pick(PRINTERS), "location": dice.pick(PLACES), "serial_number": _serial(dice)}


MAKERS: dict[AssetKind, Callable[[Book, Dice, int], Row]] = {
    AssetKind.OFFICE_PC: _pc,
    AssetKind.SERVER: _server,
    AssetKind.BACKUP_UNIT: _backup,
    AssetKind.TELEPHONE_SYSTEM: _telephones,
    AssetKind.TELEPHONE_LINE: _line,
    AssetKind.INTERNET: _internet,
    AssetKind.LICENCE: _licence,
    AssetKind.IP_ADDRESS: _address,
    AssetKind.MOBILE_PHONE: _phone,
    AssetKind.CLOUD_SERVICE: _cloud,
    AssetKind.TABLET: _tablet,
    AssetKind.PRINTER: _printer,
}
# What somebody may have forgotten to fill in.
NEEDED = {
    AssetKind.OFFICE_PC: ("specification", "serial_number"),
    AssetKind.SERVER: ("serial_number",),
    AssetKind.LICENCE: ("supplier", "expires_on", "confirmed_on"),
    AssetKind.MOBILE_PHONE: ("imei",),
    AssetKind.CLOUD_SERVICE: ("administrator",),
    AssetKind.TABLET: ("serial_number",),
    AssetKind.PRINTER: ("location",),
}
