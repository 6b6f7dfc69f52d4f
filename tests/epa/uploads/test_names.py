"""Names of files, made fit to be shown."""

import pytest

from epa.uploads.names import display_name, extension_of


class TestDisplayName:
    @pytest.mark.parametrize(
        "name",
        ["report.pdf", "Nguyễn Thị.docx", "李小龙.png", "O'Neill & Sons (2).pdf", "تقرير.pdf", "x"],
    )
    def test_it_keeps_any_script(self, name):
        assert display_name(name) == name

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\0b.pdf", "ab.pdf"),
            ("photo\u202egpj.exe", "photogpj.exe"),
            ("a\u2066b\u200bc\ufeff.pdf", "abc.pdf"),
            ("  two\r\n  lines\t.pdf ", "two lines .pdf"),
            ("Siân.pdf", "Siân.pdf"),
            (".htaccess", "htaccess"),
            ("trailing.pdf. .", "trailing.pdf"),
            ("\ud800.pdf", "pdf"),
            ("../..", ""),
            ("\0\u202e", ""),
        ],
    )
    def test_it_removes_what_hides_or_leads_elsewhere(self, given, shown):
        assert display_name(given) == shown

    def test_it_cuts_a_long_name_and_keeps_the_extension(self):
        shown = display_name("é" * 300 + ".docx")
        assert len(shown) == 120
        assert shown.endswith("é.docx")
        assert len(display_name("x." + "y" * 300)) == 120


class TestExtensionOf:
    @pytest.mark.parametrize(
        ("name", "extension"),
        [("a.PDF", "pdf"), ("a.jpeg", "jpg"), ("a.pdf.exe", "exe"), ("pdf", ""), ("a.", "")],
    )
    def test_it_reads_the_last_part_alone(self, name, extension):
        assert extension_of(name) == extension
