"""What a register and its columns are made of. The registers themselves stand in people.py and inventory.py."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from plans.models import Asset, AssetKind, Contact, DataSet, Department, ExternalParty, System

Row = Contact | ExternalParty | Department | System | DataSet | Asset


class Kind(StrEnum):
    """What a column holds. TERM is a day, or without end; CONTACT and PARTY are rows of the organisation."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    PHONE = "phone"
    EMAIL = "email"
    DAY = "day"
    TERM = "term"
    NUMBER = "number"
    AMOUNT = "amount"
    CHOICE = "choice"
    YES_NO = "yes_no"
    CONTACT = "contact"
    PARTY = "party"
    IP_ADDRESS = "ip_address"
    IMEI = "imei"
    SERIAL = "serial"
    MAC_ADDRESS = "mac_address"
    KVK = "kvk"
    VAT = "vat"
    IBAN = "iban"


class Forever(StrEnum):
    """What a TERM holds when there is no last day."""

    FOREVER = "forever"


Value = str | int | bool | Decimal | date | UUID | StrEnum | None

# Kinds whose empty value is an empty text; every other kind is empty as None.
TEXT_KINDS = frozenset(
    {
        Kind.TEXT,
        Kind.LONG_TEXT,
        Kind.PHONE,
        Kind.EMAIL,
        Kind.IP_ADDRESS,
        Kind.IMEI,
        Kind.SERIAL,
        Kind.MAC_ADDRESS,
        Kind.KVK,
        Kind.VAT,
        Kind.IBAN,
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice, what it is called, and the words that mean it in a spreadsheet (small letters)."""

    value: StrEnum
    label: Any
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register; `name` is the model's attribute.

    needed: the plan is not complete without it, yet saving is never blocked; limit: most characters of a text;
    low, high: bounds of a whole number, inclusive; default: the value of a yes/no cell that was left empty, None
    where "not known" can be stored; secret: shown masked outside the edit page;
    hours: a number of whole hours, which may be typed as "2 days".
    """

    name: str
    kind: Kind
    label: Any
    needed: bool = False
    required: bool = False
    limit: int = 200
    low: int = 0
    high: int = 1_000_000
    choices: tuple[Choice, ...] = ()
    default: bool | None = None
    hint: Any = ""
    secret: bool = False
    hours: bool = False

    @property
    def empty(self) -> Value:
        """Return the value of this column when nothing is filled in."""
        if self.kind in TEXT_KINDS:
            return ""
        return self.default if self.kind is Kind.YES_NO else None


@dataclass(frozen=True, slots=True)
class Key:
    """Columns by which a row is recognised again.

    A strong key counts when all its columns are filled in. A weak key counts when its first column is filled in,
    and only where no strong key is filled in on both sides: those would have told the rows apart.
    """

    columns: tuple[str, ...]
    weak: bool = False


class Group(StrEnum):
    """The heading under which a register stands."""

    PEOPLE = "people"
    PROCESSES = "processes"
    INVENTORY = "inventory"


@dataclass(frozen=True, slots=True)
class Register:
    """One register. listed: columns of the table, in order; items: the handbook items that its rows answer;
    asset_kind: which rows of the inventory are in it; confirmable: its rows carry the day of their last check.
    """

    slug: str
    group: Group
    model: type[Row]
    title: Any
    add_label: Any
    purpose: Any
    example: Any
    columns: tuple[Column, ...]
    listed: tuple[str, ...]
    keys: tuple[Key, ...]
    items: tuple[str, ...]
    asset_kind: AssetKind | None = None

    @property
    def confirmable(self) -> bool:
        """Tell whether somebody can confirm rows as checked today."""
        return any(column.name == "confirmed_on" for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column called `name`. Raises KeyError when there is none."""
        for found in self.columns:
            if found.name == name:
                return found
        raise KeyError(name)
