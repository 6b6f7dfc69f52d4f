"""Files from outside: each kind taken when it is what it says, and hostile ones refused."""

import hashlib
import io
import struct
import sys
import wave
import zipfile
import zlib

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter

from epa.uploads import KINDS, UploadRefused, check_upload
from epa.uploads.kinds import ODF, OOXML

EVERY = frozenset(KINDS)
MAIN = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet"} | {
    "pptx": "presentationml.presentation"
}


def zipped(entries, first_stored=False):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (name, content) in enumerate(entries.items()):
            way = zipfile.ZIP_STORED if first_stored and not number else zipfile.ZIP_DEFLATED
            package.writestr(name, content, compress_type=way)
    return made.getvalue()


def office(extension, more=None, main=None):
    declared = f'<Types><Override ContentType="{OOXML}{main or MAIN[extension]}.main+xml"/></Types>'
    folder = {"docx": "word/document", "xlsx": "xl/workbook", "pptx": "ppt/presentation"}[extension]
    parts = {"[Content_Types].xml": declared, "_rels/.rels": "<r/>", f"{folder}.xml": "<d/>"}
    return zipped(parts | (more or {}))


def open_document(name, more=None):
    parts = {"mimetype": ODF + name, "META-INF/manifest.xml": "<m/>", "content.xml": "<c/>"}
    return zipped(parts | (more or {}), first_stored=True)


def picture(extension="jpg", size=(64, 32), mode="RGB", **more):
    made = io.BytesIO()
    Image.new(mode, size).save(made, {"jpg": "JPEG", "png": "PNG"}[extension], **more)
    return made.getvalue()


def pdf():
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(made)
    return made.getvalue()


def wav():
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 80)
    return made.getvalue()


def boxed(brand):
    return struct.pack(">I4s4sI4s", 24, b"ftyp", brand, 0, b"isom") + b"mp42" + bytes(64)


GOOD = {
    "pdf": pdf(),
    "docx": office("docx"),
    "xlsx": office("xlsx"),
    "pptx": office("pptx"),
    "odt": open_document("text"),
    "odp": open_document("presentation"),
    "ods": open_document("spreadsheet"),
    "txt": "Plain notes on Nguyễn Thị\n".encode(),
    "csv": b"name,mark\nA,1\nB,2\n",
    "jpg": picture("jpg"),
    "png": picture("png"),
    "mp3": b"ID3\x03\0\0\0\0\0\x21" + bytes(33) + b"\xff\xfb\x90\x64" + bytes(413),
    "m4a": boxed(b"M4A "),
    "wav": wav(),
    "mp4": boxed(b"mp42"),
}


def check(name, content, allowed=EVERY, max_bytes=10_000_000):
    with check_upload(name, io.BytesIO(content), allowed=allowed, max_bytes=max_bytes) as upload:
        return upload, upload.content.read()


