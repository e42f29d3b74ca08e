"""What happened to a supplier is told as it was: to officers, to the supplier and to its clients."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from continuity.models import TriggerCase, TriggerKind
from continuity.requests.inviting import write_to
from core import clock, db
from tests.cast import Cast
from tests.continuity.asking import owner_in, scene
from tests.continuity.linked import LINK, bankrupt, texts
from tests.continuity.test_room import Visitors
from tests.continuity.world import Scoped, World
from tests.visitor import Visitor

K = TriggerKind
TOLD = [
    (K.DECLARED_BANKRUPT, "Declared bankrupt", "was declared bankrupt on 20 November 2026"),
    (K.SUSPENSION_OF_PAYMENTS, "Suspension of payments", "was granted suspension of payments on 20 November 2026"),
    (K.CEASED, "Stopped without handing over", "stopped on 20 November 2026"),
    (K.TAKE_OVER, "Taken over by another company", "was taken over by another company on 20 November 2026"),
    (K.END_OF_MAINTENANCE, "Announced the end of maintenance", "announced on 20 November 2026 that it ends"),
    (K.UNPAID_UPSTREAM, "Does not pay the upstream supplier", "can no longer deliver to you"),
]


def main_of(page: str) -> str:
    """Return what a page says about its own matter."""
    return page.split("<main")[1]


@pytest.mark.parametrize(("kind", "label", "_told"), TOLD)
def test_every_page_about_a_scheme_at_work_names_what_happened(
    cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, kind: TriggerKind, label: str, _told: str
) -> None:
    here, officer, registrant = scene(cast, world, scope_of), visitor(cast.foundation_owner), world.registrant_path
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(TriggerCase)).one().kind = kind
    pages = [
        officer.get(path).get_data(as_text=True)
        for path in (
            registrant,
            f"{registrant}/scheme",
            "/o/foundation/registrants/",
            "/o/foundation/registrants/room",
            here.path(),
        )
    ]
    pages.append(visitor(cast.supplier_owner).get(world.path).get_data(as_text=True))
    for page in pages:
        assert label in main_of(page)
    if kind is not K.DECLARED_BANKRUPT:
        # What may start a period stands on the page of the scheme, also what did not.
        alerts = [re.findall(r"alert-title\">([^<]*)<", page) for page in pages]
        assert all("Declared bankrupt" not in found for found in alerts)


@pytest.mark.parametrize(("kind", "_label", "told"), TOLD)
def test_a_client_is_told_what_happened_by_mail_and_on_its_page(
    app: Flask, cast: Cast, world: World, visitor: Visitors, scope_of: Scoped, kind: TriggerKind, _label: str, told: str
) -> None:
    bankrupt(cast, world, visitor, scope_of)
    first = texts(app)
    with scope_of(cast.supplier):
        db.session().scalars(sa.select(TriggerCase)).one().kind = kind
        write_to(owner_in(world), None, by="Officer", at=clock.now(), rest=timedelta(0))
    (second,) = [text for text in texts(app) if text not in first]
    letter, found = " ".join(second.split()), LINK.search(second)
    assert found
    shown = main_of(Visitor(app).get(f"{found.group(1)}/").get_data(as_text=True))
    assert told in letter
    assert told in " ".join(shown.split())
    if kind is not K.DECLARED_BANKRUPT:
        assert "bankrupt" not in letter
