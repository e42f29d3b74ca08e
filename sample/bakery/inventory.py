"""The bakery's inventory. Most PCs and licences, the printers and the tablets wait for its workbook to be imported."""

from collections.abc import Iterator
from decimal import Decimal

from core import db
from plans.models import Asset, AssetKind, LineUse, SecondStep
from sample.days import Days


def fill(days: Days) -> None:
    """Add the records of the inventory."""
    rows = [*_machines(days), *_copies_and_phones(), *_telephony(), *_network(days), *_subscriptions(days)]
    for row in rows:
        # Somebody walked round with the list; licences were asked about on days of their own.
        row.confirmed_on = row.confirmed_on or days.ago(33)
    db.session().add_all(rows)
    db.session().flush()


def _machines(days: Days) -> Iterator[Asset]:
    yield Asset(
        kind=AssetKind.OFFICE_PC,
        name="Kassa 1",
        specification="HP ProDesk 400 G6, i5, 8 GB",
        serial_number="CZC0123ABC",
        location="Winkel Ovenstraat",
        holder="Sanne de Wit",
        acquired_on=days.ago(2080),
    )
    yield Asset(
        kind=AssetKind.OFFICE_PC,
        name="Kantoor Henk",
        specification="Dell Latitude 5420",
        location="Kantoor",
        holder="Henk Bakker",
        acquired_on=days.ago(1540),
    )
    yield Asset(
        kind=AssetKind.SERVER,
        name="HALM-SRV1",
        specification="Dell PowerEdge T150, 32 GB, 2x 2 TB RAID1",
        serial_number="7XK9Q13",
        location="Meterkast kantoor",
        ip_address="192.168.10.5",
        administrator="NetVast IT",
        warranty_until=days.ahead(190),
        note="Bestanden en kassadatabase",
    )


def _copies_and_phones() -> Iterator[Asset]:
    yield Asset(
        kind=AssetKind.BACKUP_UNIT,
        name="HALM-NAS",
        specification="Synology DS220+, 2x 4 TB",
        serial_number="2060QWR1AB",
        location="Magazijn Markt",
        ip_address="192.168.10.6",
        administrator="NetVast IT",
    )
    yield Asset(
        kind=AssetKind.BACKUP_UNIT,
        name="Blauwe USB-schijf 4 TB, in twee stuks",
        specification="Wisselt elke vrijdag; één hangt er, één ligt in de kluis",
        location="Kluis thuis bij Henk Bakker",
        administrator="Fatima El Amrani",
        second_step=SecondStep.NO_ACCOUNT,
    )
    yield Asset(
        kind=AssetKind.MOBILE_PHONE,
        name="iPhone 13",
        holder="Henk Bakker",
        imei="356938035643809",
        phone_number="+31612345678",
        holds_business_data=True,
    )


def _telephony() -> Iterator[Asset]:
    yield Asset(
        kind=AssetKind.TELEPHONE_SYSTEM,
        name="Telefooncentrale Yeastar S20",
        line_use=LineUse.EXCHANGE,
        quantity=1,
        location="Meterkast kantoor",
        supplier="BelGoed BV",
    )
    yield Asset(
        kind=AssetKind.TELEPHONE_SYSTEM,
        name="Toestellen Yealink T31",
        line_use=LineUse.HANDSET,
        quantity=6,
        supplier="BelGoed BV",
    )
    yield Asset(
        kind=AssetKind.TELEPHONE_LINE,
        name="Lijnen spraak",
        line_use=LineUse.VOICE,
        quantity=4,
        phone_number="+31765201122",
        supplier="BelGoed BV",
    )


def _network(days: Days) -> Iterator[Asset]:
    yield Asset(
        kind=AssetKind.INTERNET,
        name="Glasvezel 500/500",
        supplier="KPN",
        ip_address="185.27.54.18",
        website="www.bakkerijdehalm.example",
        wifi="De Halm-gast en De Halm-kassa",
        location="Ovenstraat",
        expires_on=days.ahead(240),
        yearly_cost=Decimal("738.00"),
        second_step=SecondStep.MESSAGE,
        second_step_spare="Bij KPN in de winkel, met het uittreksel van de KvK en het paspoort van Henk",
    )
    for name, address, location in (
        ("Router en firewall", "192.168.10.1", "Meterkast kantoor"),
        ("HALM-SRV1", "192.168.10.5", "Meterkast kantoor"),
        ("HALM-NAS", "192.168.10.6", "Magazijn Markt"),
        ("Kassa's, beide winkels", "192.168.20.0/24", "Ovenstraat en Markt"),
    ):
        yield Asset(
            kind=AssetKind.IP_ADDRESS, name=name, ip_address=address, location=location, administrator="NetVast IT"
        )


def _subscriptions(days: Days) -> Iterator[Asset]:
    yield Asset(
        kind=AssetKind.LICENCE,
        name="Kassasoftware BakkerKas",
        supplier="BakkerKas BV",
        quantity=3,
        licence_key="BK-2231-8890-77",
        expires_on=days.ahead(19),
        yearly_cost=Decimal("890.00"),
        confirmed_on=days.ago(52),
    )
    # Of a supplier that is no external party: somebody is chosen to be asked about it.
    yield Asset(
        kind=AssetKind.LICENCE,
        name="Etiketten en allergenen",
        supplier="Etiketmaker",
        quantity=2,
        expires_on=days.ahead(260),
        yearly_cost=Decimal("145.00"),
        confirmed_on=days.ago(24),
    )
    # The web shop opens to whoever has the password, and the bookkeeping to one phone that may be gone.
    for name, supplier, administrator, users, second_step, spare in (
        ("Microsoft 365 Business Standard", "NetVast IT", "Ruben Visser", 9, SecondStep.APP,
         "Herstelcodes op papier in de kluis bij Henk thuis"),
        ("Boekhouden online", "Cijfermeester", "Fatima El Amrani", 2, SecondStep.APP, ""),
        ("Webwinkel De Halm", "NetVast IT", "Sanne de Wit", 3, SecondStep.NONE, ""),
    ):  # fmt: skip
        yield Asset(
            kind=AssetKind.CLOUD_SERVICE,
            name=name,
            supplier=supplier,
            administrator=administrator,
            quantity=users,
            second_step=second_step,
            second_step_spare=spare,
        )
