"""The facts of a plan."""

from dataclasses import fields

from plans.facts import PlanFacts
from plans.loading import PARTS


def test_every_field_of_the_facts_is_loaded() -> None:
    assert {one.name for one in fields(PlanFacts)} == {part.field for part in PARTS} | {"digest", "entered"}
    assert len({part.field for part in PARTS}) == len(PARTS)
