"""Fixtures of the browser tests: one running service and one browser for all of them."""

from collections.abc import Iterator

import pytest

from tests.browser.driving import Driver, driving
from tests.browser.scene import Scene, playing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a browser test."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A running service with people in it."""
    with playing(tmp_path_factory.mktemp("scene")) as scene:
        yield scene


@pytest.fixture(scope="session")
def driver(scene: Scene) -> Iterator[Driver]:
    """A browser on that service."""
    with driving(scene) as driver:
        yield driver
