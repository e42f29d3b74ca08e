"""What can be wrong with a change to people or organisations."""


class AccountError(Exception):
    """A change to people or organisations that cannot be made; `text` is fit to show, `field` names the input."""

    def __init__(self, text: object, field: str = "") -> None:
        super().__init__(str(text))
        self.text, self.field = text, field
