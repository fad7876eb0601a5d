"""Our way through a histogram's cells against the library's own."""

from hypothesis import given, settings
from hypothesis import strategies as st

from verify_harness.results.histograms import HIGHEST_US, LOWEST_US, empty, recorded


@settings(deadline=None)  # the first call builds a table, on a busy machine
@given(st.lists(st.integers(LOWEST_US, HIGHEST_US), max_size=30))
def test_recorded_values_are_those_of_the_librarys_iterator(values_us: list[int]) -> None:
    histogram = empty()
    for value_us in values_us:
        histogram.record_value(value_us)
    theirs = [
        (item.value_iterated_to, item.count_at_value_iterated_to)
        for item in histogram.get_recorded_iterator()
    ]
    assert list(zip(*recorded(histogram), strict=True)) == theirs
