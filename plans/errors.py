"""What can be wrong with a change to the plan, in words fit to show."""


class PlanError(Exception):
    """A change that cannot be made; `text` is fit to show, `field` names the input it belongs to."""

    def __init__(self, text: object, field: str = "") -> None:
        super().__init__(str(text))
        self.text, self.field = text, field


class NotThere(Exception):
    """No row of this organisation has that id, or it has been put away."""
