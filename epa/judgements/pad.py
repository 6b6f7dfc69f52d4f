"""Judgements and notes as a mark sheet shows them, one by one: on its pages and in what saves answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import UUID

from flask import url_for

from epa.judgements.log import Judged, Noted
from epa.judgements.models import EvidenceNote
from epa.lifecycle.rules import GRADE_TITLES, Grade
from epa.web.addresses import address_of
from epa.wording.models import WordingPack
from frameworks import AssessmentPlan

NOTES: Final = "notes"
QUESTIONS: Final = "questions"


@dataclass(frozen=True)
class Pad:
    """A sheet as far as a single judgement or note on it asks, which is neither person nor day."""

    plan: AssessmentPlan
    method_code: str
    attempt_id: UUID

    @cached_property
    def source_titles(self) -> Mapping[str, str]:
        """What the sources of a note are called, by their codes."""
        return {one.code: one.title for one in self.plan.judged_method(self.method_code).sources}

    @cached_property
    def url(self) -> str:
        """Where the sheet is."""
        return address_of(f"{self.method_code}.sheet", attempt_id=self.attempt_id)

    @property
    def ksbs(self) -> tuple[str, ...]:
        """The codes of its KSBs, in the plan's order."""
        return self.plan.ksbs_of(self.method_code)

    def address(self, view: str, **values: Any) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.method_code}.{view}", attempt_id=self.attempt_id, **values)

    def place(self, place: str) -> str:
        """The address at which the sheet opens at a KSB, the notes or the questions."""
        if place in {NOTES, QUESTIONS}:
            return self.address("sheet", at=place, _anchor=place)
        return self.address("sheet", ksb=place, _anchor=f"ksb-{place}")


class Chosen(NamedTuple):
    """What stands under the choices of a KSB, as the macro ``chosen`` draws it."""

    grade: Grade | None
    grade_title: str
    chosen_at: datetime | None
    undo: Mapping[str, str] | None
    wording: str


def chosen(judged: Judged, wording: str) -> Chosen:
    """The judgement that counts.

    Args:
        judged: with the grade that stood before it.
        wording: whose words the descriptors are.
    """
    title = GRADE_TITLES[judged.grade] if judged.grade else "Not judged"
    return Chosen(judged.grade, title, judged.judged_at, _undo(judged), wording)


def _undo(judged: Judged) -> dict[str, str] | None:
    """What Undo goes back to; nothing before the first judgement."""
    if not judged.sequence:
        return None
    if judged.before is None:
        return None if judged.grade is None else {"token": "none", "title": "Not judged"}
    return {"token": judged.before.value, "title": GRADE_TITLES[judged.before]}


def whose_wording(pad: Pad, pack: WordingPack | None, code: str) -> str:
    """Whose words the descriptors of a KSB are: a pack's, or our own for the definition."""
    if pack and any(row[:2] == [code, pad.method_code] for row in pack.texts):
        return pack.name
    return f"{pad.plan.standard_reference}, version {pad.plan.version}"


class NoteRow(NamedTuple):
    """A note as the lists show it."""

    id: str
    at: datetime
    source: str
    source_title: str
    service_user: int | None
    piece: int | None
    text: str
    ksbs: Sequence[str]
    also: Sequence[str]
    versions: int
    change_url: str


def note_rows(pad: Pad, notes: Iterable[EvidenceNote | Noted], code: str = "") -> list[NoteRow]:
    """Notes as the lists show them; ``code`` is the KSB under which they stand, if they do."""
    place = f"ksb={quote(code)}" if code else f"at={NOTES}"
    # The address is the same for all of them but for which note it is.
    head = f"{pad.url}?{place}&note="
    tail = f"#ksb-{code}" if code else f"#{NOTES}"
    titles = pad.source_titles
    return [
        NoteRow(
            id=str(note.id),
            at=note.noted_at,
            source=note.source,
            source_title=titles.get(note.source, note.source),
            service_user=note.service_user,
            piece=note.piece,
            text=note.text,
            ksbs=note.ksbs,
            also=[one for one in note.ksbs if one != code],
            versions=note.version,
            change_url=f"{head}{note.id}{tail}",
        )
        for note in notes
    ]
