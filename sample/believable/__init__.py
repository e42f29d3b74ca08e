"""Believable organisations by the thousand: rows made of a seed and a day, without a database.

The same seed, day and number always give the same organisation, down to the ids of its rows.
"""

from sample.believable.make import Founding, made, named

__all__ = ["Founding", "made", "named"]
