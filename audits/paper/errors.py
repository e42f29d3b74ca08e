"""What can be wrong with a paper or kit that somebody asks for, in words fit to show."""


class PaperError(Exception):
    """Something that cannot be made as asked; `text` is fit to show, `field` names the input it belongs to."""

    def __init__(self, text: object, field: str = "") -> None:
        super().__init__(str(text))
        self.text, self.field = text, field
