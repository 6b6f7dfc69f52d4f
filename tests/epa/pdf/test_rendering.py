"""What both engines promise: names in any script, page numbers, title, language, no way out."""

import http.server
import os
import stat
import threading
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from epa.pdf import PdfFailed, document_css, render_pdf

EITHER = pytest.mark.parametrize(
    "engine", [pytest.param("wkhtmltopdf", marks=pytest.mark.wkhtmltopdf), "weasyprint"]
)
NAMES = (
    "Siân O'Neill",
    "Nguyễn Thị Ánh",
    "李小龙",
    "马 黄 韦 龚 赵",
    "Đặng Żółć",
    "Ø",
    "محمد",
    "Юлія",
)


def page(body, style=""):
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>A title from the document</title><style>{style}</style></head>"
        f'<body class="document">{body}</body></html>'
    )


def read(pdf):
    reader = PdfReader(BytesIO(pdf))
    return reader, [" ".join(sheet.extract_text().split()) for sheet in reader.pages]


@pytest.fixture
def listener():
    """A web server on this machine and the paths it was asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@EITHER
class TestBothEngines:
    def test_it_prints_names_in_several_scripts(self, engine):
        body = "".join(f"<p>{name}</p>" for name in NAMES if name != "محمد")
        _, [text] = read(render_pdf(page(body), title="Names", engine=engine))
        for name in NAMES:
            if name != "محمد":
                assert name in text

    def test_it_embeds_a_font_for_every_name(self, engine):
        body = "".join(f"<p>{name}</p>" for name in NAMES)
        reader, _ = read(render_pdf(page(body), title="Names", engine=engine))
        fonts = str([font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()])
        assert "CJK" in fonts
        assert "Arabic" in fonts or "Naskh" in fonts or "DejaVu" in fonts

    def test_it_numbers_three_pages_and_repeats_the_foot(self, engine):
        body = "<p>first</p>" + '<p style="page-break-before: always">next</p>' * 2
        foot = "CVA-2026-00417 for Nguyễn Thị, 李小龙 & <Sons>"
        _, texts = read(render_pdf(page(body), title="Three", engine=engine, footer=foot))
        assert len(texts) == 3
        for number, text in enumerate(texts, start=1):
            assert f"Page {number} of 3" in text
            assert "CVA-2026-00417" in text
            assert "Nguyễn Thị" in text
            assert "李小龙" in text
            assert "& <Sons>" in text

    def test_it_says_title_and_language(self, engine):
        made = render_pdf(
            page("<p>Hello</p>"), title=" Datganiad\n李 ", language="cy", engine=engine
        )
        reader, _ = read(made)
        assert reader.metadata.title == "Datganiad 李"
        assert reader.root_object["/Lang"] == "cy"
        assert bool(reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"])

    def test_it_says_nothing_of_this_machine_or_moment(self, engine):
        reader, _ = read(render_pdf(page("<p>Hello</p>"), title="T", engine=engine))
        assert set(reader.metadata) <= {"/Title", "/Producer", "/Creator"}
        assert "/" not in "".join(reader.metadata.values())

    def test_it_makes_the_same_document_twice(self, engine):
        once, again = (render_pdf(page("<p>Hi</p>"), title="T", engine=engine) for _ in range(2))
        assert [sheet.get_contents().get_data() for sheet in read(once)[0].pages] == [
            sheet.get_contents().get_data() for sheet in read(again)[0].pages
        ]

    def test_it_makes_a4_pages(self, engine):
        reader, _ = read(render_pdf(page("<p>Hi</p>"), title="T", engine=engine))
        size = reader.pages[0].mediabox
        assert (round(size.width), round(size.height)) == (595, 842)

    def test_it_runs_no_script(self, engine):
        body = '<p id="a">untouched</p><script>document.getElementById("a").textContent = "SCRIPT RAN";</script>'
        _, [text] = read(render_pdf(page(body), title="T", engine=engine))
        assert "untouched" in text
        assert "RAN" not in text

    def test_it_fetches_nothing_and_reads_no_file(self, engine, listener, tmp_path, monkeypatch):
        monkeypatch.setenv("CANARY_KEY", "canary-of-the-environment")
        (tmp_path / "secret.html").write_text("<p>CANARYOFTHEDISK</p>")
        address, asked = listener
        secret = (tmp_path / "secret.html").as_uri()
        ways = "".join(
            f'<img src="{url}"><iframe src="{url}"></iframe><object data="{url}"></object>'
            f'<embed src="{url}"><link rel="stylesheet" href="{url}"><link rel="attachment" href="{url}">'
            f'<script src="{url}"></script><style>@import url("{url}"); p {{ background: url("{url}"); }}'
            f'@font-face {{ font-family: f; src: url("{url}"); }} p {{ font-family: f; }}</style>'
            for url in (f"{address}/hit", secret)
        )
        options = "".join(
            f'<meta name="pdfkit-{name}" content="">'
            for name in ("enable-local-file-access", "enable-javascript")
        )
        body = f"{options}{ways}<p>after all that</p>"
        try:
            made = render_pdf(page(body), title="T", engine=engine)
        except PdfFailed:
            made = b""
        assert asked == []
        assert b"CANARYOFTHEDISK" not in made
        if made:
            reader, texts = read(made)
            assert "CANARYOFTHEDISK" not in "".join(texts)
            assert not reader.attachments

    def test_it_prints_a_picture_that_the_document_carries(self, engine):
        body = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            '<title>Mark</title><path d="M0 0 H40 V40 Z" fill="#1c5b54"/></svg><p>beside it</p>'
        )
        reader, [text] = read(render_pdf(page(body), title="T", engine=engine))
        assert "beside it" in text
        assert b" l" in reader.pages[0].get_contents().get_data()

    def test_it_loses_no_row_of_a_long_table(self, engine):
        columns = '<colgroup><col style="width: 30%"><col style="width: 70%"></colgroup>'
        rows = "".join(
            f"<tr><td>row{n:03d}a</td><td>{'many words that wrap ' * 12}row{n:03d}z</td></tr>"
            for n in range(60)
        )
        body = f"<table>{columns}<thead><tr><th>No</th><th>What</th></tr></thead><tbody>{rows}</tbody></table>"
        _, texts = read(render_pdf(page(body, document_css()), title="T", engine=engine))
        assert len(texts) > 2
        for n in range(60):
            begins = [number for number, text in enumerate(texts) if f"row{n:03d}a" in text]
            ends = [number for number, text in enumerate(texts) if f"row{n:03d}z" in text]
            assert len(begins) == 1
            assert begins == ends

    def test_it_sets_a_statement_of_results_on_one_page(self, engine):
        statement = Path(__file__).with_name("statement.html").read_text(encoding="utf-8")
        html = statement.replace("/*CSS*/", document_css())
        foot = (
            "CVA-2026-00417. To check this statement, give this number to Calder Vale Assessment."
        )
        _, [text] = read(render_pdf(html, title="Statement", engine=engine, footer=foot))
        for said in ("Siân Prosser Nguyễn Thị", "李小龙", "Overall grade", "Distinction", foot):
            assert said in text
        assert text.endswith("Page 1 of 1")

    def test_it_takes_characters_that_no_page_can_hold(self, engine):
        body = "<p>be\0fore \ud800 after</p>"
        _, [text] = read(
            render_pdf(page(body), title="T\ud800", engine=engine, footer="\udfff foot")
        )
        assert "before" in text
        assert "after" in text

    def test_it_leaves_no_file_behind(self, engine, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        render_pdf(page("<p>Hi</p>"), title="T", engine=engine)
        assert list(tmp_path.iterdir()) == []


class TestWeasyPrint:
    def test_it_repeats_the_head_of_a_table_and_tags_the_document(self):
        rows = "<tr><td>row</td></tr>" * 120
        body = f"<table><thead><tr><th>Heading</th></tr></thead><tbody>{rows}</tbody></table>"
        reader, texts = read(render_pdf(page(body, document_css()), title="T", engine="weasyprint"))
        assert len(texts) > 2
        assert all("Heading" in text for text in texts)
        assert reader.root_object["/MarkInfo"]["/Marked"].value

    def test_it_serves_when_the_setting_asks_for_it(self, monkeypatch):
        monkeypatch.setenv("PDF_ENGINE", "weasyprint")
        reader, _ = read(render_pdf(page("<p>Hi</p>"), title="T"))
        assert "WeasyPrint" in reader.metadata.producer

    def test_it_serves_when_wkhtmltopdf_is_missing(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        reader, _ = read(render_pdf(page("<p>Hi</p>"), title="T", engine="wkhtmltopdf"))
        assert "WeasyPrint" in reader.metadata.producer


class TestWhatGoesWrong:
    def fake(self, tmp_path, monkeypatch, script):
        program = tmp_path / "wkhtmltopdf"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    def render(self, **more):
        return render_pdf(page("<p>Hi</p>"), title="T", engine="wkhtmltopdf", **more)

    def test_it_ends_an_engine_that_hangs(self, tmp_path, monkeypatch):
        self.fake(tmp_path, monkeypatch, f"echo $$ > {tmp_path}/pid; sleep 600 & wait")
        with pytest.raises(PdfFailed, match=r"did not finish within 0.5 seconds"):
            self.render(timeout=0.5)
        pid = int((tmp_path / "pid").read_text())
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    @pytest.mark.parametrize("script", ["exit 3", "echo not a pdf", "echo %PDF-1.4 torn"])
    def test_it_refuses_what_is_not_a_document(self, tmp_path, monkeypatch, script):
        self.fake(tmp_path, monkeypatch, script)
        with pytest.raises(PdfFailed):
            self.render()

    def test_it_says_which_engine_could_not_start(self, tmp_path, monkeypatch):
        self.fake(tmp_path, monkeypatch, "")
        (tmp_path / "wkhtmltopdf").write_text("#!/no/such/shell\n")
        with pytest.raises(PdfFailed, match="wkhtmltopdf could not be started"):
            self.render()

    def test_it_keeps_our_keys_from_the_engine(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "canary")
        self.fake(tmp_path, monkeypatch, f"env > {tmp_path}/seen")
        with pytest.raises(PdfFailed):
            self.render()
        assert "canary" not in (tmp_path / "seen").read_text()

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"engine": "word"}, "PDF_ENGINE is one of"),
            ({"title": " \n"}, "needs a title"),
            ({"footer": "x" * 161}, "at most 160"),
        ],
    )
    def test_it_refuses_a_wrong_call(self, more, said):
        with pytest.raises(ValueError, match=said):
            render_pdf(page(""), **({"title": "T"} | more))


class TestDocumentStylesheet:
    def test_it_holds_in_an_old_engine(self):
        css = document_css()
        assert ".document" in css
        for modern in ("var(", "--", "display: grid", "display: flex"):
            assert modern not in css

    def test_it_is_empty_where_there_is_none(self, monkeypatch, tmp_path):
        monkeypatch.setattr("epa.pdf.rendering.STYLESHEET", tmp_path / "none.css")
        assert document_css() == ""
