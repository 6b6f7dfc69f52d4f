import hashlib

from hypothesis import given
from hypothesis import strategies as st

from epa.files.rules import QUOTA_BYTES, Part, part_fault, quota_fault, received

LARGEST = 8


def test_it_takes_files_up_to_the_quota_and_none_above():
    assert quota_fault(QUOTA_BYTES - 10, 10) is None
    assert "4.0 GB" in quota_fault(QUOTA_BYTES - 10, 11)


def part_of(content, offset, size):
    piece = content[offset : offset + size]
    return Part(offset, len(piece), hashlib.sha256(piece).hexdigest())


def fault(here, part, whole=20):
    return part_fault(here, part, whole=whole, largest=LARGEST)


def test_it_names_the_byte_at_which_the_next_part_begins():
    first = Part(0, 8, "a")
    assert fault([], first) is None
    assert "begins at byte 8, not at 9" in fault([first], Part(9, 3, "b"))
    assert "begins at byte 8, not at 0" in fault([first], Part(0, 8, "other"))


def test_a_part_that_is_here_already_is_no_fault():
    first = Part(0, 8, "a")
    assert fault([first, Part(8, 8, "b")], first) is None


def test_it_takes_no_part_that_is_empty_too_large_or_over_the_end():
    assert "1 to 8 bytes, not 0" in fault([], Part(0, 0, "a"))
    assert "1 to 8 bytes, not 9" in fault([], Part(0, 9, "a"))
    assert "have 5 bytes" in fault([], Part(0, 6, "a"), whole=5)


@given(
    st.binary(min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 64), st.integers(0, 10)), max_size=60),
)
def test_whatever_comes_what_is_here_is_always_the_beginning_of_the_file(content, tries):
    here = []
    for offset, size in tries:
        part = part_of(content, offset, size)
        if fault(here, part, whole=len(content)) is None and part not in here:
            here.append(part)
    joined = b"".join(content[one.offset : one.offset + one.size] for one in here)
    assert content.startswith(joined)
    assert received(here) == len(joined)
