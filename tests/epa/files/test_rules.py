from epa.files.rules import QUOTA_BYTES, quota_fault


def test_it_takes_files_up_to_the_quota_and_none_above():
    assert quota_fault(QUOTA_BYTES - 10, 10) is None
    assert "4.0 GB" in quota_fault(QUOTA_BYTES - 10, 11)
