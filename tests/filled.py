"""Databases filled once and copied for each test that looks at them: filling one takes longer than looking."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from flask import Flask

if TYPE_CHECKING:
    from tests.conftest import Stable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filled(Generic[T]):
    """A template with something in it: its name, what filling it told, and the files that came with it."""

    template: str
    told: T
    files: Path


@contextmanager
def serving(stable: "Stable", base: str, name: str, fill: Callable[[], T], data_dir: Path) -> Iterator[tuple[Flask, T]]:
    """Serve one test on a database like `base` (cast, empty) in which `fill` was called once for all tests of `name`.

    fill: called within the application; it commits. data_dir: gets the files that it kept.
    """
    known = stable.filled
    if name not in known:
        template = f"filled_{len(known)}_{os.getpid()}"
        files = stable.folder / f"files of {template}"
        files.mkdir(exist_ok=True)
        with stable.making(f"{base}_{os.getpid()}", template, files) as app, app.app_context():
            told = fill()
        known[name] = Filled(template, told, files)
    filled: Filled[T] = known[name]
    shutil.copytree(filled.files, data_dir, dirs_exist_ok=True)
    with stable.stand(filled.template).serving(data_dir) as app:
        yield app, filled.told
