"""What a form holds, and a filling of it in which one field says what nobody would type."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote_from_bytes, urlsplit

# By what they are: bytes as a browser, or something worse, puts them into a form.
NUL: Final = "nul"
HOSTILE: Final[Mapping[str, bytes]] = {
    NUL: b"a\x00b",
    "half a pair": b"a\xed\xa0\x80b",
    "turned around": "a\u202eb\u2066c".encode(),
    "four bytes": "\U0001f600\U00010348".encode(),
    "long": b"x" * 1_000_000,
    "no number": b"9" * 400,
    "large number": b"99999999999999999999",
    "not a number": b"NaN",
    "first day": b"0001-01-01",
    "last day": b"9999-12-31",
}
TYPED: Final = {"number": "1", "date": "2026-11-20", "email": "somebody@people.example", "tel": "+31201234567"}
UNTYPED: Final = frozenset({"submit", "button", "reset", "image", "file"})


@dataclass(slots=True)
class Form:
    """One form of a page. path: where it is sent; fields: name and what a browser would send, in order."""

    path: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Return what can be filled in, each name once."""
        return [name for name in dict(self.fields) if name != "csrf_token"]

    def filled(self, name: str, said: bytes) -> bytes:
        """Return the body of this form, in which only `name` says `said`."""
        pairs = [(one, value.encode()) for one, value in self.fields if one != name] + [(name, said)]
        return b"&".join(f"{_quoted(one.encode())}={_quoted(value)}".encode() for one, value in pairs)


def _quoted(raw: bytes) -> str:
    return quote_from_bytes(raw, safe="")


def forms_on(page: str, path: str) -> Iterator[Form]:
    """Yield the forms of a page that change something and hold a field; path: where the page stands."""
    reader = _Reader(path)
    reader.feed(page)
    yield from (one for one in reader.forms if one.names)


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, list[Form]()
        self._form: Form | None = None
        self._choice = self._text = ""
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._form = None
            if (told.get("method") or "get").lower() == "post":
                self._form = Form(urlsplit(told.get("action") or "").path or self.path)
                self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "select":
            self._choice = told.get("name") or ""
        elif tag == "option" and self._choice:
            self._chosen(told.get("value") or "", sure="selected" in told)
        elif tag == "textarea" and told.get("name"):
            self._text, self._said = told["name"] or "", []
        elif tag == "input" and told.get("name"):
            self._input(told)

    def _chosen(self, value: str, *, sure: bool) -> None:
        assert self._form
        known = dict(self._form.fields).get(self._choice)
        if not known or (sure and value):
            self._form.fields = [one for one in self._form.fields if one[0] != self._choice]
            self._form.fields.append((self._choice, value))

    def _input(self, told: Mapping[str, str | None]) -> None:
        assert self._form
        name, kind, value = told["name"] or "", told.get("type") or "text", told.get("value") or ""
        if kind in UNTYPED or (kind == "radio" and name in dict(self._form.fields) and "checked" not in told):
            return
        if kind == "radio":
            self._form.fields = [one for one in self._form.fields if one[0] != name]
        if not value and kind not in {"hidden", "checkbox", "radio"}:
            value = TYPED.get(kind, "brood")
        self._form.fields.append((name, value or ("" if kind == "hidden" else "y")))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._choice = ""
        elif tag == "textarea" and self._text and self._form:
            self._form.fields.append((self._text, "".join(self._said).strip() or "brood"))
            self._text = ""
        elif tag == "form":
            self._form = None
