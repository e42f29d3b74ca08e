"""Somebody is erased while others write what names them."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock, db
from core.db import Base
from plans.models import Contact
from plans.versions import services
from plans.versions import views as version_views
from plans.versions.services import Signed
from tests.cast import Cast
from tests.erasing.test_erasing_contacts import readable
from tests.plans.items_scene import ScopeOf, SignIn, add_contact
from tests.races.meanwhile import meanwhile

NAME = "Willemijn Zandstra"


@pytest.fixture
def judged() -> bool:
    """Whoever judges meanwhile has tests of its own."""
    return False


def test_nobody_is_brought_back_out_of_a_version_that_was_read_before(
    app: Flask, cast: Cast, visitor: SignIn, scope_of: ScopeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put away, a person is not in the plan: that somebody was erased shows nowhere in what the plan says."""
    with scope_of(cast.bakery):
        row_id = add_contact(NAME)
        services.publish("", Signed("Eva", clock.now(), clock.today()))
    with scope_of(cast.bakery):
        db.session().get_one(Contact, (cast.bakery.id, row_id)).archived_at = clock.now()
    editor, owner = visitor(cast.editor), visitor(cast.owner)
    path = f"/o/{cast.bakery.slug}/plan/versions"
    one = re.findall(rf'href="({path}/[0-9a-f-]+)"', editor.get(path).text)[0]
    seen = re.findall(r'name="seen"[^>]*value="([0-9a-f]{64})"', editor.get(f"{one}/take-back/people").text)[0]
    assert owner.token

    def erase() -> Any:
        return owner.post(f"/o/{cast.bakery.slug}/erase/{row_id}").status_code

    with meanwhile(monkeypatch, version_views, "restore", erase) as erased:
        assert editor.post(f"{one}/take-back/people", {"seen": seen}).status_code in {302, 409}
    assert erased() == 302
    with scope_of(cast.bakery):
        for mapper in Base.registry.mappers:
            for row in db.session().scalars(sa.select(mapper.class_)):
                text = " ".join(readable(getattr(row, one.key)) for one in mapper.column_attrs)
                assert NAME not in text, mapper.class_.__name__
