"""Chance that repeats: the same key throws the same numbers on every machine."""

import random
from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sample.days import Days

T = TypeVar("T")


class Dice:
    """Throws for one organisation. key: what they are loaded with; days: what its days are counted from."""

    def __init__(self, key: str, days: Days) -> None:
        self._random = random.Random(key)  # noqa: S311 -- it has to repeat; nothing secret is made of it
        self.days = days

    def id(self) -> UUID:
        """Return the next row's id."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def chance(self, probability: float) -> bool:
        """Return True in this part of the throws."""
        return self._random.random() < probability

    def share(self, low: float, high: float) -> float:
        """Return a number between the two."""
        return self._random.uniform(low, high)

    def number(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self._random.randint(low, high)

    def digits(self, count: int) -> str:
        """Return so many digits."""
        return f"{self._random.randrange(10**count):0{count}}"

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self._random.random() * len(options))]

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        """Return between `low` and `high` different options, in any order."""
        return self._random.sample(options, min(self.number(low, high), len(options)))

    def weighted(self, options: Sequence[T], weights: Sequence[int], count: int) -> list[T]:
        """Return so many options, each as often as its weight says."""
        return self._random.choices(options, weights, k=count)

    def ago(self, fewest: int, most: int) -> date:
        """Return a day between so many days ago."""
        return self.days.ago(self.number(fewest, most))
