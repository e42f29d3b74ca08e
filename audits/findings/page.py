"""Findings as the page tells them: each a line of texts, so that the page has nothing left to look up."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from audits.findings.acting import Owners
from audits.findings.finding import FoundGap
from audits.findings.links import Links, link
from audits.findings.texts import finding_text_in, rule_title_in
from audits.judging.severity import Severity
from core.i18n import day_text_in, language, moment_text


class Line(NamedTuple):
    """A finding: where it can be mended, its title, what it is about, what is wrong, since when, until when, who acts.

    about: "" where the sentence says it already; until: of a closed finding when it was closed;
    acting: "" where nobody is named, and of what is closed.
    """

    href: str
    title: str
    about: str
    text: str
    since: str
    until: str
    acting: str


class Group(NamedTuple):
    """Lines beneath one heading; severity None: beneath none."""

    severity: Severity | None
    lines: Sequence[Line]


def grouped(found: Iterable[FoundGap], owners: Owners, *, closed: bool) -> list[Group]:
    """Return findings as lines, in their order: open ones by how bad they are, closed ones all together."""
    by = groupby(found, key=lambda gap: None if closed else gap.severity)
    return [Group(severity, _lines(gaps, owners, closed=closed)) for severity, gaps in by]


def _lines(found: Iterable[FoundGap], owners: Owners, *, closed: bool) -> list[Line]:
    read, links = language(), Links()
    lines = []
    for gap in found:
        text = finding_text_in(read, gap.message, gap.params)
        until = moment_text(gap.closed_at) if closed else day_text_in(read, gap.until)
        lines.append(
            Line(
                link(gap.code, gap.subject_kind, gap.subject_id, gap.subject_key, links.of_item, links.of_row),
                rule_title_in(read, gap.code),
                "" if gap.label in text else gap.label,
                text,
                day_text_in(read, gap.since),
                until,
                "" if closed else owners.of(gap).told,
            )
        )
    return lines
