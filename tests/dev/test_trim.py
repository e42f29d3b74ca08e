"""The style sheet is cut down without losing what pages use."""

import pytest

from dev.trim import class_names, drop_unread, trim, words


@pytest.mark.parametrize(
    ("css", "left"),
    [
        pytest.param(".a{x:1}.b{x:2}", ".a{x:1}", id="a class nobody names"),
        pytest.param("p{x:1}", "p{x:1}", id="an element"),
        pytest.param(".a,.b .a,.a:hover{x:1}", ".a,.a:hover{x:1}", id="some of the selectors"),
        pytest.param(".a:not(.b){x:1}", ".a:not(.b){x:1}", id="a class in brackets does not decide"),
        pytest.param("@media (min-width:1px){.b{x:1}}", "", id="a block that becomes empty"),
        pytest.param("@media print{.b{x:1}.a{y:2}}", "@media print{.a{y:2}}", id="inside a block"),
        pytest.param("@keyframes b{from{x:1}}", "@keyframes b{from{x:1}}", id="keyframes stay"),
        pytest.param('@charset "x";.a{x:1}', '@charset "x";.a{x:1}', id="a statement"),
        pytest.param('.a{x:"}.b{"}.b{y:1}', '.a{x:"}.b{"}', id="braces in quotes"),
        pytest.param(r".a::after{x:'\'}'}.b{y:1}", r".a::after{x:'\'}'}", id="a quote in quotes"),
        pytest.param("/* .b{ */.a{x:1}", ".a{x:1}", id="comments"),
        pytest.param("/*! legal */.b{x:1}", "/*! legal */", id="the licence stays"),
    ],
)
def test_only_rules_that_a_page_could_need_are_kept(css: str, left: str) -> None:
    assert trim(css, {"a"}) == left


def test_names_are_found_where_pages_and_sheets_write_them() -> None:
    assert {"btn", "btn-primary"} <= words('<a class="btn btn-primary">')
    assert class_names(".btn.btn-primary:hover, p.x{y:1.5}") == {"btn", "btn-primary", "x"}


def test_properties_that_nobody_reads_are_dropped_until_none_is_left() -> None:
    css = ":root{--a:1;--b:var(--c);--c:url('x;y');--d:2}p{x:var(--a)}"
    assert drop_unread(css, "q{x:var(--d)}") == ":root{--a:1;--d:2}p{x:var(--a)}"
