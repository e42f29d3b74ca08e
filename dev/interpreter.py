"""Which Python .venv is made with: the one that runs this, or one just like it that is quicker."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from dev.shell import output

# Where a system keeps its own, also when something else stands before it on PATH.
SYSTEM = ("/usr/local/bin", "/usr/bin")
# What is told: the packages it takes, and whether the interpreter is a library beside its program. Then calls within it
# take a way around, and the same work takes a fifth longer. Version managers build it so; Debian does not. Nothing is
# told by one that lacks what we need: distributions take the standard library apart.
ASK = """
import ctypes, sqlite3, ssl, sysconfig, zoneinfo
print(sysconfig.get_config_var("SOABI"), "libpython" in open("/proc/self/maps").read())
"""


def chosen() -> str:
    """Return the address of the Python for .venv.

    Whoever works in a virtual environment has chosen; so has who runs one that is quick. Otherwise it is the first
    quick one of the same version (3.11 for 3.11) that takes the same packages, or this one where there is none.
    """
    if sys.prefix != sys.base_prefix or is_quick(sys.executable):
        return sys.executable
    return quick_one([*os.get_exec_path(), *SYSTEM]) or sys.executable


def quick_one(folders: Iterable[str]) -> str | None:
    """Return the first Python in `folders` that is quick, and of the version of this one."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = (shutil.which(name, path=folder) for folder in folders)
    return next((python for python in found if python and is_quick(python)), None)


def is_quick(python: str | Path) -> bool:
    """Tell whether `python` takes the same packages as this one and has its interpreter in its program."""
    return (output(python, "-I", "-c", ASK) or "").split() == [str(sysconfig.get_config_var("SOABI")), "False"]
