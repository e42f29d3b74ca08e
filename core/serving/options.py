"""Fields that wtforms has too, and what is ours of them: lists written quickly, text and numbers that can be kept."""

import unicodedata
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from wtforms.widgets import Select

TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})

# More than any number here has, and fewer than a database keeps in one.
MOST_DIGITS = 15


class Options(Select):
    """What WTForms writes, without sorting and filling in the attributes of each option by itself.

    On a page that asks for people each list names them all.
    """

    # The type information of WTForms is older than WTForms.
    @classmethod
    def render_option(cls, choice: Any, **attributes: Any) -> Markup:  # type: ignore[override]
        """Write one option. choice: of the list of a field, as it tells them."""
        if attributes or choice.render_kw or type(choice.value) is not str:
            return super().render_option(choice, **attributes)
        marked = "selected " if choice.selected else ""
        label = escape(choice.label or choice.value)
        return Markup(f'<option {marked}value="{escape(choice.value)}">{label}</option>')  # noqa: S704 -- escaped here


class SelectField(wtforms.SelectField):
    """A list to choose one from."""

    widget: Any = Options()


def unreadable(sign: str) -> bool:
    """Tell whether `sign` is a control character, or turns the direction of writing around."""
    return unicodedata.category(sign) in ("Cc", "Cs") or unicodedata.bidirectional(sign) in TURNING


class StringField(wtforms.StringField):
    """A line of text. What cannot be read is refused: it hides things, and no database or workbook keeps all of it."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Look at what was typed. Raises ValidationError as wtforms asks."""
        if any(map(unreadable, self.data or "")):
            raise wtforms.ValidationError(str(_l("This holds signs that cannot be read. Type it again.")))


class IntegerField(wtforms.IntegerField):
    """A whole number. One that nobody means is none: what compares numbers takes no more than so many digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent. Raises ValueError where it is no number, as wtforms asks."""
        # What is too long is read as what is no number at all, and told as that.
        super().process_formdata(["-" if len(one) > MOST_DIGITS else one for one in valuelist])
