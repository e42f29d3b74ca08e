"""The pages of the plan hang on one blueprint; plans/views.py lists the modules that do."""

from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/o/<slug>/plan")
