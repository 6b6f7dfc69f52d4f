"""Hostile and broken files: each is refused or handled, with a message, and nothing is fetched."""

import io
import stat
import zipfile

import pytest

from question_bank.interchange import faults
from question_bank.interchange.faults import Unfit, Unreadable
from question_bank.interchange.item import Draft
from question_bank.interchange.markup import safe
from question_bank.interchange.outcome import Refused
from question_bank.interchange.pictures import Album, PictureMissing
from tests.question_bank.interchange.items import entries, png
from tests.question_bank.interchange.test_moodle_and_gift import ONE_RIGHT, question, quiz, workbook
from tests.question_bank.interchange.test_qti import CHOICES, choice, manifest, package

ITEM = "imsqti_item_xmlv2p1"
LAUGHS = (
    '<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
EXTERNAL = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
QUADRATIC = f'<!DOCTYPE quiz [<!ENTITY x "{"x" * 10_000}">]>'
REMOTE = '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr("socket.socket.connect", refuse)


@pytest.fixture
def read(tmp_path):
    def read(content, stated=None):
        raw = content.encode() if isinstance(content, str) else content
        return entries(tmp_path / "file", raw, stated)

    return read


def unreadable(read, content, words, stated=None):
    with pytest.raises(Unreadable, match=words):
        read(content, stated)


class TestDocumentTypes:
    @pytest.mark.parametrize("head", [LAUGHS, EXTERNAL, QUADRATIC, REMOTE, "<!DOCTYPE quiz []>"])
    @pytest.mark.parametrize("stated", [None, "moodle-xml"])
    def test_it_refuses_a_moodle_file(self, read, head, stated):
        body = quiz(question("multichoice", ONE_RIGHT, text="&x;"))
        unreadable(read, body.replace("<quiz>", f"{head}<quiz>"), "document type", stated)

    def test_it_lets_a_name_pass_that_declares_nothing(self, read):
        (entry,) = read(f"<!DOCTYPE assessmentItem>{choice()}")
        assert entry.item.reference == "Q1"
        unreadable(read, f"<!DOCTYPE assessmentItem>{choice(body='<p>&x;</p>')}", "well-formed")

    @pytest.mark.parametrize("head", [LAUGHS, EXTERNAL, QUADRATIC, REMOTE])
    def test_it_refuses_an_item(self, read, head):
        unreadable(read, head + choice(), "document type")

    def test_it_refuses_one_item_of_a_package_and_reads_the_rest(self, read):
        found = read(
            package(
                imsmanifest_dot_xml=manifest((ITEM, "a.xml", ""), (ITEM, "b.xml", "")),
                a_dot_xml=EXTERNAL + choice(body="<p>&x;</p>"),
                b_dot_xml=choice(),
            )
        )
        assert found[0] == Refused("r0", "it has a document type declaration, which is never read")
        assert found[1].item.reference == "Q1"

    def test_it_refuses_a_manifest(self, read):
        content = package(
            imsmanifest_dot_xml=LAUGHS + manifest((ITEM, "a.xml", "")), a_dot_xml=choice()
        )
        unreadable(read, content, "document type")

    @pytest.mark.parametrize("head", [LAUGHS, EXTERNAL, QUADRATIC])
    def test_it_refuses_a_workbook(self, read, head):
        original = zipfile.ZipFile(io.BytesIO(workbook([["stem"], ["Why?"]])))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in original.namelist():
                content = original.read(name).decode()
                if name.startswith("xl/worksheets/"):
                    content = head.replace("quiz", "worksheet") + content
                archive.writestr(name, content)
        unreadable(read, out.getvalue(), "Entit|workbook|sheet")


class TestPackages:
    @pytest.mark.parametrize(
        "name",
        [
            "../out.xml",
            "/etc/out.xml",
            "a/../../out.xml",
            "..\\out.xml",
            "C:\\out.xml",
            "C:out.xml",
        ],
    )
    def test_it_refuses_a_path_that_leads_out(self, read, name, tmp_path):
        content = package(imsmanifest_dot_xml=manifest((ITEM, "a.xml", "")), a_dot_xml=choice())
        out = io.BytesIO(content)
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr(name, "x")
        unreadable(read, out.getvalue(), "leads out of it")
        assert [one.name for one in tmp_path.iterdir()] == ["file"]

    def test_it_refuses_a_link(self, read):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            link = zipfile.ZipInfo("picture.png")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
        unreadable(read, out.getvalue(), "holds a link")

    def test_it_refuses_a_bomb(self, read):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("imsmanifest.xml", b" " * 5_000_000)
        unreadable(read, out.getvalue(), "200 times its size")

    @pytest.mark.parametrize(
        ("limit", "value", "words"),
        [
            ("LARGEST_ENTRY", 10, "more than 10 bytes"),
            ("LARGEST_PACKAGE", 10, "more than 10 bytes"),
            ("MOST_ENTRIES", 1, "more than 1 files"),
        ],
    )
    def test_it_refuses_what_is_too_large(self, read, monkeypatch, limit, value, words):
        monkeypatch.setattr(f"question_bank.interchange.package.{limit}", value)
        content = package(imsmanifest_dot_xml=manifest(), a_dot_xml=choice())
        unreadable(read, content, words)

    def test_it_refuses_a_file_that_is_too_large(self, read, monkeypatch):
        monkeypatch.setattr("question_bank.interchange.reading.LARGEST_FILE", 10)
        unreadable(read, choice(), "larger than 10 bytes")

    def test_it_refuses_what_is_encrypted(self, read):
        content = bytearray(package(imsmanifest_dot_xml=manifest()))
        content[content.rindex(b"PK\x01\x02") + 8] |= 1
        unreadable(read, bytes(content), "encrypted")

    @pytest.mark.parametrize("cut", [3, 30, 80, -30])
    def test_it_refuses_a_broken_zip(self, read, cut):
        content = package(imsmanifest_dot_xml=manifest((ITEM, "a.xml", "")), a_dot_xml=choice())
        unreadable(read, content[:cut], "zip|known")

    def test_it_refuses_one_damaged_item_of_a_package(self, read):
        content = package(
            imsmanifest_dot_xml=manifest((ITEM, "a.xml", "")),
            a_dot_xml=choice(body="<p>MARKER</p>"),
        )
        (entry,) = read(content.replace(b"MARKER", b"DAMAGE"))
        assert "cannot be unpacked" in entry.reason

    def test_it_refuses_a_package_without_manifest_and_items(self, read):
        unreadable(read, package(a_dot_txt="x"), "no imsmanifest.xml and no QTI item")

    def test_it_refuses_a_manifest_that_is_none(self, read):
        unreadable(read, package(imsmanifest_dot_xml="<html/>"), "'manifest' was expected")


class TestShownPages:
    @pytest.mark.parametrize(
        ("page", "count", "words"),
        [
            ("<div>" * 300, 1, "nested more than 100 deep"),
            ("x" * 200_001, 1, "longer than 200,000 characters"),
            ("x" * 150_000, 2, "longer than 200,000 characters"),
            ("x" * 200_000, 2_000, "more than 20 other texts"),
        ],
    )
    def test_it_refuses_an_item_whose_pages_would_take_too_long(self, read, page, count, words):
        body = '<object type="text/html" data="p.html"/>' * count
        (entry,) = read(
            package(
                imsmanifest_dot_xml=manifest((ITEM, "a.xml", "")),
                a_dot_xml=choice(body=f"<div>{body}</div>"),
                p_dot_html=page,
            )
        )
        assert isinstance(entry, Refused)
        assert words in entry.reason

    def test_it_refuses_an_item_with_very_many_stimuli(self, read):
        reference = '<assessmentStimulusRef identifier="s" href="s.xml"/>' * 2_000
        content = package(
            imsmanifest_dot_xml=manifest((ITEM, "a.xml", "")),
            a_dot_xml=choice(after=reference),
            s_dot_xml="<assessmentStimulus><stimulusBody>x</stimulusBody></assessmentStimulus>",
        )
        (entry,) = read(content)
        assert entry == Refused("Q1", "it shows more than 20 other texts")

    def test_a_page_outside_the_package_is_not_fetched(self, read):
        shown = '<div>Which?<object type="text/html" data="http://127.0.0.1:9/p.html"/></div>'
        (entry,) = read(
            package(imsmanifest_dot_xml=manifest((ITEM, "a.xml", "")), a_dot_xml=choice(body=shown))
        )
        assert entry.lacks == ("an embedded object could not be taken over",)


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "nothing in it is known"),
            (b"%PDF-1.7 x", "it is a PDF"),
            (png(), "it is a picture"),
            (b"\xd0\xcf\x11\xe0 old", "older Office"),
            (b'{"a": 1}', "it is JSON"),
            (b"Just words.", "nothing in it is known"),
            (b"\0\1\2{}", "nothing in it is known"),
            (b"<html><p>x</p></html>", "XML of another kind \\('html'\\)"),
            (b"<manifest/>", "XML of another kind"),
            (b"<questestinterop/>", "QTI 1 is not supported"),
            (b"<", "not XML"),
            (b"<quiz><question></quiz>", "not well-formed"),
            (b"<quiz><question", "not well-formed"),
            (b'<?xml version="1.0" encoding="nonsense"?><quiz/>', "not well-formed"),
            (b'<?xml version="1.0" encoding="UTF-8"?><quiz>\xe9</quiz>', "not well-formed"),
            (b"stem,marks\nCaf\xe9?,2\n", "UTF-8 text was expected"),
            (b"Caf\xe9? {=a ~b}", "UTF-8 text was expected"),
            ("stem,marks\nWhy?,2\n".encode("utf-16"), "UTF-8|known"),
            (b'stem,marks\n"Why?,2\n', None),
            (b"stem,stem\nWhy?,2\n", "stands there twice"),
        ],
    )
    def test_it_says_what_is_wrong(self, read, content, words):
        if words is None:
            assert len(read(content)) == 1  # a quotation that never ends is one long cell
        else:
            unreadable(read, content, words)

    @pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "latin-1"])
    def test_it_reads_xml_in_the_code_that_it_names(self, read, code):
        body = quiz(question("multichoice", ONE_RIGHT, text="Caf\xe9?"))
        named = body.replace("UTF-8", code.removesuffix("-sig").replace("latin-1", "ISO-8859-1"))
        assert read(named.encode(code))[0].item.stem == "Caf\xe9?"

    @pytest.mark.parametrize("stated", ["qti", "moodle-xml", "csv", "xlsx"])
    def test_it_says_when_a_file_is_not_what_it_was_said_to_be(self, read, stated):
        unreadable(read, "Why? {=a ~b ~c ~d}", ".", stated)

    def test_it_names_a_file_that_is_not_there(self, tmp_path):
        from question_bank.interchange.reading import opened

        with pytest.raises(Unreadable, match="cannot be read"), opened(tmp_path / "none"):
            pass

    def test_it_refuses_a_workbook_that_breaks_off(self, read):
        original = zipfile.ZipFile(io.BytesIO(workbook([["stem"], ["Why?"]])))
        for damaged in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for name in original.namelist():
                    archive.writestr(name, original.read(name)[: 60 if name == damaged else None])
            unreadable(read, out.getvalue(), "workbook|sheet", "xlsx")


