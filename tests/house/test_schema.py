"""The schema as the models show it: who owns a row is part of every key."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import serving
from core import migrating
from core.db import Base
from tenants.owned import Area, TenantOwned

assert serving.BLUEPRINTS  # the tables of every floor are known once the pages are

ROOT = Path(__file__).resolve().parents[2]
# Rows that belong to no single organisation, and why.
PLATFORM = {
    "tenant": "the organisation itself",
    "tenant_change": "a mark the sweep reads across organisations",
    "user": "a person may belong to several organisations",
    "login_session": "a person signs in before choosing an organisation",
    "totp_factor": "proves a person, who may belong to several organisations",
    "recovery_code": "proves a person, as above",
    "passkey": "proves a person, as above",
    "spent_challenge": "was answered before anybody was known",
    "half_sign_in": "a person signs in before choosing an organisation",
    "recent_tries": "counts tries of whoever comes",
    "operator": "keeps the installation, belongs to no organisation",
    "trail_head": "the end of each chain, locked before a row may be added and read where the trail itself is not",
    "account_event": "what happened to an account, which belongs to no organisation",
    "account_event_told": "how far the organisations were told of account events",
    "tenant_key": "wrapped by the master key; looked up before anything of an organisation can be read",
    "due_work": "what is due, by id of whoever it is for, taken by any process before a scope can exist",
    "reminder_choice": "a person is reminded of what lapses in every organisation they answer for",
    "foundation_terms": "told to every supplier, and read by jobs before a scope of the foundation can exist",
    "outbox_mail": "a mail goes to a person, who may belong to several organisations",
    "api_key": "a program shows its token before anybody knows which organisation it belongs to",
    "certificate_token": "whoever opens a certificate stands outside every organisation",
    "paper_token": "whoever scans a paper stands outside every organisation",
    "mailed_link": "whoever follows one stands outside every organisation",
    "sign_on_domain": "one domain belongs to one organisation, and is looked up before anybody is known",
    "linked_identity": "a person signs in before choosing an organisation",
}
MAPPERS = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
OWNED = [mapper.class_ for mapper in MAPPERS if issubclass(mapper.class_, TenantOwned)]
TABLES = [sa.inspect(model).local_table for model in OWNED]
FOREIGN_KEYS = sorted(
    (link for table in TABLES for link in table.foreign_key_constraints), key=lambda link: str(link.name)
)
# Those between two owned rows; what they leave out leads to rows of no single organisation.
LINKS = [link for link in FOREIGN_KEYS if link.referred_table in TABLES]
UNIQUE = sorted(
    (
        *(rule for table in TABLES for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)),
        *(index for table in TABLES for index in table.indexes if index.unique),
    ),
    key=lambda rule: str(rule.name),
)


def test_every_table_without_an_owner_has_its_reason() -> None:
    free = {
        str(getattr(mapper.local_table, "name", "")) for mapper in MAPPERS if not issubclass(mapper.class_, TenantOwned)
    }
    assert free <= set(PLATFORM)


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_the_key_begins_with_the_owner(model: type[TenantOwned]) -> None:
    key = [column.name for column in sa.inspect(model).primary_key]
    assert key == ["tenant_id", "id"]
    assert model.__area__ in Area


def test_what_belongs_to_somebody_links_to_its_like_or_to_what_has_its_reason() -> None:
    assert LINKS
    assert UNIQUE
    others = {link.referred_table.name for link in FOREIGN_KEYS if link not in LINKS}
    assert others <= set(PLATFORM)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.name)
def test_links_between_owned_rows_name_the_owner_too(link: sa.ForeignKeyConstraint) -> None:
    pairs = [(element.parent.name, element.column.name) for element in link.elements]
    assert ("tenant_id", "tenant_id") in pairs


@pytest.mark.parametrize("rule", UNIQUE, ids=lambda rule: rule.name)
def test_unique_rules_hold_within_one_organisation(rule: sa.UniqueConstraint | sa.Index) -> None:
    assert "tenant_id" in {column.name for column in rule.columns}


def test_the_list_of_tables_leaves_none_to_the_pages() -> None:
    """A command that imports `tables` keeps, seals and takes out the same tables as a server."""
    told = "import tables; from core.db import Base; print(*sorted(one.name for one in Base.metadata.tables.values()))"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(Base.metadata.tables)


def test_steps_of_the_tables_form_one_line() -> None:
    assert len(migrating.heads()) == 1, "two steps were written beside each other: chain one after the other"
