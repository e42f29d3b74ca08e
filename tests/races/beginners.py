"""Browsers and jobs made ready, so that what follows begins at the same moment."""

from collections.abc import Callable

from flask import Flask

from tests.cast import Person
from tests.visitor import Visitor


def pages(app: Flask, *people: Person) -> list[Visitor]:
    """A browser for each, with its token fetched."""
    found = [Visitor(app, one) for one in people]
    assert all(one.token for one in found)
    return found


def inside(app: Flask, act: Callable[[], None]) -> Callable[[], None]:
    """What does `act` inside the application, in whichever thread."""

    def run() -> None:
        with app.app_context():
            act()

    return run