class TestDepth:
    def test_it_refuses_elements_too_deep(self, read):
        deep = "<b>" * 200 + "</b>" * 200
        unreadable(read, quiz(f"<x>{deep}</x>"), "more than 100 deep")
        (entry,) = read(
            package(imsmanifest_dot_xml=manifest((ITEM, "a.xml", "")), a_dot_xml=choice(body=deep))
        )
        assert "more than 100 deep" in entry.reason

    @pytest.mark.parametrize("tag", ["div", "b", "table><tr><td"])
    def test_it_refuses_markup_too_deep(self, read, tag):
        text = f"<{tag}>" * 12_000
        (entry,) = read(quiz(question("multichoice", ONE_RIGHT, text=text)))
        assert entry.reason == "a text is nested more than 100 deep"

    @pytest.mark.parametrize("text", ["<div></x>", "<B></i>", "<div><table><td></div>"])
    def test_it_is_not_deceived_by_ends_that_end_nothing(self, text):
        with pytest.raises(Unfit, match="more than 100 deep"):
            safe(text * 5_000)

    @pytest.mark.parametrize("text", ["<a ", "<!--", "</", "<?", '<p a="', "</p>", "<table><td>x"])
    def test_it_comes_to_an_end_with_broken_markup(self, text):
        """Each took minutes in a parser that is made for whole documents."""
        try:
            markup = safe(text * 20_000)
        except Unfit:
            return
        assert "<a" not in markup

    def test_it_takes_many_paragraphs_that_nobody_closed(self):
        assert safe("<p>x" * 1_000).count("<p>") == 1_000

    def test_it_refuses_a_text_too_long(self, read):
        (entry,) = read(quiz(question("multichoice", ONE_RIGHT, text="x" * 200_001)))
        assert entry.reason == "a text is longer than 200,000 characters"


