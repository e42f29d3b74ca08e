"""The addresses of the API: each operation of the table behind its door, and the document that tells of them."""

from typing import Any

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue

from audits.api.operations import OPERATIONS, Operation
from core.serving.problems import Problem
from core.serving.web import csrf
from tenants.door import View, public
from tenants.tokens.door import with_token

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Tell programs what they can ask; it holds nothing of anybody."""
    from audits.api import shaping  # brings libraries along that the first call needs, and no start

    return jsonify(shaping.document())


def _view(one: Operation) -> View:
    def ask(**arguments: Any) -> ResponseReturnValue:
        from audits.api import shaping  # as above

        try:
            answer: ResponseReturnValue = shaping.shaped()[one.name](**arguments)
        except RecursionError:
            raise Problem(400, "What was sent is nested too deep.") from None
        return answer

    ask.__name__ = one.name
    return with_token(one.scope)(ask)


for _one in OPERATIONS:
    bp.add_url_rule(_one.path, _one.name, _view(_one), methods=[_one.method])


def init_api(app: Flask) -> None:
    """Let programs in without the token of a form: nothing here is done on the word of a cookie."""
    csrf.exempt(bp)
    app.register_blueprint(bp)
