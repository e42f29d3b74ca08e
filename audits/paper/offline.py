"""The plan as one HTML file that works without network: search, numbers to tap, steps to tick off, printable.

Its script and style stand in the file itself. A policy in its head lets exactly these run, named by their hash, and
nothing be fetched or sent.
"""

import base64
import hashlib
import re

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from audits.paper.material import PaperMaterial
from audits.paper.models import PaperKind
from audits.paper.printing import Printed, about_lines, sections_of
from audits.paper.sections.recovering import EMPTY_BOX
from audits.paper.variants import VARIANTS
from core.i18n import language
from core.settings import ROOT

FOLDER = ROOT / "paper"
NO_NUMBER = re.compile(r"[^\d+]")


def offline_page(material: PaperMaterial, printed: Printed) -> bytes:
    """Return the whole plan as HTML in UTF-8, in the language texts are now written in.

    Source: issue "the calamity plan, whole", point 11.
    """
    script, style = paper_part("offline.js"), paper_part("offline.css")
    page = render_template(
        "paper/offline.html",
        organisation=material.base.organisation.name,
        lines=about_lines(material, printed),
        sections=sections_of(VARIANTS[PaperKind.ALL], material),
        language=language().value,
        script=Markup(script),  # noqa: S704 -- files of ours, without a value in them
        style=Markup(style),  # noqa: S704 -- as above
        policy=f"default-src 'none'; script-src {named(script)}; style-src {named(style)}; "
        "base-uri 'none'; form-action 'none'",
        box=EMPTY_BOX,
        dialled=dialled,
        ticked=_("done at %(time)s", time="{time}"),
        found=_("%(count)s lines found", count="{count}"),
    )
    return page.encode()


def dialled(number: str) -> str:
    """Return a number as a telephone dials it: digits, and a plus in front of a country."""
    return NO_NUMBER.sub("", number)


def paper_part(name: str) -> str:
    """Return a script or style that pages outside this service carry in themselves."""
    return (FOLDER / name).read_text(encoding="utf-8")


def named(text: str) -> str:
    """Return how a policy names a script or style that may run: by its hash."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
