"""Which findings say that something is not there yet, and which that what was there is wrong or has lapsed.

Both are findings, as bad as their rule says; they are told in another way. Which it is follows from the sentence of a
finding alone, so that it can be told of a kept day too, and nothing is asked for it.
"""

from pathlib import Path

# One msgid a line. Whatever is not in it says that something is wrong, lapsed, or about to lapse.
UNFILLED = frozenset((Path(__file__).parent / "unfilled.txt").read_text(encoding="utf-8").splitlines())
