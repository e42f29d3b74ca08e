"""What the supplier's scheme pages share: their blueprint, and a row or a 404."""

from typing import TypeVar

from flask import Blueprint, abort

from plans.registers.cells.addresses import phone_text

bp = Blueprint("continuity", __name__, url_prefix="/o/<slug>/continuity")
bp.add_app_template_filter(phone_text, "phone")

T = TypeVar("T")


def existing(found: T | None) -> T:
    """Return what was found; answer 404 when it is not there or not theirs, which nobody can tell apart."""
    if found is None:
        abort(404)
    return found
