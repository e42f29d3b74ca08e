"""Why a cell cannot be used."""


class BadCell(Exception):
    """A cell holds something its column cannot take; `text` tells why, fit to show at the cell."""

    def __init__(self, text: object) -> None:
        super().__init__()
        self.text = text

    def __str__(self) -> str:
        # Written out only now: the language of the reader is not known where the cell is read.
        return str(self.text)
