"""What is ready before the first visitor comes."""

from dashboard.chart_specs import ended_spec, open_spec
from dashboard.latency_spec import latency_spec
from dashboard.warm import warm_up


def test_the_charts_that_most_sources_have_are_built_before_anybody_comes() -> None:
    built = (ended_spec, open_spec, latency_spec)
    for spec in built:
        spec.cache_clear()
    warm_up()
    assert [spec.cache_info().currsize for spec in built] == [1, 1, 1]
    latency_spec(compared=False, zone="UTC")
    assert latency_spec.cache_info().hits == 1
