"""A table of marked answers to one paper: every cell that cannot be an answer is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final, NamedTuple
from uuid import UUID

from question_bank.responses.rules import Answer, MarkedScript

MAXIMUM_ROW: Final = "max"
TOTAL_COLUMN: Final = "total"
MOST_ROWS: Final = 5_000
MOST_FAULTS: Final = 100
LONGEST_CANDIDATE: Final = 100
_SHOWN: Final = 50  # characters of a cell at fault
_NUMBERED: Final = re.compile(r"(?:(?:question|q)\s*)?0*(\d{1,4})", re.ASCII | re.IGNORECASE)
_MARK: Final = re.compile(r"(\d{1,4})(?:\.0+)?", re.ASCII)

Rows = Iterable[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Asked:
    """A question as it stands on a paper.

    Attributes:
        number: its place, from 1.
        reference: the item's.
        version_id: the version's.
        marks: what an answer may be given, such as 0, 1 and 2.
        order: for each place on the paper, which option of the item stands there, from 0.
        key: which option of the item is right; None for an open question.
    """

    number: int
    reference: str
    version_id: UUID
    marks: tuple[int, ...]
    order: tuple[int, ...] = ()
    key: int | None = None


class Fault(NamedTuple):
    """What is wrong in a table: the row (the header is 1), the column, and what was expected."""

    row: int
    column: str
    problem: str


@dataclass(frozen=True)
class Reading:
    """What a table says: candidates' answers, or the faults of it."""

    scripts: tuple[MarkedScript, ...]
    faults: tuple[Fault, ...]


def read_answers(rows: Rows, questions: Sequence[Asked], formulas: Mapping[int, str]) -> Reading:
    """Read a table with a header, a row a candidate and a column a question.

    The first column names the candidate. The others are headed by the question's number on the
    paper, such as 7 or Q7, or by the item's reference. A cell holds the mark, or, for a question
    with options, the letter that was chosen; an empty one is no answer and counts 0. A row named
    `max` and a column named `total` may be there and must agree with the paper.

    Args:
        rows: numbered as in the file, cells as texts.
        questions: the paper's, in its order.
        formulas: the first cell with a formula of each row that has one; filled while rows come.
    """
    return _Reader(questions, formulas).read(rows)


class _Reader:
    """One table under way: its columns, and the faults found so far."""

    def __init__(self, questions: Sequence[Asked], formulas: Mapping[int, str]) -> None:
        self.questions, self.formulas = questions, formulas
        self.faults: list[Fault] = []
        self.columns: dict[int, Asked] = {}
        self.total: int | None = None
        self.first: dict[str, int] = {}

    def read(self, rows: Rows) -> Reading:
        filled = ((number, row) for number, row in rows if any(cell.strip() for cell in row))
        number, head = next(filled, (1, ()))
        self._head(number, head)
        scripts: list[MarkedScript] = []
        if not self.faults:
            scripts = list(self._scripts(filled))
        if not scripts and not self.faults:
            self._fault(number + 1, "", "a row for each candidate was expected; there is none")
        return Reading(tuple(scripts), tuple(_limited(self.faults)))

    def _fault(self, row: int, column: str, problem: str) -> None:
        self.faults.append(Fault(row, column, problem))

    def _head(self, row: int, head: Sequence[str]) -> None:
        by_number = {str(one.number): one for one in self.questions}
        by_reference = {one.reference.casefold(): one for one in self.questions}
        for place, cell in enumerate(head[1:], start=1):
            title = cell.strip()
            numbered = _NUMBERED.fullmatch(title)
            found = by_reference.get(title.casefold()) or by_number.get(
                numbered[1] if numbered else ""
            )
            if found is not None:
                self.columns[place] = found
            elif title.casefold() == TOTAL_COLUMN:
                self.total = place
            elif title:
                self._fault(row, title[:_SHOWN], "is no question of this paper")
        counted = Counter(one.number for one in self.columns.values())
        for one in self.questions:
            if counted[one.number] != 1:
                problem = "has no column" if not counted[one.number] else "has two columns"
                self._fault(row, f"question {one.number}", problem)

    def _scripts(self, rows: Rows) -> Iterator[MarkedScript]:
        for count, (number, cells) in enumerate(rows):
            if count > MOST_ROWS:
                self._fault(number, "", f"a file has at most {MOST_ROWS:,} candidates")
                return
            if number in self.formulas:
                self._fault(number, self.formulas[number], "holds a formula; put its value there")
                continue
            name = cells[0].strip()
            if name.casefold() == MAXIMUM_ROW and not count:
                self._check_maxima(number, cells)
            elif self._is_candidate(number, name):
                yield MarkedScript(name, tuple(self._answers(number, cells)))

    def _is_candidate(self, row: int, name: str) -> bool:
        problem = ""
        if not name:
            problem = "the candidate's number was expected"
        elif len(name) > LONGEST_CANDIDATE or not name.isprintable():
            problem = f"at most {LONGEST_CANDIDATE} plain characters were expected"
        elif name in self.first:
            problem = f"this candidate stands in row {self.first[name]} already"
        if problem:
            self._fault(row, "candidate", problem)
            return False
        self.first[name] = row
        return True

    def _check_maxima(self, row: int, cells: Sequence[str]) -> None:
        for place, question in self.columns.items():
            said = _cell(cells, place)
            if said and said != str(max(question.marks)):
                problem = f"the paper gives {max(question.marks)}; it says {said[:_SHOWN]!r}"
                self._fault(row, f"question {question.number}", problem)

    def _answers(self, row: int, cells: Sequence[str]) -> Iterator[Answer]:
        found = {
            question.number: self._answer(row, question, _cell(cells, place))
            for place, question in self.columns.items()
        }
        said = "" if self.total is None else _cell(cells, self.total)
        total = sum(one.mark for one in found.values())
        if said and (not _MARK.fullmatch(said) or int(float(said)) != total):
            self._fault(row, TOTAL_COLUMN, f"the marks come to {total}; it says {said[:_SHOWN]!r}")
        for question in self.questions:
            yield found[question.number]

    def _answer(self, row: int, question: Asked, said: str) -> Answer:
        if not said:
            return Answer(question.version_id, 0)
        place = ascii_uppercase.find(said.upper()) if len(said) == 1 else -1
        if 0 <= place < len(question.order):
            chosen = question.order[place]
            mark = max(question.marks) if chosen == question.key else 0
            return Answer(question.version_id, mark, chosen)
        mark_found = _MARK.fullmatch(said)
        if mark_found and int(mark_found[1]) in question.marks:
            return Answer(question.version_id, int(mark_found[1]))
        self._fault(
            row, f"question {question.number}", f"{_expected(question)}; it says {said[:_SHOWN]!r}"
        )
        return Answer(question.version_id, 0)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _expected(question: Asked) -> str:
    marks = " or ".join(map(str, question.marks))
    if not question.order:
        return f"{marks} was expected"
    return f"a letter from A to {ascii_uppercase[len(question.order) - 1]}, {marks} was expected"


def _limited(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    return [*faults[:MOST_FAULTS], Fault(faults[MOST_FAULTS].row, "", "and more from here on")]
