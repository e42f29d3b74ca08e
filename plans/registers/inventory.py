"""The twelve registers of the inventory, as data: which columns of an asset count for its kind."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from plans.models import Asset, AssetKind, LineUse
from plans.registers.people import CONFIRMED_ON, NOTE
from plans.registers.second_step import COLUMNS as SIGNING_IN
from plans.registers.shape import Choice, Column, Group, Key, Kind, Register

NAME = Column("name", Kind.TEXT, _l("Name"), required=True)
SPECIFICATION = Column("specification", Kind.TEXT, _l("Specifications"), limit=500)
SERIAL = Column("serial_number", Kind.SERIAL, _l("Serial number"), limit=100)
IMEI = Column("imei", Kind.IMEI, _l("IMEI"), limit=20, hint=_l("Fifteen digits; dial *#06# on the phone to see them."))
LOCATION = Column("location", Kind.TEXT, _l("Location"))
HOLDER = Column("holder", Kind.TEXT, _l("User"))
SUPPLIER = Column("supplier", Kind.TEXT, _l("Supplier"))
PROVIDER = replace(SUPPLIER, label=_l("Provider"))
ADMINISTRATOR = Column("administrator", Kind.TEXT, _l("Administrator"))
IP_ADDRESS = Column(
    "ip_address",
    Kind.IP_ADDRESS,
    _l("IP address"),
    limit=60,
    hint=_l("For example 192.168.1.10, or 192.168.1.0/24 for a network."),
)
MAC_ADDRESS = Column("mac_address", Kind.MAC_ADDRESS, _l("MAC address"), limit=20)
PHONE_NUMBER = Column("phone_number", Kind.PHONE, _l("Telephone number"), limit=40)
WEBSITE = Column("website", Kind.TEXT, _l("Website"))
WIFI = Column("wifi", Kind.TEXT, _l("Name of the Wi-Fi network"), hint=_l("Never the password."))
COUNT = Column("quantity", Kind.NUMBER, _l("Number"))
SEATS = replace(COUNT, label=_l("Number of users"))
LICENCE_KEY = Column("licence_key", Kind.TEXT, _l("Licence key"), secret=True)
EXPIRES_ON = Column("expires_on", Kind.TERM, _l("Valid until"))
CONTRACT_UNTIL = Column("expires_on", Kind.DAY, _l("Contract until"))
PERPETUAL = Column("perpetual", Kind.YES_NO, _l("Perpetual: there is no last day"), default=False)
YEARLY_COST = Column("yearly_cost", Kind.AMOUNT, _l("Cost per year"))
ACQUIRED_ON = Column("acquired_on", Kind.DAY, _l("Acquired on"))
WARRANTY_UNTIL = Column("warranty_until", Kind.DAY, _l("Warranty until"))
# A record counts without this day; the category as a whole asks to be looked at.
LOOKED_ON = replace(CONFIRMED_ON, needed=False)
BUSINESS_DATA = Column("holds_business_data", Kind.YES_NO, _l("Holds business data"))

SYSTEM_PARTS = (
    Choice(LineUse.EXCHANGE, _l("Telephone exchange"), ("centrale", "telefooncentrale", "pbx")),
    Choice(LineUse.HANDSET, _l("Handsets"), ("toestel", "toestellen", "handset", "telefoontoestel")),
)
LINE_USES = (
    Choice(LineUse.VOICE, _l("Voice"), ("spraak", "telefoon", "bellen")),
    Choice(LineUse.FAX, _l("Fax"), ("faxlijn",)),
    Choice(LineUse.ALARM, _l("Alarm centre"), ("alarmcentrale", "alarmlijn", "meldkamer")),
)
LINE_USE = Column("line_use", Kind.CHOICE, _l("What it is"))


def _needed(column: Column) -> Column:
    return replace(column, needed=True)


BY_SERIAL = Key(("serial_number",))
BY_IMEI = Key(("imei",))
BY_PLACE = Key(("name", "location"), weak=True)
BY_HOLDER = Key(("name", "holder"), weak=True)
BY_SUPPLIER = Key(("name", "supplier"), weak=True)


def _register(
    kind: AssetKind,
    title: Any,
    add_label: Any,
    purpose: Any,
    example: Any,
    columns: tuple[Column, ...],
    listed: tuple[str, ...],
    keys: tuple[Key, ...],
    more_items: tuple[str, ...] = (),
) -> Register:
    checked = () if CONFIRMED_ON in columns else (LOOKED_ON,)
    return Register(
        slug=kind.value,
        group=Group.INVENTORY,
        model=Asset,
        title=title,
        add_label=add_label,
        purpose=purpose,
        example=example,
        columns=(*columns, *checked, NOTE),
        listed=listed,
        keys=keys,
        items=(f"inventory.{kind.value}", *more_items),
        asset_kind=kind,
    )


INVENTORY = (
    _register(
        AssetKind.OFFICE_PC,
        _l("Office PCs"),
        _l("Add an office PC"),
        _l("Every PC and laptop, with what is in it and its serial number, so that you can replace it and claim it."),
        _l("For example: Till 1, HP ProDesk 400, 8 GB, serial number on the sticker below."),
        (
            NAME,
            _needed(SPECIFICATION),
            _needed(SERIAL),
            LOCATION,
            HOLDER,
            MAC_ADDRESS,
            SUPPLIER,
            ACQUIRED_ON,
            WARRANTY_UNTIL,
        ),
        ("name", "specification", "serial_number", "location", "holder"),
        (BY_SERIAL, BY_PLACE),
    ),
    _register(
        AssetKind.SERVER,
        _l("Servers"),
        _l("Add a server"),
        _l("Every server and network disk, with what is in it, where it stands and who looks after it."),
        _l("For example: SRV1, Dell PowerEdge T150, 32 GB, in the meter cupboard."),
        (
            NAME,
            _needed(SPECIFICATION),
            _needed(SERIAL),
            LOCATION,
            IP_ADDRESS,
            MAC_ADDRESS,
            ADMINISTRATOR,
            SUPPLIER,
            ACQUIRED_ON,
            WARRANTY_UNTIL,
        ),
        ("name", "specification", "serial_number", "location", "ip_address", "administrator"),
        (BY_SERIAL, BY_PLACE),
    ),
    _register(
        AssetKind.BACKUP_UNIT,
        _l("Back-up units"),
        _l("Add a back-up unit"),
        _l("What your back-ups are on: a disk, a file or an account, and where to find it."),
        _l("For example: blue USB disk, in the safe at home of the director."),
        (
            replace(NAME, label=_l("What it is")),
            SPECIFICATION,
            SERIAL,
            _needed(replace(LOCATION, label=_l("Where it is"))),
            IP_ADDRESS,
            MAC_ADDRESS,
            ADMINISTRATOR,
            *SIGNING_IN,
            SUPPLIER,
            ACQUIRED_ON,
            WARRANTY_UNTIL,
        ),
        ("name", "specification", "location", "administrator"),
        (BY_SERIAL, BY_PLACE),
    ),
    _register(
        AssetKind.TELEPHONE_SYSTEM,
        _l("Telephone exchange and handsets"),
        _l("Add an exchange or handsets"),
        _l("What kind of telephone exchange you have and how many handsets hang on it."),
        _l("For example: one exchange Yeastar S20, and six handsets Yealink T31."),
        (
            NAME,
            _needed(replace(LINE_USE, choices=SYSTEM_PARTS)),
            _needed(COUNT),
            LOCATION,
            SUPPLIER,
            SERIAL,
            PHONE_NUMBER,
        ),
        ("name", "line_use", "quantity", "location", "supplier"),
        (BY_SERIAL, BY_PLACE),
    ),
    _register(
        AssetKind.TELEPHONE_LINE,
        _l("Telephone lines"),
        _l("Add telephone lines"),
        _l("How many lines you have for voice, fax and the alarm centre. A forgotten alarm line is a silent alarm."),
        _l("For example: four voice lines on 076 520 1122, from BelGoed."),
        (
            NAME,
            _needed(replace(LINE_USE, label=_l("Used for"), choices=LINE_USES)),
            _needed(replace(COUNT, label=_l("Number of lines"))),
            PHONE_NUMBER,
            PROVIDER,
        ),
        ("name", "line_use", "quantity", "phone_number", "supplier"),
        (Key(("phone_number",)), Key(("name", "line_use"), weak=True)),
    ),
    _register(
        AssetKind.INTERNET,
        _l("Internet"),
        _l("Add an internet connection"),
        _l("Your connections to the internet and what hangs on them: address, website, Wi-Fi and provider."),
        _l("For example: fibre 500/500 from KPN, address 185.27.54.18."),
        (
            *(NAME, _needed(PROVIDER), SPECIFICATION, IP_ADDRESS, WEBSITE, WIFI, LOCATION),
            *(*SIGNING_IN, CONTRACT_UNTIL, YEARLY_COST),
        ),
        ("name", "supplier", "ip_address", "website", "wifi"),
        (BY_PLACE,),
    ),
    _register(
        AssetKind.LICENCE,
        _l("Software licences"),
        _l("Add a licence"),
        _l("The licences of your programs, with supplier and last day, so that nothing stops because one lapsed."),
        _l("For example: Microsoft 365 Business Standard, 9 users, until 31 January 2027."),
        (
            replace(NAME, label=_l("Product")),
            _needed(SUPPLIER),
            SEATS,
            LICENCE_KEY,
            _needed(EXPIRES_ON),
            PERPETUAL,
            YEARLY_COST,
            CONFIRMED_ON,
        ),
        ("name", "supplier", "quantity", "licence_key", "expires_on", "confirmed_on"),
        (BY_SUPPLIER,),
        ("upkeep.licences",),
    ),
    _register(
        AssetKind.IP_ADDRESS,
        _l("IP addresses"),
        _l("Add an IP address"),
        _l("The addresses in your network that must come back as they were."),
        _l("For example: 192.168.1.10, the label printer."),
        (replace(NAME, label=_l("What it is for")), _needed(IP_ADDRESS), MAC_ADDRESS, LOCATION, ADMINISTRATOR),
        ("name", "ip_address", "location", "administrator"),
        (Key(("ip_address",)), BY_PLACE),
    ),
    _register(
        AssetKind.MOBILE_PHONE,
        _l("Mobile phones"),
        _l("Add a mobile phone"),
        _l("The phones that hold business data, and who carries each of them. You need this the day one is lost."),
        _l("For example: iPhone 13 of Anna de Boer, with its IMEI."),
        (
            replace(NAME, label=_l("Model")),
            _needed(HOLDER),
            _needed(IMEI),
            replace(SERIAL, needed=True, hint=_l("Either the IMEI or the serial number is enough.")),
            PHONE_NUMBER,
            BUSINESS_DATA,
            SUPPLIER,
            ACQUIRED_ON,
        ),
        ("name", "holder", "imei", "serial_number", "phone_number", "holds_business_data"),
        (BY_IMEI, BY_SERIAL, BY_HOLDER),
    ),
    _register(
        AssetKind.CLOUD_SERVICE,
        _l("Cloud services"),
        _l("Add a cloud service"),
        _l("The services on the internet you work with, who supplies them and who may change their settings."),
        _l("For example: online bookkeeping of Cijfermeester, administrator Anna de Boer."),
        (NAME, _needed(SUPPLIER), _needed(ADMINISTRATOR), WEBSITE, *SIGNING_IN, SEATS, CONTRACT_UNTIL, YEARLY_COST),
        ("name", "supplier", "administrator", "website", "second_step", "expires_on"),
        (BY_SUPPLIER,),
    ),
    _register(
        AssetKind.TABLET,
        _l("Tablets"),
        _l("Add a tablet"),
        _l("The tablets you work with, and who uses each of them."),
        _l("For example: iPad 9 at the counter, serial number on the back."),
        (
            replace(NAME, label=_l("Model")),
            _needed(HOLDER),
            _needed(SERIAL),
            IMEI,
            BUSINESS_DATA,
            LOCATION,
            SUPPLIER,
            ACQUIRED_ON,
        ),
        ("name", "holder", "serial_number", "holds_business_data", "location"),
        (BY_IMEI, BY_SERIAL, BY_HOLDER),
    ),
    _register(
        AssetKind.PRINTER,
        _l("Printers, scanners, copiers and faxes"),
        _l("Add a printer or scanner"),
        _l("Everything that prints, scans, copies or faxes, and where it stands."),
        _l("For example: Brother MFC-L2710DW, in the office."),
        (
            replace(NAME, label=_l("Make and model")),
            _needed(LOCATION),
            SERIAL,
            SPECIFICATION,
            IP_ADDRESS,
            MAC_ADDRESS,
            SUPPLIER,
            ACQUIRED_ON,
            WARRANTY_UNTIL,
        ),
        ("name", "location", "serial_number", "ip_address", "supplier"),
        (BY_SERIAL, BY_PLACE),
    ),
)
