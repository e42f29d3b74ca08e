"""Every page people can open, as a table: read by the tests and by the camera."""

from dataclasses import dataclass

from tests.browser.scene import Who


@dataclass(frozen=True, slots=True)
class Page:
    """One page. name: the endpoint it shows, with a word behind a dot-dot where one endpoint has several faces.

    path: `{o}` stands for the address of the person's organisation; follow: open the first link on that page whose
    address matches this pattern instead (rows have ids nobody knows beforehand); send: press the main form's
    button as it stands, to see the page with what is wrong; status: what the server answers.
    """

    name: str
    path: str
    who: Who = Who.OWNER
    follow: str = ""
    send: bool = False
    status: int = 200

    @property
    def endpoint(self) -> str:
        """Return the endpoint this page belongs to."""
        return self.name.partition("..")[0]


UUID = "[0-9a-f]{8}-[0-9a-f-]{27}"

PAGES = (
    Page("tenants.sign_in", "/sign-in", Who.NOBODY),
    Page("tenants.sign_in..wrong", "/sign-in", Who.NOBODY, send=True, status=422),
    Page("tenants.places", "/organisations"),
    Page("organisation.settings", "{o}/settings"),
    Page("organisation.settings_edit", "{o}/settings/edit"),
    Page("error..not_found", "{o}/nothing-here", status=404),
)
BY_NAME = {page.name: page for page in PAGES}
