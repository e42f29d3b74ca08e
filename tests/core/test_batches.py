"""While a batch is worked on no garbage is looked for, and afterwards it is again, whatever happened."""

import gc
from collections.abc import Iterator

import pytest

from core.background.batches import uncollected


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The collector at work, before and after."""
    gc.enable()
    yield
    gc.enable()


def test_the_collector_rests_during_a_batch_and_works_after_it() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_batch_that_breaks_off_leaves_the_collector_at_work() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_batch_inside_another_leaves_it_at_rest() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
