"""Fixtures of the tests of the plan."""

import pytest


@pytest.fixture
def judged() -> bool:
    """What is judged after a change stands in other tests, and takes nearly as long as the change itself."""
    return False
