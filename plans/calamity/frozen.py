"""What of the plan a calamity runs by: a copy that stays as it is, and its form in the database. Pure."""

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from plans.calamity.terms import Question
from plans.upkeep.digest import canonical


@dataclass(frozen=True, slots=True)
class FrozenStep:
    """A step of the recovery. who, system: keys, "" for none; before: numbers of the steps it waits for.

    minutes: how long it takes, None where the plan does not tell; begins, ends: minutes after the start, as planned.
    """

    number: int
    text: str
    system: str
    who: str
    minutes: int | None
    begins: int
    ends: int
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FrozenSystem:
    """A system and the hours within which it is promised back, None where nothing is promised."""

    key: str
    name: str
    rto_hours: int | None


@dataclass(frozen=True, slots=True)
class FrozenPerson:
    """Somebody to be called, a person or a firm. phones: as they are stored, the first is tried first."""

    key: str
    name: str
    phones: tuple[str, ...]
    email: str = ""


Keyed = TypeVar("Keyed", FrozenPerson, FrozenSystem)


@dataclass(frozen=True, slots=True)
class FrozenCall:
    """A line of the call sheet. who: the key of a person; about: why they are called; deputies: keys, first first."""

    who: str
    about: tuple[str, ...]
    deputies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenText:
    """Something to read: a task, a place, an audience. who: a key, "" for nobody."""

    title: str
    text: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class FrozenReporters:
    """Who reports, by key, "" for nobody: to the authorities, to customers; insurers: those to report to.

    insurer_hours, client_hours: within how many hours, as agreed; the shortest, None where the plan tells none.
    """

    authorities: str = ""
    customers: str = ""
    insurers: tuple[str, ...] = ()
    insurer_hours: int | None = None
    client_hours: int | None = None

    @property
    def hours(self) -> dict[Question, int]:
        """Return within how many hours there must be reported by what was agreed, as far as the plan tells."""
        told = {Question.INSURER: self.insurer_hours, Question.CLIENTS: self.client_hours}
        return {question: hours for question, hours in told.items() if hours}


@dataclass(frozen=True, slots=True)
class Frozen:
    """What of the plan a calamity runs by. Names and numbers of people stand in `people` alone."""

    steps: tuple[FrozenStep, ...] = ()
    systems: tuple[FrozenSystem, ...] = ()
    people: tuple[FrozenPerson, ...] = ()
    calls: tuple[FrozenCall, ...] = ()
    tasks: tuple[FrozenText, ...] = ()
    places: tuple[FrozenText, ...] = ()
    audiences: tuple[FrozenText, ...] = ()
    reporters: FrozenReporters = FrozenReporters()

    def person(self, key: str) -> FrozenPerson | None:
        """Return somebody by key or by `place`, None for nobody."""
        return _found(self.people, key)

    def name(self, key: str) -> str:
        """Return what somebody is called, "" for nobody."""
        found = self.person(key)
        return found.name if found else ""

    def system(self, key: str) -> FrozenSystem | None:
        """Return a system by key or by `place`, None for none."""
        return _found(self.systems, key)

    def place(self, one: FrozenPerson | FrozenSystem) -> str:
        """Return where somebody or something stands in its list: what pages call it, in a digit or two.

        A key takes thirty-two, up to six times a line. The copy keeps its order, so a page that lies open stays true.
        """
        found: Sequence[Any] = self.people if isinstance(one, FrozenPerson) else self.systems
        return str(found.index(one))

    def step(self, number: int) -> FrozenStep | None:
        """Return a step by number."""
        return next((one for one in self.steps if one.number == number), None)


def _found(rows: tuple[Keyed, ...], told: str) -> Keyed | None:
    """Return what a key or a place tells. A key is too long to be taken for a place."""
    if told.isascii() and told.isdecimal() and len(told) < len("100000"):
        return rows[int(told)] if int(told) < len(rows) else None
    return next((one for one in rows if one.key == told), None)


def packed(frozen: Frozen) -> bytes:
    """Return the copy as compressed JSON; the same copy gives the same bytes."""
    return zlib.compress(canonical(frozen).encode(), 9)


def unpacked(kept: bytes) -> Frozen:
    """Return the copy that `packed` made these bytes of."""
    told = readable(kept)
    return Frozen(
        steps=tuple(FrozenStep(**{**one, "before": tuple(one["before"])}) for one in told["steps"]),
        systems=tuple(FrozenSystem(**one) for one in told["systems"]),
        people=tuple(FrozenPerson(**{**one, "phones": tuple(one["phones"])}) for one in told["people"]),
        calls=tuple(FrozenCall(one["who"], tuple(one["about"]), tuple(one["deputies"])) for one in told["calls"]),
        tasks=_texts(told["tasks"]),
        places=_texts(told["places"]),
        audiences=_texts(told["audiences"]),
        reporters=_reporters(told.get("reporters", {})),
    )


def _reporters(told: Mapping[str, Any]) -> FrozenReporters:
    """Return who reports; of copies made before it was asked nobody does."""
    return FrozenReporters(
        told.get("authorities", ""),
        told.get("customers", ""),
        tuple(told.get("insurers", ())),
        told.get("insurer_hours"),
        told.get("client_hours"),
    )


def _texts(told: list[Mapping[str, Any]]) -> tuple[FrozenText, ...]:
    return tuple(FrozenText(**one) for one in told)


def readable(kept: bytes) -> dict[str, Any]:
    """Return the copy as JSON tells it."""
    found: dict[str, Any] = json.loads(zlib.decompress(kept))
    return found


def digest_of(frozen: Frozen) -> str:
    """Return the SHA-256 of the copy, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(frozen).encode()).hexdigest()


def forgotten(frozen: Frozen, key: str, mark: str, without: Callable[[str], str]) -> Frozen:
    """Return the copy without what names or reaches the person with this key: a mark stands in the place of the name.

    without: takes the person out of what the plan said in words.
    """

    def reading(found: tuple[FrozenText, ...]) -> tuple[FrozenText, ...]:
        return tuple(replace(one, title=without(one.title), text=without(one.text)) for one in found)

    return replace(
        frozen,
        people=tuple(FrozenPerson(key, mark, ()) if one.key == key else one for one in frozen.people),
        steps=tuple(replace(one, text=without(one.text)) for one in frozen.steps),
        calls=tuple(replace(one, about=tuple(map(without, one.about))) for one in frozen.calls),
        tasks=reading(frozen.tasks),
        places=reading(frozen.places),
        audiences=reading(frozen.audiences),
    )