class TestWhatIsTaken:
    @pytest.mark.parametrize("extension", sorted(KINDS))
    def test_it_takes_every_kind_that_is_what_it_says(self, extension):
        upload, content = check(f"李小龙.{extension.upper()}", GOOD[extension])
        assert upload.display_name == f"李小龙.{extension.upper()}"
        assert upload.extension == extension
        assert upload.content_type == KINDS[extension].content_type
        assert upload.size == len(content)
        assert upload.sha256 == hashlib.sha256(content).hexdigest()
        if extension not in {"jpg", "png"}:
            assert content == GOOD[extension]

    @pytest.mark.parametrize(
        "text",
        ["naïve café".encode("cp1252"), "utf-16 text".encode("utf-16"), b"\xef\xbb\xbfa,b\r\n"],
    )
    def test_it_takes_text_as_windows_writes_it(self, text):
        assert check("a.csv", text)[1] == text

    def test_it_keeps_a_large_file_on_disk_and_closes_it(self):
        upload, content = check("long.txt", b"words " * 500_000)
        assert len(content) == 3_000_000
        assert upload.content.closed


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("a.pdf", b"", "is empty"),
            ("", b"x", "has no name"),
            ("\0\u202e", b"x", "has no name"),
            ("run.exe", b"MZ", "can be: csv, docx"),
            ("page.html", b"<html>", "not a kind of file"),
            ("photo\u202egpj.exe", b"MZ", "photogpj.exe”"),
            ("pdf", GOOD["pdf"], "not a kind"),
            ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "an SVG drawing"),
            ("a.png", b"<!DOCTYPE html><html><script></script></html>", "a web page"),
            ("a.txt", b"<!DOCTYPE html><html><script></script></html>", "a web page"),
            ("a.jpg", GOOD["png"], "should be a JPEG picture by its name.*a PNG picture"),
            ("a.pdf", GOOD["docx"], "should be a PDF"),
            ("a.docx", GOOD["pdf"], "should be a Word document.*a PDF"),
            ("a.docx", GOOD["xlsx"], "should be a Word document"),
            ("a.docx", zipped({"a.txt": "x"}), "another kind of archive"),
            ("a.odt", GOOD["ods"], "should be an OpenDocument text"),
            ("a.odt", zipped({"mimetype": ODF + "text"}), "another kind of archive"),
            ("a.txt", b"a\0b", "should be plain text"),
            ("a.csv", bytes(range(256)), "should be a table"),
            ("a.csv", "odd utf-16".encode("utf-16") + b"\0", "should be a table"),
            ("a.jpg", picture("jpg", (640, 480))[:-300], "damaged or cut short"),
            ("a.png", GOOD["png"][:40], "damaged or cut short"),
            ("a.docx", GOOD["docx"][:-40], "damaged or cut short"),
            ("a.pdf", GOOD["pdf"][:-20], "cut short"),
            ("a.mp4", b"MZ" + bytes(100), "should be an MP4 video"),
        ],
    )
    def test_it_says_which_file_and_why(self, name, content, said):
        with pytest.raises(UploadRefused, match=said) as refused:
            check(name, content)
        assert refused.value.code == "upload-refused"

    def test_it_refuses_a_kind_that_this_place_does_not_take(self):
        with pytest.raises(UploadRefused, match=r"It can be: docx, pdf\."):
            check("a.png", GOOD["png"], allowed=frozenset({"pdf", "docx"}))

    def test_it_stops_reading_at_the_limit(self):
        class Endless(io.RawIOBase):
            given = 0

            def read(self, size=-1):
                self.given += size
                return b"x" * size

        stream = Endless()
        with pytest.raises(UploadRefused, match=r"“a.txt” is larger than 2 MB"):
            check_upload("a.txt", stream, allowed=EVERY, max_bytes=2 * 1024**2)
        assert stream.given < 2.2 * 1024**2

    @pytest.mark.parametrize(("most", "said"), [(10, "10 bytes"), (1536, "1.5 kB")])
    def test_it_says_the_limit_in_words(self, most, said):
        with pytest.raises(UploadRefused, match=said):
            check("a.txt", b"x" * 2000, max_bytes=most)

    def test_it_takes_a_file_of_exactly_the_limit(self):
        assert check("a.txt", b"x" * 2000, max_bytes=2000)[0].size == 2000

    def test_it_refuses_everything_when_nothing_can_be_recognised(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "magic", None)
        with pytest.raises(UploadRefused, match="libmagic"):
            check("a.pdf", GOOD["pdf"])


