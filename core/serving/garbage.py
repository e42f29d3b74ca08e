"""How often Python looks for rings of objects that nothing refers to any more."""

import gc

# By itself Python looks after every 700 new objects, and then through all there are: a sweep that holds the rows of
# 200 organisations spent half its time on it, and found nothing. What refers to nothing is freed at once, as always.
YOUNG, MIDDLE, OLD = 50_000, 20, 50
# A page leaves some hundreds of objects in rings. Until Python looks they take memory, and who answers pages holds few.
YOUNG_OF_PAGES = 5_000


def collect_seldom() -> None:
    """Let this process look for rings after many new objects only."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def collect_for_pages() -> None:
    """Let this process, which only answers pages, look for rings before they pile up."""
    gc.set_threshold(YOUNG_OF_PAGES, MIDDLE, OLD)
