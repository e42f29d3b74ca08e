"""Which version of the plan is in use: the one function that other parts of the plan ask."""

from plans.versions.queries import newest_version


def current_version() -> int | None:
    """Return the number of the version in use in the open scope's organisation, None before the first."""
    found = newest_version()
    return found.number if found else None
