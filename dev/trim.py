"""Cut a framework's style sheet down to the classes our templates name; browsers would fetch 500 kB for nothing."""

import re
from collections.abc import Iterator

KEPT_WHOLE = ("@font-face", "@keyframes", "@property", "@charset", "@import", "@page", "@view-transition")
CLASS = re.compile(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)")
WORD = re.compile(r"[A-Za-z_][\w-]*")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
LEGAL = re.compile(r"/\*!.*?\*/", re.S)
READ = re.compile(r"var\(\s*(--[\w-]+)")
SET = re.compile(r"""(?<=[{;\s])(--[\w-]+)\s*:(?:[^;{}"']|"[^"]*"|'[^']*')*(?:;|(?=\}))""")
INSIDE = re.compile(r"\([^()]*\)")


def words(text: str) -> set[str]:
    """Return everything in `text` that could be the name of a class."""
    return set(WORD.findall(text))


def class_names(css: str) -> set[str]:
    """Return the names of all classes in a style sheet."""
    return set(CLASS.findall(COMMENT.sub("", css)))


def trim(css: str, used: set[str]) -> str:
    """Return `css` without the rules that need a class which is not among `used`.

    What stands in brackets, as in `:not(.x)`, never decides: in doubt a rule stays.
    """
    return "".join(LEGAL.findall(css)) + "".join(_kept(COMMENT.sub("", css), used))


def drop_unread(css: str, more: str) -> str:
    """Return `css` without the custom properties that neither it nor the style sheet `more` reads."""
    lean = css
    while True:
        read = set(READ.findall(lean + more))
        lean, before = SET.sub(lambda found: found.group() if found.group(1) in read else "", lean), lean  # noqa: B023
        if lean == before:
            return lean


def _kept(css: str, used: set[str]) -> Iterator[str]:
    for head, body in _rules(css):
        if body is None or head.startswith(KEPT_WHOLE):
            yield head + (";" if body is None else "{" + body + "}")
        elif head.startswith("@"):
            inner = "".join(_kept(body, used))
            if inner:
                yield head + "{" + inner + "}"
        else:
            selectors = [one for one in _split(head) if _needed(one) <= used]
            if selectors:
                yield ",".join(selectors) + "{" + body + "}"


def _needed(selector: str) -> set[str]:
    while (less := INSIDE.sub("", selector)) != selector:
        selector = less
    return set(CLASS.findall(selector))


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield head and body of each rule at the top of `css`; the body of a statement without braces is None."""
    start = 0
    while (found := _next(css, start, "{;")) < len(css):
        head = css[start:found].strip()
        if css[found] == ";":
            yield head, None
            start = found + 1
        else:
            end = _closing(css, found)
            yield head, css[found + 1 : end]
            start = end + 1


def _next(css: str, at: int, wanted: str) -> int:
    """Return the place of the first of `wanted` outside quotes and brackets, from `at` on."""
    depth = 0
    while at < len(css):
        sign = css[at]
        if sign in "\"'":
            at = _quote_end(css, at)
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif depth == 0 and sign in wanted:
            return at
        at += 1
    return at


def _closing(css: str, at: int) -> int:
    """Return the place of the brace that closes the one at `at`."""
    depth = 1
    while depth:
        at = _next(css, at + 1, "{}")
        depth += 1 if css[at] == "{" else -1
    return at


def _quote_end(css: str, at: int) -> int:
    quote, at = css[at], at + 1
    while css[at] != quote:
        at += 2 if css[at] == "\\" else 1
    return at


def _split(head: str) -> list[str]:
    parts, start = [], 0
    while start <= len(head):
        end = _next(head, start, ",")
        parts.append(head[start:end].strip())
        start = end + 1
    return parts
