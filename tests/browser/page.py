"""One page that people can open, and the way to it."""

from dataclasses import dataclass

from tests.browser.people import Who


@dataclass(frozen=True, slots=True)
class Follow:
    """Open the first link of the page whose address ends like `pattern`: rows have ids nobody knows beforehand."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Under:
    """Open the address that lies `path` under the present one, where the page links to it only in some states."""

    path: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Choose a file of tests/samples in the page's form."""

    file: str


@dataclass(frozen=True, slots=True)
class Send:
    """Press the main button of the page's form, filled in as it stands."""


@dataclass(frozen=True, slots=True)
class Named:
    """Fill the page's form in with how `who` signs in."""

    who: Who


@dataclass(frozen=True, slots=True)
class Page:
    """One page. name: the endpoint it shows, with a word behind a dot-dot where one endpoint has several faces.

    path: where to begin, `{o}` stands for the address of the person's organisation, `{asked}` and the like for the
    secret of a mailed link; steps: the way on from there;
    status: what the server answers in the end.
    """

    name: str
    path: str
    who: Who = Who.OWNER
    steps: tuple[Follow | Under | Upload | Named | Send, ...] = ()
    status: int = 200

    @property
    def endpoint(self) -> str:
        """Return the endpoint this page belongs to."""
        return self.name.partition("..")[0]

    @property
    def is_sent(self) -> bool:
        """Tell whether the way to this page leads through a form: its address alone does not show it."""
        return any(isinstance(step, Send) for step in self.steps)


UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"
