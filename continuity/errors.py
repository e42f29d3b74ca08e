"""What a person can be told when the scheme does not allow a change."""


class Refused(Exception):
    """A change that cannot be made. `text` is fit to show, `field` names the input it is about, if any."""

    def __init__(self, text: object, field: str = "") -> None:
        super().__init__(str(text))
        self.text, self.field = text, field
