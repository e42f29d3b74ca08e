"""The bakery's copies of its back-up, and who saw them when."""

import struct
import zlib
from dataclasses import dataclass

from flask import current_app

from core import db
from core.files import FileStore
from core.settings import Settings
from plans.models import BackupCopy, BackupCopySystem, CloudIn, CopyOf, CopySighting, Keeping, MadeEvery, Sighted
from sample.bakery.answers import AUTHOR, OWNER
from sample.bakery.registers import FILES, Book
from sample.days import Days
from sample.netvast.paper import FILES_FOLDER
from tenants.models import StoredFile
from tenants.scope import current_scope

SAFE = "Kluis thuis bij Henk, Lindelaan"
METHOD, KEY = "AES-256 in het back-upprogramma", "Wachtwoordkluis van Henk en van Fatima"


@dataclass(frozen=True, slots=True)
class Told:
    """One copy. ago: days since it was seen; party: a firm that keeps it instead of Henk; back: days.

    files: it holds the files on the server alone.
    """

    holds: CopyOf
    name: str
    location: str
    ago: int
    offline: bool = False
    off_site: bool = True
    version: int | None = None
    party: str = ""
    back: int | None = None
    made: MadeEvery | None = None
    files: bool = False


# The night has never been tried, the stick with installation files was seen too long ago, and nobody knows how far back
# one can go with the blue disk. A day is too seldom for the order lists and for Microsoft 365, and nobody told yet
# whether the settings of systems are in any copy.
COPIES = (
    Told(CopyOf.DATA, "Rode USB-schijf", SAFE, 69, offline=True, back=7, made=MadeEvery.WEEK,
         files=True),
    Told(CopyOf.DATA, "Blauwe USB-schijf die niet aan de server hangt", "Kantoor Ovenstraat, la van Fatima", 12,
         offline=True, off_site=False, made=MadeEvery.WEEK, files=True),
    Told(CopyOf.DATA, "Online back-up bij NetVast IT", "Rekencentrum in Breda", 33, party="NetVast IT", back=90,
         made=MadeEvery.DAY),
    Told(CopyOf.LICENCES, "Map met licenties", SAFE, 38),
    Told(CopyOf.INSTALLERS, "USB-stick met installatiebestanden", "Dezelfde kluis", 107),
    Told(CopyOf.PLAN, "Het plan op papier", SAFE, 57, version=2),
)  # fmt: skip


def fill(book: Book, days: Days) -> None:
    """Add the copies, each with a sighting; of one there is a photo, and one sighting was a mistake."""
    owner = book.contacts[OWNER]
    for told in COPIES:
        data = told.holds is CopyOf.DATA
        copy = BackupCopy(
            holds=told.holds,
            name=told.name,
            location=told.location,
            off_site=told.off_site,
            offline=told.offline,
            keeping=(Keeping.SPECIALIST if told.party else Keeping.SAFE) if told.off_site else Keeping.OTHER,
            keeper_id=None if told.party else owner,
            party_id=book.parties[told.party] if told.party else None,
            encryption=METHOD if data else "",
            key_place=KEY if data else "",
            key_apart=True if data else None,
            night_contact_id=owner if data and told.off_site else None,
            night_how="Henk bellen; hij woont op tien minuten van de winkel" if data and told.off_site else "",
            plan_version=told.version,
            kept_days=told.back,
            made_every=told.made,
            cloud_in=(CloudIn.NO if told.files else CloudIn.YES) if data else None,
            settings_in=None,
            deletable=False if told.files else True if data else None,
            may_delete="Alleen de beheerder van NetVast IT, met een code" if told.party else "",
        )
        db.session().add(copy)
        db.session().flush()
        if told.files:
            db.session().add(BackupCopySystem(copy_id=copy.id, system_id=book.systems[FILES]))
        photo = _photo(days) if told is COPIES[0] else None
        db.session().add(_sighting(copy, days, told.ago, photo))
        if told is COPIES[1]:
            _mistaken(copy, days)
    db.session().flush()


def _mistaken(copy: BackupCopy, days: Days) -> None:
    wrong = _sighting(copy, days, 3)
    db.session().add(wrong)
    db.session().flush()
    taken_back = _sighting(copy, days, 3)
    taken_back.takes_back_id = wrong.id
    db.session().add(taken_back)


def _sighting(copy: BackupCopy, days: Days, ago: int, photo: StoredFile | None = None) -> CopySighting:
    return CopySighting(
        copy_id=copy.id,
        sighted=Sighted.THERE,
        seen_on=days.ago(ago),
        seen_at=days.at(ago, 17),
        seen_by=AUTHOR,
        contact_id=None,
        plan_version=copy.plan_version,
        photo_id=photo.id if photo else None,
        takes_back_id=None,
    )


def _photo(days: Days) -> StoredFile:
    """Keep a picture of one colour."""
    data = _picture()
    settings: Settings = current_app.config["SETTINGS"]
    digest = FileStore(settings.data_dir / FILES_FOLDER).put(current_scope().only_tenant, data)
    row = StoredFile(
        name="rode-schijf.png", media_type="image/png", size=len(data), sha256=digest, uploaded_at=days.at(69, 17)
    )
    db.session().add(row)
    db.session().flush()
    return row


def _picture(side: int = 48) -> bytes:
    rows = b"".join(b"\x00" + b"\xb0\x20\x20" * side for _ in range(side))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    told = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks)  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)
