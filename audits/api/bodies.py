"""Bodies of requests, read as JSON and as nothing else. Imported with shaping.py."""

from typing import Any

from flask import Request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser

from core.serving.problems import Problem


class JsonBodies(FlaskParser):
    """Reads a body that is called JSON and is JSON. Another one must not count as a body that says nothing."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return what was sent.

        Raises Problem with 415 for a body of another kind, with 400 for none, and for a number that is too long.
        """
        if not req.is_json:
            raise Problem(415, "Send JSON, with Content-Type: application/json.")
        if not req.get_data():
            raise Problem(400, "Send a body: there is none.")
        try:
            return super().load_json(req, schema)
        except ValueError:
            # Of a number of thousands of digits Python makes none.
            raise Problem(400, "What was sent cannot be read.") from None


class Operations(Blueprint):  # type: ignore[misc]  # it brings no types along
    """Operations whose bodies are read so."""

    ARGUMENTS_PARSER = JsonBodies()