class TestArchives:
    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"../../evil": "x"}, "paths that no document has"),
            ({"/etc/passwd": "x"}, "paths that no document has"),
            ({"word\\..\\..\\x": "x"}, "paths that no document has"),
            ({"C:/x": "x"}, "paths that no document has"),
            ({"word/vbaProject.bin": "x"}, "holds macros"),
            ({"word/media/zeros": bytes(40_000_000)}, "would unpack to far more"),
            ({f"word/{n}": "" for n in range(5001)}, "more parts than"),
        ],
    )
    def test_it_refuses_a_dangerous_document(self, more, said):
        with pytest.raises(UploadRefused, match=said):
            check("a.docx", office("docx", more))

    def test_it_refuses_macros_in_an_open_document(self):
        with pytest.raises(UploadRefused, match="holds macros"):
            check("a.odt", open_document("text", {"Basic/Standard/Module.xml": "x"}))

    def test_it_refuses_parts_of_one_name(self):
        made = io.BytesIO(office("docx"))
        with (
            zipfile.ZipFile(made, "a") as package,
            pytest.warns(UserWarning, match="Duplicate name"),
        ):
            package.writestr("word/document.xml", "another")
        with pytest.raises(UploadRefused, match="more parts than"):
            check("a.docx", made.getvalue())

    def test_it_refuses_a_locked_document(self):
        made = bytearray(office("docx"))
        at = made.rfind(b"PK\x01\x02")
        made[at + 8] |= 1
        with pytest.raises(UploadRefused, match="locked with a password"):
            check("a.docx", bytes(made))

    def test_it_refuses_a_directory_that_claims_to_be_huge(self):
        made = bytearray(office("docx"))
        at = made.rfind(b"PK\x05\x06")
        made[at + 12 : at + 16] = struct.pack("<L", 2**31)
        with pytest.raises(UploadRefused, match="more parts than"):
            check("a.docx", bytes(made))

    def test_it_refuses_a_document_with_something_before_it(self):
        with pytest.raises(UploadRefused, match=r"a\.docx"):
            check("a.docx", b"#!/bin/sh\nexit\n" + office("docx"))


class TestPolyglots:
    def test_it_draws_a_picture_anew_so_that_nothing_hangs_on_it(self):
        hidden = zipped({"payload.html": "<script>canary</script>"})
        _, content = check("a.jpg", GOOD["jpg"] + hidden)
        assert b"PK\x03\x04" not in content
        assert not zipfile.is_zipfile(io.BytesIO(content))

    def test_it_refuses_a_pdf_with_an_archive_behind_it(self):
        with pytest.raises(UploadRefused, match="something hangs on it"):
            check(
                "a.pdf", GOOD["pdf"] + office("docx", {"x": bytes(range(256)) * 40}) + bytes(1024)
            )

    def test_it_refuses_a_pdf_with_a_page_before_it(self):
        with pytest.raises(UploadRefused, match=r"a\.pdf"):
            check("a.pdf", b"<html></html>" + GOOD["pdf"])


class TestPictures:
    def test_it_strips_place_camera_and_comments(self):
        exif = Image.Exif()
        exif[0x010F] = "canary camera"
        exif.get_ifd(0x8825)[1] = "N"
        content = picture("jpg", exif=exif, comment=b"canary comment", icc_profile=b"canary")
        assert b"canary" in content
        _, made = check("a.jpeg", content)
        assert b"canary" not in made
        with Image.open(io.BytesIO(made)) as drawn:
            assert not drawn.getexif()
            assert drawn.format == "JPEG"

    def test_it_strips_the_texts_of_a_png_and_keeps_its_transparency(self):
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", "canary")
        _, made = check("a.png", picture("png", mode="P", pnginfo=texts, transparency=0))
        assert b"canary" not in made
        with Image.open(io.BytesIO(made)) as drawn:
            assert drawn.info["transparency"] == 0

    def test_it_turns_a_picture_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        _, made = check("a.jpg", picture("jpg", (64, 32), exif=exif))
        with Image.open(io.BytesIO(made)) as drawn:
            assert drawn.size == (32, 64)

    def test_it_prints_colours_for_a_screen(self):
        _, made = check("a.jpg", picture("jpg", mode="CMYK"))
        with Image.open(io.BytesIO(made)) as drawn:
            assert drawn.mode == "RGB"

    @pytest.mark.parametrize("side", [8_000, 12_000, 40_000])
    def test_it_refuses_a_picture_that_would_fill_the_memory(self, side):
        content = bytearray(picture("png", (1, 1), mode="1"))
        at = content.index(b"IHDR")
        content[at + 4 : at + 12] = struct.pack(">II", side, side)
        content[at + 17 : at + 21] = struct.pack(">I", zlib.crc32(content[at : at + 17]))
        with pytest.raises(UploadRefused, match="60 million pixels"):
            check("a.png", bytes(content))
