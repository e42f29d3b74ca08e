"""The menu that is kept for all who stand alike: with the addresses of the organisation that is open, and no other."""

import re
from collections.abc import Callable

import pytest

from tests.cast import Cast, Person
from tests.visitor import Visitor


@pytest.mark.once
def test_who_stand_alike_each_get_the_addresses_of_their_own_organisation(
    visitor: Callable[[Person], Visitor], cast: Cast
) -> None:
    seen = []
    for person, organisation in (
        (cast.foundation_owner, cast.foundation),
        (cast.other_foundation_owner, cast.other_foundation),
        (cast.foundation_owner, cast.foundation),
    ):
        page = visitor(person).get(f"/o/{organisation.slug}/findings").get_data(as_text=True)
        addresses = re.findall(r'href="(/o/[^"]+)"', page)
        assert len(addresses) > 5
        assert all(one.startswith(f"/o/{organisation.slug}/") for one in addresses)
        seen.append([one.removeprefix(f"/o/{organisation.slug}/") for one in addresses])
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.once
def test_who_stand_otherwise_get_other_menus(visitor: Callable[[Person], Visitor], cast: Cast) -> None:
    owner, reader = (
        set(re.findall(r'href="([^"]+)"', visitor(person).get("/o/bakery/findings").get_data(as_text=True)))
        for person in (cast.owner, cast.reader)
    )
    assert reader < owner


@pytest.mark.once
@pytest.mark.parametrize("path", ["tokens/", "webhooks/", "reminders/", "sign-on/", "grants/", "requests/", "settings"])
def test_a_page_under_the_menu_marks_where_it_belongs(
    visitor: Callable[[Person], Visitor], cast: Cast, path: str
) -> None:
    page = visitor(cast.owner).get(f"/o/bakery/{path}").get_data(as_text=True)
    menu = re.search(r'<ul class="side-list">.*?</ul>', page, re.DOTALL)
    assert menu
    assert len(re.findall(r'class="side-link active"', menu.group())) == 1
