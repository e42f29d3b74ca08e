"""The pages of calamities hang on one blueprint."""

from flask import Blueprint

from plans.calamity import telling
from plans.registers.cells import phone_text

bp = Blueprint("calamity", __name__, url_prefix="/o/<slug>/calamity")


@bp.context_processor
def words() -> dict[str, object]:
    """Give the templates what they say times and telephone numbers with."""
    return {"telling": telling, "phone_text": phone_text}
