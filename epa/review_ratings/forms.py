"""What is typed of the criteria of one section: a level or a figure for each, and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from wtforms.fields import HiddenField

from epa.review_ratings.models import CriterionRating
from epa.review_ratings.queries import Listed
from epa.review_ratings.rules import MOST_DECIMALS
from epa.review_ratings.services import Given, field_of
from epa.reviews.rules import LONGEST_WORDS
from epa.web.fields import Choice, ChoiceField, DecimalNumber, TextBox, Tick, WholeNumber
from epa.web.warned import WarnedForm
from epa.wording.queries import Wording
from frameworks import QualityFramework, WeightedFidelity
from frameworks.quality_framework import QualityCriterion
from frameworks.step_table import Measure

_MOST_CLIENTS: Final = 1_000_000


class SectionForm(WarnedForm):
    """What is said of the criteria of one section; a criterion may stay open."""

    framework: QualityFramework
    criteria: tuple[QualityCriterion, ...] = ()

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """The words in which a client may be named."""
        return {
            f"words_{field_of(one.code)}": (
                f"what is said of {one.code}",
                self[f"words_{field_of(one.code)}"].data or "",
            )
            for one in self.criteria
        }

    def see(self, newest: Mapping[str, CriterionRating]) -> None:
        """Carry what stands on record now, so that sending again is a choice made knowingly."""
        for one in self.criteria:
            row = newest.get(one.code)
            self[f"seen_{field_of(one.code)}"].data = str(row.id) if row else ""

    @property
    def given(self) -> list[Given]:
        """What was typed of each criterion; only of a form that is valid."""
        return [self._given(one) for one in self.criteria]

    def _given(self, criterion: QualityCriterion) -> Given:
        place = field_of(criterion.code)

        def answer(name: str) -> Any:
            field = f"{name}_{place}"
            return self[field].data if field in self else None

        return Given(
            code=criterion.code,
            seen=answer("seen") or "",
            level=answer("level"),
            value=answer("value"),
            counted=answer("counted"),
            counted_of=answer("of"),
            has_nothing=bool(answer("nothing")),
            words=answer("words") or "",
        )


def section_form(
    framework: QualityFramework,
    wording: Wording,
    codes: Iterable[str],
    newest: Mapping[str, CriterionRating],
    words_label: str,
    listed: Mapping[str, Listed],
) -> SectionForm:
    """The form of some criteria, with what stands on record; else what a list of clients gives.

    Args:
        framework: says which criteria there are, and their scale.
        wording: the texts of their levels.
        codes: the criteria, in order.
        newest: the side's newest rating by code.
        words_label: what the box for words is called.
        listed: the figures of the provider's list of clients by code.
    """
    criteria = tuple(framework.criterion(code) for code in codes)
    fields: dict[str, Any] = {}
    for one in criteria:
        found = cast("QualityCriterion", one)
        fields |= _fields_of(framework, found, wording.levels(one.code), words_label)
    kind = type("OneSectionForm", (SectionForm,), fields)
    proposed = {code: one for code, one in listed.items() if code not in newest}
    form = cast("SectionForm", kind(data=_from_list(proposed) | _on_record(newest)))
    form.framework, form.criteria = framework, cast("tuple[QualityCriterion, ...]", criteria)
    if not form.is_submitted():
        form.see(newest)
    return form


def _fields_of(
    framework: QualityFramework,
    criterion: QualityCriterion,
    levels: Mapping[str, str],
    words_label: str,
) -> dict[str, Any]:
    place, code = field_of(criterion.code), criterion.code
    measure = _measure_of(framework, code)
    rated = (
        _figure_fields(place, code, measure)
        if measure
        else {
            f"level_{place}": ChoiceField(
                f"Rating ({code})",
                called=f"The rating of {code}",
                optional=True,
                choices=[
                    Choice(level.code, level.title, levels.get(level.code, ""))
                    for level in framework.scale
                ],
            )
        }
    )
    return {
        **rated,
        f"words_{place}": TextBox(
            f"{words_label} ({code})",
            called=f"{words_label} of {code}",
            optional=True,
            rows=2,
            most_letters=LONGEST_WORDS,
        ),
        f"seen_{place}": HiddenField(),
    }


def _measure_of(framework: QualityFramework, code: str) -> Measure | None:
    return framework.measures.get(code) if isinstance(framework, WeightedFidelity) else None


def _figure_fields(place: str, code: str, measure: Measure) -> dict[str, Any]:
    return {
        f"value_{place}": DecimalNumber(
            f"{code}: figure",
            called=f"The figure of {code}",
            optional=True,
            least=int(measure.lowest),
            most=int(measure.highest),
            places=MOST_DECIMALS,
            unit=measure.unit,
        ),
        f"counted_{place}": WholeNumber(
            f"{code}: counted",
            called=f"The number counted for {code}",
            optional=True,
            most=_MOST_CLIENTS,
        ),
        f"of_{place}": WholeNumber(
            f"{code}: of how many",
            called=f"Of how many for {code}",
            optional=True,
            most=_MOST_CLIENTS,
        ),
        f"nothing_{place}": Tick(f"{code}: there was nothing to count"),
    }


def _on_record(newest: Mapping[str, CriterionRating]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for code, row in newest.items():
        place = field_of(code)
        data |= {
            f"level_{place}": row.level,
            f"value_{place}": row.value,
            f"counted_{place}": row.counted,
            f"of_{place}": row.counted_of,
            f"nothing_{place}": row.has_nothing,
            f"words_{place}": row.words,
        }
    return data


def _from_list(listed: Mapping[str, Listed]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for code, one in listed.items():
        if one.value is not None:
            place = field_of(code)
            data |= {
                f"value_{place}": one.value,
                f"counted_{place}": one.counted,
                f"of_{place}": one.of,
            }
    return data
