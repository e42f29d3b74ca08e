"""Templates, compiled once for each language with the texts already in them.

Looking up a text takes longer than writing it, and a page has some two hundred. `_("...")` in a template is therefore
answered when the template is compiled; what only the page knows is filled in there (docs/decisions/quick-pages.md).
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from typing import Any

import jinja2
from babel.support import NullTranslations
from flask.sansio.app import App
from flask.templating import Environment
from flask_babel import LazyString
from jinja2 import Template, nodes, pass_eval_context
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]  # its own quick half

from core.i18n import Language, language, later_in, texts_in


class PageTemplate(Template):
    """A template whose macros are made once, not again by each page that imports them without its context."""

    @classmethod
    def _from_namespace(
        cls, environment: jinja2.Environment, namespace: MutableMapping[str, Any], known: MutableMapping[str, Any]
    ) -> Template:
        # What Jinja writes around everything that a template shows.
        spoken = environment.spoken if isinstance(environment, PageTemplates) else None
        namespace["escape"] = _shown if spoken is None else _shown_in(spoken)
        return super()._from_namespace(environment, namespace, known)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # All templates know the same globals here; Jinja would compare them, name by name, at each import.
        return super()._get_default_module()


class PageTemplates(Environment):
    """The templates of the service: asked for one, it gives the one compiled for the language of the reader.

    spoken: the language these are compiled for, None of what chooses among them.
    """

    spoken: Language | None = None
    template_class = PageTemplate

    def __init__(self, app: App, **options: Any) -> None:
        """Make the templates of `app`."""
        # All are kept: there are as many as there are files, and Jinja would note at each use which was used last.
        super().__init__(app, **{"cache_size": -1, **options})
        self.globals.update(_=_text, gettext=_text, ngettext=_counted)
        self.filters["says"] = says
        self._by_language: dict[Language, PageTemplates] = {}

    def spoken_in(self, chosen: Language) -> "PageTemplates":
        """Return the templates compiled for `chosen`."""
        if chosen not in self._by_language:
            made = self.overlay()
            made.spoken = chosen
            self._by_language[chosen] = made
        return self._by_language[chosen]

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002 -- Jinja's
        if self.spoken is None:
            return self.spoken_in(language())._load_template(name, globals)
        return super()._load_template(name, globals)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        if self.spoken is not None:
            escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
            source = _FillIn(texts_in(self.spoken), Markup if escapes else str).visit(source)
        return super()._generate(source, name, filename, defer_init)


def _shown(value: Any) -> Any:
    """Return `value` as a page may hold it, as escape() does, which makes an object of each of the hundreds there are.

    A text comes back as a text: it is joined with the rest of the page at once.
    """
    kind = type(value)  # not what a proxy says it is
    if kind is str:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


@cache
def _shown_in(chosen: Language) -> Callable[[Any], Any]:
    """Return _shown() for templates in `chosen`.

    Titles and headings that are kept as data each ask in which language they are read; here that is known.
    """

    def shown(value: Any) -> Any:
        kind = type(value)
        if kind is str:
            return _escape_inner(value)
        # The text is ours, what fills it may be anybody's.
        return _escape_inner(later_in(chosen, value)) if kind is LazyString else _shown(value)

    return shown


def says(sentence: object, name: object) -> bool:
    """Tell whether `sentence` has `name` in it as words, so that it need not stand before it once more."""
    return re.search(rf"\b{re.escape(str(name))}\b", str(sentence), re.IGNORECASE) is not None


class _FillIn(NodeTransformer):
    """Puts the text in the place of each `_("...")`; its places are filled in when the page is made."""

    def __init__(self, texts: NullTranslations, written: Callable[[str], str]) -> None:
        self.texts, self.written = texts, written

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 -- Jinja's name
        """Fill in one text."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name != "_" or node.dyn_args or node.dyn_kwargs:
            return node
        (asked,) = node.args
        if not isinstance(asked, nodes.Const):
            return node
        text = self.written(self.texts.ugettext(asked.value))
        if not node.kwargs:
            return nodes.Const(text % {}, lineno=node.lineno)
        told = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        return nodes.Mod(nodes.Const(text), nodes.Dict(told), lineno=node.lineno)


@pass_eval_context
def _text(how: EvalContext, text: str, /, **told: Any) -> str:
    """Write a text whose words are known only now."""
    return _written(how, texts_in(language()).ugettext(text), told)


@pass_eval_context
def _counted(how: EvalContext, one: str, many: str, num: int, /, **told: Any) -> str:
    """Write a text with a number in it."""
    return _written(how, texts_in(language()).ungettext(one, many, num), {"num": num, **told})


def _written(how: EvalContext, text: str, told: Mapping[str, Any]) -> str:
    return (Markup(text) if how.autoescape else text) % told  # noqa: S704 -- our own text; what fills it is escaped
