import pytest

from bench.load import Plan, lines
from bench.report import OVER


@pytest.mark.usefixtures("own_process")
def test_candidates_start_answer_and_hand_in_and_every_answer_is_there():
    """A hall of four for a moment; that nothing is lost is looked at, and times are not."""
    *said, sums = list(
        lines("SQLite", Plan(candidates=4, seconds=0.5, speed=40, saves=16, starts=4))
    )
    assert [line[:28].strip() for line in said[1:]] == [
        *("Start, all at once", "Save", "Board of 20", "CPU of a start, ms"),
        *("CPU of a save, ms", "CPU of a bare upsert, ms", "A save beside it"),
        "Candidates a core",
    ]
    assert ", 0 lost;" in sums
    assert " 0 server errors; 0 refusals; 4 receipts, 0 wrong; 12 sittings" in sums
    assert not sums.endswith(OVER)
