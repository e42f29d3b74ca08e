"""The service with the world of these tests in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from tests.access import world as building
from tests.access.objects import Way
from tests.access.world import World
from tests.conftest import Stable
from tests.filled import serving


@dataclass(frozen=True, slots=True)
class Stage:
    """The running service and the world in it."""

    app: Flask
    world: World
    # No test changes what a route names: found once, the ways serve them all.
    known: dict[tuple[str, bool], list[Way]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def stage(stable: Stable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One world for all tests of a module; none of them changes what another looks at."""
    folder = tmp_path_factory.mktemp("access")
    with serving(stable, "empty", __name__, building.build, folder) as (app, world):
        yield Stage(app, world)
