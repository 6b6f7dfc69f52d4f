import pytest
from werkzeug.http import parse_options_header

from epa.web.attachments import disposition


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Plan.pdf", "Plan.pdf"),
        ("Plan für Käthe.pdf", "Plan fur Kathe.pdf"),
        ("李小龙.pdf", "file.pdf"),
        ("Nguyễn.pdf", "Nguyen.pdf"),
        ('a"; filename="b.exe', "a filename=b.exe"),
        ("..\\..\\x.pdf", "file.x.pdf"),
        ("Plan", "Plan"),
        ("🙂", "file"),
        ("", "file"),
    ],
)
def test_it_gives_every_client_a_name_it_can_read(name, plain):
    value = disposition(name)
    assert value.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    value.encode("ascii")


@pytest.mark.parametrize("name", ["Plan.pdf", "李小龙.pdf", "a'b (1).pdf", 'q"u.pdf'])
def test_it_gives_the_exact_name_too(name):
    kind, options = parse_options_header(disposition(name))
    assert (kind, options["filename"]) == ("attachment", name)


def test_it_lets_no_line_end_into_a_header():
    value = disposition("a\r\nSet-Cookie: x=1.pdf")
    assert "\r" not in value
    assert "\n" not in value