class TestMarkup:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            '<a href="javascript:alert(1)">x</a>',
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            '<p style="background:url(http://x)">x</p>',
            "<iframe src=http://x></iframe>",
            "<b <script>alert(1)</script>",
            '<img src="data:text/html;base64,PHNjcmlwdD4=">',
            "<!--><img src=x onerror=alert(1)>-->",
            "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        ],
    )
    def test_it_leaves_nothing_that_acts(self, text):
        markup = safe(text, Draft().album, lambda _: None)
        for word in (
            "<script",
            "onerror=",
            "javascript:",
            "http://",
            "<iframe",
            "<svg",
            "style=",
            "<img",
        ):
            assert word not in markup.replace("&lt;", "").lower() or markup.startswith("&lt;")

    @pytest.mark.parametrize(
        ("text", "loss"),
        [
            ("<video src=x></video>", "a film could not be taken over"),
            ("<math><mi>x</mi></math>", "a formula could not be taken over"),
            ("<object data=x></object>", "an embedded object could not be taken over"),
            ('<a href="@@PLUGINFILE@@/x.mp3">hear</a>', "a linked file could not be taken over"),
        ],
    )
    def test_it_says_what_is_lost(self, text, loss):
        draft = Draft()
        draft.markup(f"<p>x {text}</p>")
        assert draft.lost == [loss]

    def test_it_keeps_the_words_of_a_link_elsewhere(self):
        draft = Draft()
        assert draft.markup('See <a href="https://example.org/">there</a>') == "See there"
        assert draft.lost == []

    def test_it_drops_characters_that_nothing_can_hold(self):
        assert safe("a\x00b\x0bc&#1;d\ufffe\ud800e") == "abcde"

    def test_it_makes_plain_words_of_what_never_settles(self, monkeypatch):
        monkeypatch.setattr("question_bank.interchange.markup._ROUNDS", 0)
        assert safe('<p dir="rtl">a &lt; b</p>') == "a &lt; b"


