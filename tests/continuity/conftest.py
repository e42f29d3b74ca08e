"""Fixtures of the scheme's tests: one day, and a world in which a supplier registered two services."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from continuity.registrations import binding
from tests.cast import Cast
from tests.continuity import vaults
from tests.continuity.linked import bankrupt, links
from tests.continuity.vaults import Vault, Visitors
from tests.continuity.world import Scoped, World, build


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def judged() -> bool:
    """What is judged after a change stands in other tests, and takes nearly as long as the change itself."""
    return False


@pytest.fixture
def unannounced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a supplier take back at once what clients rely on, as it could before ends had to be announced."""
    monkeypatch.setattr(binding, "relied_on", lambda _owner: False)


@pytest.fixture
def world(cast: Cast, scope_of: Scoped) -> World:
    """The supplier's services, each test its own."""
    with scope_of(cast.supplier):
        return build(cast)


@pytest.fixture
def vault(cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> Vault:
    """A delivery that two officers can open together."""
    return vaults.fill(cast, world, visitor, scope_of)


@pytest.fixture
def path(app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped) -> str:
    """The link that a client got when the bankruptcy of its supplier was approved."""
    bankrupt(cast, world, visitor, scope_of)
    (found,) = links(app)
    return found
