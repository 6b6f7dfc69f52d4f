"""Handed-in tests whose written answers people mark, by a plan as short as their paper."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import frameworks
from epa.database import db
from epa.lifecycle import definitions
from epa.people.rules import Role
from epa.settings import services as settings
from question_bank.drawing.paper import DrawBlueprint, DrawCell
from question_bank.items import queries as items
from question_bank.items import reviewing
from question_bank.items import services as services_of_items
from question_bank.marking import services
from question_bank.papers.rules import PaperPurpose
from question_bank.papers.services import draw_paper
from question_bank.sittings import finishing, writing
from question_bank.sittings import services as sittings
from question_bank.sittings.services import SittingTerms
from question_bank.sittings.writing import EditSent
from tests.factories.items import choice, short_answer
from tests.factories.sittings import DEVICE, options_of, save

SHORT = DrawBlueprint(
    "short", (DrawCell("K9", "multiple_choice", 2), DrawCell("K10", "short_answer", 1))
)
_PLAN = Path(frameworks.__file__).parent / "definitions" / "st0663" / "2022.1.toml"
_SHORTER = (
    (r'^version = ".*"', 'version = "2090.1"'),
    (r"^question_count = 40", "question_count = 3"),
    (r"^marks_max = 66", "marks_max = 4"),
    (r"count = 14, ", "count = 2, "),
    (r"count = 26, ", "count = 1, "),
    (r"lowest = 0, highest = 45", "lowest = 0, highest = 1"),
    (r"lowest = 46, highest = 52", "lowest = 2, highest = 3"),
    (r"lowest = 53, highest = 66", "lowest = 4, highest = 4"),
)


def keep_short_plan(folder):
    """A version of the plan for a test of two choices and one written answer, in its own folder."""
    text = _PLAN.read_text()
    for pattern, words in _SHORTER:
        text, count = re.subn(pattern, words, text, flags=re.MULTILINE)
        assert count == 1, pattern
    kept = folder / "st0663" / "2090.1.toml"
    kept.parent.mkdir(parents=True)
    kept.write_text(text)
    shutil.copy(_PLAN, kept.parent)
    definitions.use_folder(folder)


def forget_short_plan():
    """What was read of it; whoever kept it puts the folder of before back."""
    definitions._load.cache_clear()
    definitions._load_any.cache_clear()


class MakeMarking:
    """Tests that are handed in."""

    def marking_numbers(self, **numbers):
        """How much is marked twice; what is not named stays as little as may be."""
        wanted = {
            "second_marks_percent": 10,
            "new_marker_marks": 0,
            "new_question_marks": 0,
            "near_boundary_marks": 1,
        }
        change = wanted | numbers
        seen = settings.queries.last_version(change)
        settings.change(change, seen=seen, actor=self.person(Role.ADMINISTRATOR), at=self.at)
        db.session.commit()

    def test_bank(self, epao=None):
        """A bank with two choices and a written question, enough for any number of papers."""
        bank = self.bank(epao)
        author = self.person(Role.ITEM_AUTHOR, organisation=bank.epao)
        reviewer = self.person(Role.ITEM_REVIEWER, organisation=bank.epao)
        for _ in range(2):
            self.approved_item(bank, author, reviewer, choice(f"Which is step {self.next()}?"))
        self.approved_item(bank, author, reviewer, short_answer("Why ask?", ksbs=("K10",)))
        return bank

    def handed_in(self, bank, words, *, right=0, attempt=None):
        """A test with so many right choices and a written answer, in the markers' hands."""
        attempt = attempt or self.attempt(self.assessment_in_epa(epao=bank.epao), "knowledge_test")
        person = attempt.assessment.apprenticeship.person
        actor = self.person(Role.INVIGILATOR, organisation=bank.epao)
        about = {"actor": actor, "at": self.at}
        live = {"seed": self.next(), "purpose": PaperPurpose.LIVE, "candidate": person}
        paper = draw_paper(bank, SHORT, **live, **about)
        terms = SittingTerms(attempt.id, timedelta(minutes=60))
        sitting = sittings.open_sitting(person, paper, terms, **about)
        sittings.check_identity(sitting, **about)
        sittings.unlock(sitting, **about)
        writing.deliver(sitting, DEVICE, actor=person, at=self.at)
        said = {number: options_of(sitting, number)[0] for number in range(1, right + 1)}
        for place, (number, value) in enumerate((said | {3: words}).items(), start=1):
            save(sitting, EditSent(number, place, value, self.at), at=self.at)
        finishing.hand_in(sitting, DEVICE, actor=person, at=self.at)
        finishing.mark_choices(sitting, at=self.at)
        paper = services.take_in(sitting, at=self.at)
        db.session.commit()
        return paper

    def corrected(self, version, **changed):
        """A later approved version of a question that asks the same, with another key or guide."""
        item, epao = version.item, version.item.bank.epao
        author = self.person(Role.ITEM_AUTHOR, organisation=epao)
        reviewer = self.person(Role.ITEM_REVIEWER, organisation=epao)
        content = replace(items.content_of(version), **changed)
        seen = items.newest(item).lock_version
        services_of_items.edit_item(item, content, seen=seen, actor=author, at=self.at)
        reviewing.submit_item(item, actor=author, at=self.at)
        reviewing.approve_item(item, actor=reviewer, at=self.at)
        db.session.commit()
        return items.approved(item)
