"""What tests of workbooks share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """The day that workbooks are asked for: past days can be told only where they were kept."""
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        yield
