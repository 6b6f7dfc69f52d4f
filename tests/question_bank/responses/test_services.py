from dataclasses import replace

import pytest
from sqlalchemy import func, select

from epa.audit.models import AuditEntry
from epa.clock import london_date
from epa.errors import RuleBroken
from epa.people.rules import Role
from question_bank.drawing.paper import DrawBlueprint, DrawCell
from question_bank.items import reviewing
from question_bank.items import services as writing
from question_bank.papers import queries as papers
from question_bank.papers import services as drawing
from question_bank.papers.models import ItemMeasure
from question_bank.papers.rules import PaperPurpose
from question_bank.responses import queries, services
from question_bank.responses.models import Script, ScriptMark
from question_bank.responses.rules import Answer, MarkedScript, ScriptSource
from tests.factories.items import choice, short_answer

CELLS = (DrawCell("K9", "multiple_choice", 1), DrawCell("K10", "short_answer", 1))


@pytest.fixture
def bank(make):
    return make.bank()


@pytest.fixture
def office(make, bank):
    return make.person(Role.ADMINISTRATOR, organisation=bank.epao)


@pytest.fixture
def author(make, bank):
    return make.person(Role.ITEM_AUTHOR, organisation=bank.epao)


@pytest.fixture
def reviewer(make, bank):
    return make.person(Role.ITEM_REVIEWER, organisation=bank.epao)


@pytest.fixture
def ready(make, bank, author, reviewer):
    """The two items of the paper: a choice with its key at 1, and a short answer."""
    return [
        make.approved_item(bank, author, reviewer, content)
        for content in (choice(), short_answer(ksbs=("K10",)))
    ]


@pytest.fixture
def draw(bank, office, at, ready):
    def drawn(purpose=PaperPurpose.LIVE):
        blueprint = DrawBlueprint("short", CELLS)
        return drawing.draw_paper(bank, blueprint, seed=7, purpose=purpose, actor=office, at=at)

    return drawn


@pytest.fixture
def keep(office, at):
    def kept(paper, marks, **more):
        """Keep scripts from rows of candidate, option chosen and mark of the short answer."""
        first, second = queries.asked_on(paper)
        scripts = [
            MarkedScript(
                name,
                (
                    Answer(first.version_id, int(chosen == first.key), chosen),
                    Answer(second.version_id, mark),
                ),
            )
            for name, chosen, mark in marks
        ]
        more = {"source": ScriptSource.FILE, "actor": office, "at": at} | more
        return services.keep_scripts(paper, scripts, **more)

    return kept


def many(n, right=0.75):
    """Candidates of whom the first ones are right and strong."""
    return [(f"C{k}", 1 if k < n * right else k % 4, 2 if k < n / 2 else 1) for k in range(n)]


def test_answers_are_kept_once_and_measured(draw, keep, ready, bank, at, session):
    paper = draw()
    assert keep(paper, many(24)) == 24
    assert keep(paper, many(24)) == 0
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(ScriptMark)) == 48
    measured = {one.version.item_id: one for one in session.scalars(queries.measured(bank))}
    first = measured[ready[0].id]
    assert (first.n, first.facility) == (24, 19 / 24)
    assert measured[ready[1].id].facility == 36 / 48
    # From twenty answers on, the draw believes them instead of the setter.
    pool = {one.reference: one for one in papers.pool_items(bank, london_date(at))}
    item = pool[ready[0].reference]
    assert (item.is_measured, item.predicted_mark) == (True, 19 / 24)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "answers kept")).first()
    assert entry.details == {"source": "file", "paper": 1, "kept": 24, "changed": 0}


def test_a_correction_stands_beside_what_it_corrects_and_has_a_reason(draw, keep, session):
    paper = draw()
    keep(paper, [("C1", 0, 1), ("C2", 1, 1)])
    with pytest.raises(RuleBroken, match="Say why"):
        keep(paper, [("C1", 1, 1), ("C2", 1, 1)])
    assert keep(paper, [("C1", 1, 1), ("C2", 1, 1)], reason="Read wrongly.") == 1
    rows = session.scalars(select(Script).order_by(Script.candidate, Script.revision)).all()
    assert [(one.candidate, one.revision, one.total, one.reason) for one in rows] == [
        ("C1", 1, 1, ""),
        ("C1", 2, 2, "Read wrongly."),
        ("C2", 1, 2, ""),
    ]
    figures = queries.paper_figures(paper)
    assert (figures.n, figures.measures.mean) == (2, 2)


