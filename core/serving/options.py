"""Lists to choose from, written quickly: on a page that asks for people each list names them all."""

from typing import Any

import wtforms
from markupsafe import Markup, escape
from wtforms.widgets import Select


class Options(Select):
    """What WTForms writes, without sorting and filling in the attributes of each option by itself."""

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
