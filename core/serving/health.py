"""Whether the service answers, for load balancers and watchmen. Needs no session and tells no secret."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from core import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer 200 when the database answers, else 503."""
    ready = db.answers(db.engine())
    return {"status": "ok" if ready else "database does not answer"}, 200 if ready else 503
