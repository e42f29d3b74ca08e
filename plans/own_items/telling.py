"""The answers to own items in words, for lists, workbooks and papers."""

from collections.abc import Mapping

from plans.items.queries import StoredAnswer, answers
from plans.items.shown import summary
from plans.own_items.forms import shown_answer
from plans.own_items.queries import Own


def own_summaries(found: tuple[Own, ...]) -> dict[str, str]:
    """Return one line, in full, for each own item that was answered, by item id; one query when there are any."""
    given = answers([one.item.id for one in found]) if found else {}
    return {item_id: summary(text.split("\n")) for item_id, text in told(found, given).items()}


def told(found: tuple[Own, ...], given: Mapping[str, StoredAnswer]) -> dict[str, str]:
    """Return what was answered to each own item, in full, by item id."""
    lines = {one.item.id: [line for line in shown_answer(one, given.get(one.item.id)) if line.text] for one in found}
    return {item_id: "\n".join(line.text for line in shown) for item_id, shown in lines.items() if shown}
