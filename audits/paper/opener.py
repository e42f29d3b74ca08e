"""The offline kit as a page that opens itself: the age file in it, and all a browser needs to open that.

Whoever finds it can read what stands outside the age file: that it is a kit of Waarborg, of which day and version, in
which languages, and where to ask whether it still counts. It names nobody. Its policy lets exactly its own script, and
that of the plan inside, run, and nothing be fetched or sent.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from audits.paper.forms import LANGUAGES
from audits.paper.models import PaperKind
from audits.paper.offline import named, paper_part
from audits.paper.services import Says
from audits.paper.variants import file_of
from core.age import armoured
from core.i18n import Language, language, written_in
from core.serving.assets import built

SCRIPT, STYLE = "kit.js", "kit.css"
# Of the page with the plan, which a frame in this one shows: a policy holds for what stands in a frame as well, and for
# where its links lead, which is to a telephone.
PLAN_SCRIPT, PLAN_STYLE = "offline.js", "offline.css"


@dataclass(frozen=True, slots=True)
class Outside:
    """What a finder may read. day: it was made on; address: that tells whether the kit still counts, "" for none."""

    says: Says
    day: date
    address: str


def browser_kit(kit: bytes, languages: Sequence[Language], outside: Outside) -> bytes:
    """Return a page in UTF-8 that holds `kit`, an age file, and opens it in a browser without network.

    It is written in each of `languages`, the first first. Raises AssetMissing when its script was not built.
    """
    script, style = built(SCRIPT), paper_part(STYLE)
    parts = []
    for chosen in languages:
        with written_in(chosen):
            parts.append(Markup(render_template("paper/kit_part.html", **_words(outside))))  # noqa: S704 -- a template
    with written_in(languages[0]):
        page = render_template(
            "paper/kit_page.html",
            language=languages[0].value,
            languages=[(code, name) for code, name in LANGUAGES if code in tuple(languages)],
            parts=parts,
            policy=f"default-src 'none'; script-src {named(script)} {named(paper_part(PLAN_SCRIPT))}; "
            f"style-src {named(style)} {named(paper_part(PLAN_STYLE))}; "
            "frame-src blob: tel:; base-uri 'none'; form-action 'none'",
            script=Markup(script),  # noqa: S704 -- built from files of ours, without a value in it
            style=Markup(style),  # noqa: S704 -- as above
            sha256=hashlib.sha256(kit).hexdigest(),
            kit=armoured(kit),
        )
    return page.encode()


def _words(outside: Outside) -> dict[str, object]:
    """Return what a part of the page in one language needs, besides its own words."""
    return {"language": language().value, "outside": outside, "said": json.dumps(_said())}


def _said() -> dict[str, str]:
    """Return what is said of files in the kit, in the language of the part, by their names in any language."""
    plan, card = _("The whole plan, to print"), _("Call card")
    found = {"plan.html": _("The plan as a page of its own"), "SHA256SUMS": _("Fingerprints of all files")}
    for named_in in Language:
        with written_in(named_in):
            found |= {file_of(PaperKind.ALL): plan, file_of(PaperKind.CARD): card}
    return found
