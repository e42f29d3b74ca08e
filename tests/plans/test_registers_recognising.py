"""A row is recognised again when it comes in once more."""

import pytest

from plans.registers.columns import register
from plans.registers.recognising import Index
from plans.registers.shape import Value

HENK: dict[str, Value] = {"name": "Henk Bakker", "email": "henk@bakery.example", "phone": "+31612345678"}
TILL: dict[str, Value] = {"name": "Till 3", "location": "Market", "serial_number": "CZC0123ABD"}
PHONE: dict[str, Value] = {"name": "iPhone 13", "holder": "Henk", "imei": "356938035643809", "serial_number": ""}


@pytest.mark.parametrize(
    ("slug", "known", "come_in", "same"),
    [
        pytest.param("contacts", HENK, HENK, True, id="all the same"),
        pytest.param(
            "contacts", HENK, {**HENK, "name": "HENK  BAKKER", "phone": ""}, True, id="name and mail, other case"
        ),
        pytest.param("contacts", HENK, {**HENK, "email": "other@bakery.example"}, True, id="name and phone"),
        pytest.param("contacts", HENK, {"name": "Henk Bakker"}, True, id="name alone, nothing speaks against"),
        pytest.param(
            "contacts", HENK, {**HENK, "email": "", "phone": "+31687654321"}, False, id="same name, other phone"
        ),
        pytest.param("contacts", HENK, {**HENK, "name": "Henk"}, False, id="same phone, other name"),
        pytest.param("contacts", {"name": "Ilsé"}, {"name": "ilse"}, True, id="accents do not count"),
        pytest.param("contacts", HENK, {"name": ""}, False, id="no name"),
        pytest.param("office-pcs", TILL, {**TILL, "name": "Till three", "location": ""}, True, id="serial number"),
        pytest.param("office-pcs", TILL, {**TILL, "serial_number": "X"}, False, id="same place, other serial number"),
        pytest.param("office-pcs", TILL, {**TILL, "serial_number": ""}, True, id="same place, serial number left out"),
        pytest.param("office-pcs", {**TILL, "serial_number": ""}, TILL, True, id="same place, serial number new"),
        pytest.param(
            "office-pcs", TILL, {**TILL, "serial_number": "", "location": "Shop"}, False, id="same name, other place"
        ),
        pytest.param("mobile-phones", PHONE, {**PHONE, "holder": "Mo"}, True, id="IMEI"),
        pytest.param(
            "mobile-phones", PHONE, {**PHONE, "imei": "", "serial_number": "S1"}, True, id="another kind of number"
        ),
        pytest.param("systems", {"name": "Tills"}, {"name": "tills"}, True, id="system by name"),
        pytest.param(
            "licences", {"name": "365", "supplier": "NV"}, {"name": "365", "supplier": "MS"}, False, id="supplier"
        ),
        pytest.param("parties", {"name": "NV", "kind": "supplier"}, {"name": "NV", "kind": "other"}, False, id="kind"),
    ],
)
def test_row_is_recognised(slug: str, known: dict[str, Value], come_in: dict[str, Value], same: bool) -> None:
    index: Index[str] = Index(register(slug))
    index.add(known, "known")
    assert index.find(come_in) == (("known",) if same else ())


def test_of_rows_with_one_serial_number_the_one_of_the_same_name_comes_first() -> None:
    index: Index[str] = Index(register("office-pcs"))
    index.add({**TILL, "name": "Till 2"}, "second")
    index.add(TILL, "third")
    assert index.find(TILL) == ("third", "second")