def test_what_is_left_out_counts_nowhere_and_may_come_back(draw, keep, office, at, bank, session):
    paper = draw()
    keep(paper, many(24))
    with pytest.raises(RuleBroken, match="Say why"):
        services.leave_out(paper, "C1", "", actor=office, at=at)
    with pytest.raises(RuleBroken, match="Nobody of this reference"):
        services.leave_out(paper, "X", "Wrong.", actor=office, at=at)
    assert services.leave_out(paper, "C1", "Malpractice.", actor=office, at=at) == 1
    assert queries.paper_figures(paper).n == 23
    assert services.leave_out(paper, "", "Another paper’s.", actor=office, at=at) == 23
    assert queries.paper_figures(paper).n == 0
    assert session.scalars(queries.measured(bank)).all() == []
    assert keep(paper, many(24)) == 24
    assert queries.paper_figures(paper).n == 24


def test_practice_says_nothing_of_a_question(draw, keep, bank, session):
    paper = draw(PaperPurpose.PRACTICE)
    keep(paper, many(24))
    assert queries.paper_figures(paper).n == 24
    assert session.scalars(queries.measured(bank)).all() == []
    assert list(queries.tests_of(bank)) == []


def test_answers_to_another_paper_and_marks_it_does_not_give_are_refused(draw, keep, office, at):
    paper = draw()
    first, second = queries.asked_on(paper)
    good = (Answer(first.version_id, 1, 1), Answer(second.version_id, 2))
    for wrong, said in (
        (good[:1], "not to the questions"),
        ((good[0], good[0]), "not to the questions"),
        ((good[0], replace(good[1], mark=3)), "such a mark"),
    ):
        with pytest.raises(RuleBroken, match=said):
            services.keep_scripts(
                paper,
                [MarkedScript("C1", wrong)],
                source=ScriptSource.SITTING,
                actor=None,
                at=at,
            )


@pytest.fixture
def revise(author, reviewer, at, session):
    def revised(item):
        """Approve another version of the choice."""
        content, seen = choice("Which is first by far?"), item.versions[-1].lock_version
        writing.edit_item(item, content, seen=seen, actor=author, at=at)
        reviewing.submit_item(item, actor=author, at=at)
        reviewing.approve_item(item, actor=reviewer, at=at)
        session.expire_all()

    return revised


def test_versions_are_measured_apart_and_their_change_is_said(draw, keep, ready, revise, session):
    item = ready[0]
    keep(draw(), many(40, 0.9))
    revise(item)
    keep(draw(), many(40, 0.2))
    session.expire_all()
    older, newer = queries.version_figures(item)
    assert (older.figures.measures.n, newer.figures.measures.n) == (40, 40)
    assert older.drift is None
    assert newer.drift.is_certain
    assert newer.drift.change < 0
    assert queries.uses_of(item) == 2


def test_papers_of_a_blueprint_are_one_test(draw, keep, bank):
    keep(draw(), many(24))
    keep(draw(), [("C1", 1, 2), ("C2", 0, 0)])
    (test,) = queries.tests_of(bank)
    assert (test.name, test.papers, test.figures.n) == ("short", 2, 26)
    assert test.figures.grades == ()


def test_a_file_waits_until_it_is_stored_once(draw, office, at, session):
    paper = draw()
    first, second = queries.asked_on(paper)
    answers = (Answer(first.version_id, 1, 1), Answer(second.version_id, 2))
    script = MarkedScript("C1", answers)
    file = services.keep_file(paper, [script], name="marks.csv", actor=office, at=at)
    session.expire_all()
    assert queries.scripts_in(file) == [script]
    assert queries.paper_figures(paper).n == 0
    assert services.store_file(file, "", actor=office, at=at) == 1
    assert (queries.paper_figures(paper).n, file.rows) == (1, [])
    with pytest.raises(RuleBroken, match="stored already"):
        services.store_file(file, "", actor=office, at=at)
    assert session.scalar(select(func.count()).select_from(ItemMeasure)) == 2
