"""The pages of the registers hang on one blueprint."""

from flask import Blueprint

bp = Blueprint("registers", __name__, url_prefix="/o/<slug>/registers")
