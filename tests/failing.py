"""An address that fails as it is asked to, for tests of what people read then."""

from flask import Flask, abort

from tenants.door import public


def add_failing(app: Flask, *, by_mistake: bool = False) -> None:
    """Let `/fails/<code>` answer with that error. by_mistake: 500 comes of an error of ours, which is logged."""

    @app.get("/fails/<int:code>")
    @public
    def fails(code: int) -> str:
        if by_mistake and code == 500:
            raise RuntimeError("secret of the machine")
        abort(code)
