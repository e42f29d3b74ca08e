"""A plan to print: the bakery of the sample, in the cast's organisation."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from audits.paper.material import PaperMaterial, gather_paper
from audits.paper.printing import Printed
from audits.workbooks.material import Made
from core import clock
from core.i18n import Language, written_in
from sample import bakery
from sample.days import Days
from tenants.scope import scoped, whole
from tests.cast import Cast
from tests.conftest import Stable
from tests.filled import serving

ADDRESS = "https://waarborg.example/p/0123456789abcdefghijklmn"
PRINTED = Printed(Made(datetime(2026, 11, 22, 12, tzinfo=UTC), "Henk"), ADDRESS)

Inside = Callable[[Language], AbstractContextManager[PaperMaterial]]


def _fill(cast: Cast) -> None:
    with scoped(whole(cast.bakery.id)):
        bakery.fill(Days(clock.today()))


@pytest.fixture
def app(request: pytest.FixtureRequest, stable: Stable, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """The service; in it, for a test that asks for `filled`, the bakery has the sample's plan."""
    if "filled" in request.fixturenames:
        with serving(stable, "cast", __name__, lambda: _fill(cast), tmp_path) as (app, _):
            yield app
    else:
        with stable.stand(f"cast_{os.getpid()}").serving(tmp_path) as app:
            yield app


@pytest.fixture
def filled(app: Flask) -> Flask:
    """The service in which the bakery has the sample's plan."""
    return app


@pytest.fixture
def inside(filled: Flask, cast: Cast) -> Inside:
    """Work inside the bakery, in a language, with the material of its papers."""

    @contextmanager
    def enter(chosen: Language) -> Iterator[PaperMaterial]:
        with filled.test_request_context(), scoped(whole(cast.bakery.id)), written_in(chosen):
            yield gather_paper(cast.bakery.id, clock.today())

    return enter
