"""The pages of an import hang on one blueprint."""

from flask import Blueprint

bp = Blueprint("importing", __name__, url_prefix="/o/<slug>/import")
