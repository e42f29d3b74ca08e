"""Asking for continuity and taking that back mails people each time: nobody does so without end."""

from datetime import timedelta

import pytest

from continuity.errors import Refused
from continuity.models import AskedBy, CameIn, RequestRole
from continuity.requests import asking
from continuity.requests.asking import MOST_A_DAY, Asking
from core import db
from core.i18n import Language, written_in
from tests.cast import Cast
from tests.continuity.asking import BY_LINK, NOW, OFFICER, client_in, owner_in, start
from tests.continuity.world import TODAY, Scoped, World

SIGNED_IN = Asking(AskedBy.ORGANISATION, "Eva", "Owner", "eva@halm.example")
BY_OFFICER = Asking(AskedBy.FOUNDATION, "Eva", "Owner", came_in=CameIn.PHONE, recorded_by=OFFICER)


def test_who_asks_and_takes_back_again_and_again_is_asked_to_call(cast: Cast, world: World, scope_of: Scoped) -> None:
    def ask(how: Asking, hours: int = 0) -> None:
        at = NOW + timedelta(hours=hours)
        row = asking.ask(owner_in(world), client_in(world), how, at=at, today=TODAY)
        asking.withdraw(row, RequestRole.CLIENT, by="Eva", reason="", seen=None, at=at)

    with scope_of(cast.supplier):
        start(world, cast)
        for one in range(MOST_A_DAY):
            ask((SIGNED_IN, BY_LINK)[one % 2])
        with written_in(Language.ENGLISH), pytest.raises(Refused, match="Call the foundation"):
            ask(SIGNED_IN, hours=23)
        # Who calls is helped, and the next day is another one.
        ask(BY_OFFICER, hours=23)
        ask(SIGNED_IN, hours=24)
        db.session().flush()
