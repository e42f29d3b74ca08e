"""The table of registers fits the models, the handbook and itself."""

import pytest
import sqlalchemy as sa

from core.vault import Sealed
from plans.fields import ITEM_FIELDS
from plans.handbook import Section, by_id, of_section
from plans.models import AssetKind
from plans.registers.columns import REGISTERS, register
from plans.registers.shape import TEXT_KINDS, Column, Kind, Register

EVERY_REGISTER = pytest.mark.parametrize("found", REGISTERS, ids=lambda found: found.slug)
KEPT_IN = {
    Kind.DAY: sa.Date,
    Kind.TERM: sa.Date,
    Kind.NUMBER: sa.Integer,
    Kind.YES_NO: sa.Boolean,
    Kind.CONTACT: sa.Uuid,
    Kind.PARTY: sa.Uuid,
    Kind.CHOICE: sa.Enum,
}


def test_every_kind_of_asset_has_its_register_and_item() -> None:
    inventory = [found for found in REGISTERS if found.asset_kind is not None]
    assert [found.asset_kind for found in inventory] == list(AssetKind)
    assert [found.items[0] for found in inventory] == [item.id for item in of_section(Section.INVENTORY)]


def test_slugs_are_unique_and_lead_back() -> None:
    assert len({found.slug for found in REGISTERS}) == len(REGISTERS)
    assert all(register(found.slug) is found for found in REGISTERS)
    with pytest.raises(KeyError):
        register("nothing")


@EVERY_REGISTER
def test_columns_fit_what_the_model_keeps(found: Register) -> None:
    table = found.model.__table__.columns
    for column in found.columns:
        kept = table[column.name].type
        if column.kind in TEXT_KINDS:
            assert isinstance(kept, (sa.String, Sealed))
            assert column.limit <= (kept.length or 0), column.name
        elif column.kind in KEPT_IN:
            assert isinstance(kept, KEPT_IN[column.kind]), column.name
        if column.empty is None:
            assert table[column.name].nullable or column.required, f"{column.name} may not be empty in the database"


CHOOSING = [(found, column) for found in REGISTERS for column in found.columns if column.choices]


def test_some_registers_let_people_choose() -> None:
    assert CHOOSING


@pytest.mark.parametrize(("found", "column"), CHOOSING, ids=lambda one: getattr(one, "slug", None) or one.name)
def test_choices_are_values_of_the_model(found: Register, column: Column) -> None:
    kept = found.model.__table__.columns[column.name].type
    assert isinstance(kept, sa.Enum)
    assert {choice.value for choice in column.choices} <= set(kept.enums)
    words = [word for choice in column.choices for word in choice.words]
    assert len(words) == len(set(words)), "a word means one thing"
    assert all(word == word.lower() for word in words)


@EVERY_REGISTER
def test_names_in_the_table_are_names_of_columns(found: Register) -> None:
    names = {column.name for column in found.columns}
    assert len(names) == len(found.columns)
    assert found.listed[0] == "name"
    assert set(found.listed) <= names
    assert all(set(key.columns) <= names for key in found.keys)
    assert all(key.columns[0] == "name" for key in found.keys if key.weak)
    assert found.column("name").required
    with pytest.raises(KeyError):
        found.column("nothing")


@EVERY_REGISTER
def test_items_are_items_of_the_handbook(found: Register) -> None:
    assert set(found.items) <= set(by_id())
    assert not set(found.items) & set(ITEM_FIELDS), "an item with fields of its own is not answered by rows"


@EVERY_REGISTER
def test_last_day_comes_with_a_place_for_its_absence(found: Register) -> None:
    names = {column.name for column in found.columns}
    assert any(column.kind is Kind.TERM for column in found.columns) == ("perpetual" in names)


def test_people_companies_and_the_whole_inventory_are_the_ones_to_confirm() -> None:
    inventory = [found.slug for found in REGISTERS if found.asset_kind]
    assert [found.slug for found in REGISTERS if found.confirmable] == ["contacts", "parties", *inventory]
    assert all([column.name for column in found.columns].count("confirmed_on") <= 1 for found in REGISTERS)


def test_only_the_key_of_a_licence_is_a_secret() -> None:
    secrets = {(found.slug, column.name) for found in REGISTERS for column in found.columns if column.secret}
    assert secrets == {("licences", "licence_key")}
