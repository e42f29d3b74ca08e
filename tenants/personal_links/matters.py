"""What links are about: each floor tells it of its own rows, and the assembly connects them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from tenants.models import PersonalLink, Topic

MATTERS = "waarborg.personal_matters"
TOPIC_LABELS: Mapping[Topic, Any] = {
    Topic.TASK: _l("Do you know your task?"),
    Topic.COPY: _l("Did you see the copy?"),
    Topic.INSTRUCTION: _l("Did you read the instruction?"),
    Topic.CONTACT: _l("Are your details right?"),
    Topic.PARTY: _l("Are the details of your firm right?"),
    Topic.PAYMENTS: _l("Do you approve the agreements about payments?"),
    Topic.WILLING: _l("Is your firm willing to take part in the continuity scheme?"),
}


class Gone(Exception):
    """What was asked is no longer so; nothing was written down."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link shows. heading: what is asked; template: the part of the page; about: what it says, for the part;
    button: what the person does by answering; without: names of inputs of the form that this link does not ask.
    """

    heading: Any
    template: str
    about: object
    button: Any
    without: tuple[str, ...] = ()


class Matter(Protocol):
    """What links of one topic are about. Reads and writes in a scope of the link's organisation and area."""

    def shown(self, link: PersonalLink) -> Shown | None:
        """Return what to show, or None when what was asked then is no longer so. Changes nothing."""

    def form(self) -> FlaskForm:
        """Return the form behind the button, as it was sent."""

    def answer(self, link: PersonalLink, form: FlaskForm, *, at: datetime, today: date) -> None:
        """Write the answer down; `today` is the day in the organisation's zone. Raises Gone."""


def connect(app: Flask, matters: Mapping[Topic, Matter]) -> None:
    """Let links of these topics be opened in `app`."""
    app.extensions[MATTERS] = {**app.extensions.get(MATTERS, {}), **matters}


def matter_of(topic: Topic) -> Matter | None:
    """Return what links of this topic are about; None when nothing of this service opens them."""
    found: Matter | None = current_app.extensions.get(MATTERS, {}).get(topic)
    return found
