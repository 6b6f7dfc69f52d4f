from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from epa.web.fields import FileBox
from tests.epa.web.fields import filled, message


def upload(name="plan.pdf", content=b"%PDF-1.7"):
    return FileStorage(BytesIO(content), filename=name)


def test_it_gives_the_file_at_its_beginning():
    field = filled(FileBox("File"), upload())
    assert field.data.read() == b"%PDF-1.7"


@pytest.mark.parametrize("nothing", [None, "", "plan.pdf", FileStorage(filename="")])
def test_it_asks_for_a_file(nothing):
    assert message(FileBox("Supporting file"), nothing) == "Choose the supporting file"


@pytest.mark.parametrize("name", ["plan.exe", "plan", "plan.pdf.exe", "pdf"])
def test_it_names_the_kinds_that_would_do(name):
    said = message(FileBox("File", endings=("pdf", "docx")), upload(name))
    assert said == "File must be a .pdf or .docx file"
    assert message(FileBox("File"), upload(name)) == "File must be a .pdf file"


def test_it_takes_endings_in_any_case():
    assert not message(FileBox("File"), upload("PLAN.PDF"))


def test_it_refuses_an_empty_file():
    said = message(FileBox("File"), upload(content=b""))
    assert said == "File is empty; choose another file"


def test_it_names_the_size_that_would_do():
    said = message(FileBox("File", most_megabytes=1), upload(content=b"x" * (1024 * 1024 + 60000)))
    assert said == "File must be 1 MB or smaller; it is 1.1 MB"


@pytest.mark.parametrize("name", ["a\0.pdf", "x" * 300 + ".pdf"])
def test_it_refuses_names_that_cannot_be_kept(name):
    said = message(FileBox("File"), upload(name))
    assert said == "File must have a shorter or plainer file name"


def test_it_lets_the_keeper_look_inside():
    def inspect(file):
        return None if file.read(4) == b"%PDF" else "The file only pretends to be a PDF"

    assert not message(FileBox("File", inspect=inspect), upload())
    said = message(FileBox("File", inspect=inspect), upload(content=b"MZ..."))
    assert said == "The file only pretends to be a PDF"
