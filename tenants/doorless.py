"""No view is reached past the door: looked at when the service starts, once all of its views are there."""

from flask import Flask

# They belong to the floor below and have nobody's data.
DOORLESS = frozenset({"static", "health.healthz"})


class OpenDoor(RuntimeError):
    """A view can be reached past the door."""


def refuse_open_doors(app: Flask) -> None:
    """Stop the start when a view of `app` says nothing about who may reach it. Raises OpenDoor.

    A permission without a line in the policy table stops it sooner, where the view is wrapped.
    """
    for endpoint, view in app.view_functions.items():
        if endpoint not in DOORLESS and not hasattr(view, "door"):
            raise OpenDoor(f"{endpoint} has no door: wrap it in needs, operates, signed_in or public")
