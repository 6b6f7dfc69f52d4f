"""Banks and items in every state."""

from epa.database import db
from question_bank.interchange.item import Item, Option
from question_bank.items import reviewing, services
from question_bank.items.rules import ItemKind


def choice(stem="Which of these is the first step?", **more):
    """A multiple choice question that needs nothing more."""
    said = {
        "reference": "",
        "title": "",
        "type_code": "multiple_choice",
        "stem": stem,
        "options": tuple(Option(f"Answer {one}", f"Because of {one}") for one in "1234"),
        "key": 1,
        "marks": 1,
        "ksbs": ("K9",),
        "facility": 0.7,
    }
    return Item(**{**said, **more})


def short_answer(stem="What would you do, and why?", **more):
    """A short answer question that needs nothing more."""
    said = {
        "reference": "",
        "title": "",
        "type_code": "short_answer",
        "stem": stem,
        "guide": ("Asks the person", "Gives a reason"),
        "marks": 2,
        "model_answer": "Ask the person, because it is their goal.",
        "ksbs": ("K9",),
        "facility": 0.6,
    }
    return Item(**{**said, **more})


def prompt(stem="What made you choose this way?", **more):
    """An observation prompt that needs nothing more."""
    said = {
        "reference": "",
        "title": "",
        "type_code": "observation_prompt",
        "stem": stem,
        "guide": ("Names the need it met",),
        "ksbs": ("S10",),
    }
    return Item(**{**said, **more})


class MakeItems:
    """Banks and items in every state."""

    def bank(self, epao=None, code=None):
        epao = epao or self.organisation()
        bank = services.open_bank(
            epao,
            code=code or f"bank-{self.next()}",
            title="Employability practice",
            framework_code="st0663",
            actor=self.person(),
            at=self.at,
        )
        db.session.commit()
        return bank

    def item(self, bank, author, content=None, **more):
        """A draft."""
        content = content or choice(f"Which is step {self.next()}?")
        kind = ItemKind(content.type_code)
        item = services.draft_item(bank, kind, content, actor=author, at=self.at, **more)
        db.session.commit()
        return item

    def item_in_review(self, bank, author, content=None):
        item = self.item(bank, author, content)
        reviewing.submit_item(item, actor=author, at=self.at)
        db.session.commit()
        return item

    def approved_item(self, bank, author, reviewer, content=None):
        item = self.item_in_review(bank, author, content)
        reviewing.approve_item(item, actor=reviewer, at=self.at)
        db.session.commit()
        return item
