"""Sittings of a short paper: two choices and a written answer, in whatever state."""

from datetime import timedelta

from epa.database import db
from epa.people.rules import Permission, Role
from question_bank.drawing.paper import DrawBlueprint, DrawCell
from question_bank.papers.rules import PaperPurpose
from question_bank.papers.services import draw_paper
from question_bank.sittings import queries, seats, services, writing
from question_bank.sittings.services import SittingTerms
from tests.factories.items import choice, short_answer

DEVICE = "ab" * 12
SHORT = DrawBlueprint(
    "short", (DrawCell("K9", "multiple_choice", 2), DrawCell("K10", "short_answer", 1))
)


class MakeSittings:
    """Sittings."""

    def paper_of_three(self, attempt, bank=None):
        """A live paper for an attempt's candidate, on a bank of its own if none is given."""
        epao = attempt.assessment.epao
        author = self.person(Role.ITEM_AUTHOR, organisation=epao)
        if bank is None:
            bank = self.bank(epao)
            reviewer = self.person(Role.ITEM_REVIEWER, organisation=epao)
            for _ in range(2):
                self.approved_item(bank, author, reviewer, choice(f"Which is step {self.next()}?"))
            written = short_answer(f"Why {self.next()}?", ksbs=("K10",))
            self.approved_item(bank, author, reviewer, written)
        candidate = attempt.assessment.apprenticeship.person
        live = {"seed": 7, "purpose": PaperPurpose.LIVE, "candidate": candidate}
        return draw_paper(bank, SHORT, actor=author, at=self.at, **live)

    def sitting(self, attempt=None, *, minutes=60, rest=0, closes_at=None, bank=None):
        """Issued."""
        attempt = attempt or self.attempt(self.assessment_in_epa(), "knowledge_test")
        paper = self.paper_of_three(attempt, bank)
        terms = SittingTerms(
            attempt.id, timedelta(minutes=minutes), timedelta(minutes=rest), closes_at
        )
        candidate = attempt.assessment.apprenticeship.person
        actor = self.person(Role.INVIGILATOR)
        sitting = services.open_sitting(candidate, paper, terms, actor=actor, at=self.at)
        db.session.commit()
        return sitting

    def unlocked_sitting(self, attempt=None, **more):
        """May be started."""
        sitting = self.sitting(attempt, **more)
        invigilator = self.person(Role.INVIGILATOR)
        services.check_identity(sitting, actor=invigilator, at=self.at)
        services.unlock(sitting, actor=invigilator, at=self.at)
        db.session.commit()
        return sitting

    def running_sitting(self, attempt=None, **more):
        """Started on one device."""
        sitting = self.unlocked_sitting(attempt, **more)
        writing.deliver(sitting, DEVICE, actor=sitting.candidate, at=self.at)
        db.session.commit()
        return sitting


def save(sitting, sent, *, at, device=DEVICE):
    """Save an edit as the candidate's page does: on the seat, looked at anew and locked."""
    db.session.flush()
    seat = seats.own_seat(sitting.candidate, Permission.SIT_TEST, sitting.id)
    return writing.save(seat, device, sent, at=at)


def options_of(sitting, number):
    """The names of a question's options, the right one first."""
    stored = next(one for one in queries.stored_layout(sitting) if one["number"] == number)
    right = stored["options"][stored["order"].index(1)]  # the key of `choice`
    return [right, *(one for one in stored["options"] if one != right)]
