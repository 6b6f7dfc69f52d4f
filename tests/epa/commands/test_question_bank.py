"""plumbline questions import and export, plumbline papers draw: what they print, keep and refuse."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

import config
from epa import cli
from epa.app import create_app
from epa.database import db, unit_of_work
from epa.people.rules import Role
from question_bank.items.models import BankItem
from question_bank.papers import services as papers
from question_bank.papers.models import Paper
from tests.factories import Make
from tests.factories.items import short_answer
from tests.once import make_tables
from tests.question_bank.interchange.test_moodle_and_gift import ONE_RIGHT, question, quiz
from tests.question_bank.papers.test_services import SHORT

MIXED = quiz(
    question("multichoice", ONE_RIGHT, name="ready"),
    question("essay", "", name="draft"),
    question("truefalse", "", name="refused"),
)


@pytest.fixture
def place(own_process, tmp_path, monkeypatch, at):
    """A new installation with one bank."""
    monkeypatch.delenv("PLUMBLINE_ENV", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / "data"))
    with _app().app_context(), unit_of_work():
        make_tables(db.engine)
        bank = Make(at).bank(code="ours")
        Make(at).person(Role.ADMINISTRATOR, organisation=bank.epao, email="ruth@example.com")
    return tmp_path


def _app():
    return create_app(config.from_environment())


def counted(model=BankItem):
    with _app().app_context():
        count = db.session.scalar(select(func.count()).select_from(model))
        db.session.remove()
        db.engine.dispose()
    return count


@pytest.fixture
def run(place, capsys):
    def ran(*words):
        status = cli.main([*map(str, words)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


def test_it_stores_a_file_once_and_tells_the_same_as_a_dry_run(run, place):
    file = place / "questions.xml"
    file.write_text(MIXED, encoding="utf-8")
    looked = json.loads(run("questions", "import", file, "--dry-run", "--json")[1])
    assert counted() == 0
    status, out, err = run("questions", "import", file, "--bank", "ours", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == looked
    assert counted() == 2
    again = json.loads(run("questions", "import", file, "--json")[1])
    assert (again["accepted"], again["drafts"], again["duplicates"]) == ([], [], 2)
    assert counted() == 2


def test_it_stores_nothing_of_a_file_that_breaks_off(run, place):
    file = place / "questions.xml"
    file.write_text(MIXED.replace("</quiz>", ""), encoding="utf-8")
    status, _out, err = run("questions", "import", file, "--bank", "ours")
    assert status == 2
    assert "questions.xml" in err
    assert counted() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("questions", "import", "x.xml", "--bank", "theirs"),
            "expected the code of a bank (ours)",
        ),
        (("questions", "import", "x.xml", "--as", "no@example.org"), "nobody here has"),
        (("questions", "export", "x", "--format", "csv", "--bank", "no"), "the code of a bank"),
        (
            ("papers", "draw", "--bank", "ours", "--blueprint", "other", "--seed", "1"),
            "expected one of st0663",
        ),
        (
            ("papers", "draw", "--blueprint", "st0663", "--seed", "1", "--exclude-seen", "1"),
            "no apprentice has this ULN",
        ),
        (("papers", "draw", "--blueprint", "st0663", "--seed", "1"), "1 of 1 lacking; 0 ready"),
    ],
)
def test_it_says_what_was_expected(run, place, words, said, monkeypatch):
    monkeypatch.chdir(place)
    Path("x.xml").write_text(MIXED, encoding="utf-8")
    status, _out, err = run(*words)
    assert status == 2
    assert said in err
    assert counted() == 0


def test_it_writes_a_bank_that_another_import_knows(run, place):
    file, out = place / "questions.xml", place / "out.zip"
    file.write_text(MIXED, encoding="utf-8")
    run("questions", "import", file)
    status, said, err = run("questions", "export", "--bank", "ours", "--format", "qti3", out)
    assert (status, err) == (0, "")
    assert "2 questions written" in said
    again = json.loads(run("questions", "import", out, "--json")[1])
    assert (again["read"], again["duplicates"]) == (2, 2)
    status, _said, err = run("questions", "export", "--format", "qti3", out)
    assert status == 2
    assert "a new file was expected" in err


def test_it_draws_the_same_paper_from_the_same_seed_and_keeps_nothing(run, place, at):
    with _app().app_context(), unit_of_work():
        make = Make(at)
        make.count = 100
        bank = make.bank(code="theirs")
        people = [
            make.person(role, organisation=bank.epao)
            for role in (Role.ITEM_AUTHOR, Role.ITEM_REVIEWER)
        ]
        for _ in range(4):
            make.approved_item(bank, *people)
        for number in range(2):
            content = short_answer(f"Why {number}?", ksbs=("K10",))
            make.approved_item(bank, *people, content)
        papers.keep_blueprint(bank, SHORT, actor=people[0], at=at)
        for item in db.session.scalars(select(BankItem)):
            item.review_due_on = item.review_due_on.replace(year=2100)
        db.session.commit()
        db.session.remove()
    words = ("papers", "draw", "--bank", "theirs", "--blueprint", "short", "--seed", "7", "--json")
    first, second = (json.loads(run(*words)[1]) for _ in range(2))
    assert first == second
    assert first["seed"] == 7
    assert [one["type"] for one in first["items"]] == [
        "multiple_choice",
        "multiple_choice",
        "short_answer",
    ]
    assert sorted(first["items"][0]["options"]) == [0, 1, 2, 3]
    assert first["predicted_mark"] == pytest.approx(0.7 * 2 + 0.6 * 2)
    assert "Predicted mark 2.6" in run(*words[:-1])[1]
    assert counted(Paper) == 0
