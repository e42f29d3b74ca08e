"""Translations: collected from code and templates, compiled before every start."""

import os
from pathlib import Path

from dev.shell import CACHE, PYTHON, ROOT, call, say

FOLDER = ROOT / "translations"
TEMPLATE = CACHE / "messages.pot"
LANGUAGES = ("nl",)  # English is what stands in the code


def compile_all() -> None:
    """Compile each translation that is newer than its compiled form."""
    for source in sorted(FOLDER.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            fresh = target.with_suffix(f".{os.getpid()}")
            _pybabel("compile", "-i", source, "-o", fresh)
            fresh.replace(target)  # a running service never reads half a file


def collect() -> None:
    """Write every text of code and templates into the translations; texts no longer used are dropped."""
    say("Collecting texts")
    _pybabel(
        *("extract", "-F", "pyproject.toml", "-k", "_l", "-k", "N_", "-k", "lazy_ngettext:1,2", "-o", TEMPLATE),
        *(
            "--project=Waarborg",
            "--sort-output",
            "--add-location=file",
            "--add-comments=Translators:",
            "--no-wrap",
            ".",
        ),
    )
    for language in LANGUAGES:
        target = FOLDER / language / "LC_MESSAGES" / "messages.po"
        common = ("-i", TEMPLATE, "-o", target, "-l", language, "--no-wrap")
        if target.exists():
            _pybabel("update", *common, "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            _pybabel("init", *common)


def _pybabel(*arguments: str | Path) -> None:
    call(PYTHON, "-m", "babel.messages.frontend", "--quiet", *arguments)
