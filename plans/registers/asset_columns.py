"""The columns of an asset, and by which of them one is known again: what registers of the inventory are made of."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from plans.models import LineUse
from plans.registers.people import CONFIRMED_ON
from plans.registers.shape import Choice, Column, Key, Kind

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


def needed(column: Column) -> Column:
    """Return a column without which a record is not complete."""
    return replace(column, needed=True)


BY_SERIAL = Key(("serial_number",))
BY_IMEI = Key(("imei",))
BY_PLACE = Key(("name", "location"), weak=True)
BY_HOLDER = Key(("name", "holder"), weak=True)
BY_SUPPLIER = Key(("name", "supplier"), weak=True)
