import pytest

from bench import quality
from bench.quality import lines


@pytest.mark.usefixtures("own_process")
def test_it_finds_the_same_as_numpy_and_keeps_the_lists_on_the_web():
    """It raises where a figure differs, or where a list is not kept; times are not looked at."""
    found = list(lines(clients=200, reviews=60))
    assert [" ".join(line.split()[:4]) for line in found[1:]] == [
        *("Indicators of 200 clients", "uploaded and kept on"),
        *("uploaded and kept on", "Scores of 60 reviews"),
    ]


def test_a_figure_that_differs_is_not_measured(monkeypatch):
    plain = quality._plain_indicators
    monkeypatch.setattr(quality, "_plain_indicators", lambda *given: {**plain(*given), "B": 1.0})
    with pytest.raises(quality.WrongAnswer, match="B: "):
        list(lines(clients=50, reviews=1))