class TestPictures:
    def test_it_takes_a_picture_inside_the_text(self):
        import base64

        draft = Draft()
        data = base64.b64encode(png()).decode()
        assert draft.markup(f'<img src="data:image/png;base64,{data}">').startswith("<img src=")
        assert draft.album.pictures[0].data == png()

    @pytest.mark.parametrize(
        "address", ["", "http://[x", "data:image/png;base64,A", "data:image/svg+xml,<svg/>"]
    )
    def test_it_refuses_what_is_no_picture(self, address):
        with pytest.raises(PictureMissing):
            Album().add(address)

    def test_it_refuses_too_large_and_too_many(self, monkeypatch):
        monkeypatch.setattr("question_bank.interchange.pictures.MOST_PICTURES", 1)
        album = Album({"a": png(0), "b": png(1)}.get)
        album.add("a")
        album.add("a")
        with pytest.raises(PictureMissing, match="more than 1 pictures"):
            album.add("b")
        monkeypatch.setattr("question_bank.interchange.pictures.LARGEST_PICTURE", 5)
        with pytest.raises(PictureMissing, match="larger than 5 bytes"):
            Album({"a": png()}.get).add("a")


def test_it_keeps_its_limits_in_one_place():
    assert faults.DEEPEST == 100
    assert issubclass(Unfit, ValueError)
    assert CHOICES
