"""One QTI item, of any version from 2.1 to 3.0, read into an item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is safe_xml's

from question_bank.interchange.faults import Unfit
from question_bank.interchange.item import (
    MULTIPLE_CHOICE,
    SHORT_ANSWER,
    Draft,
    Item,
    Option,
    number_from,
)
from question_bank.interchange.markup import GUIDE_CLASS, VOID, points, shows
from question_bank.interchange.outcome import Read
from question_bank.interchange.pictures import Fetch
from question_bank.interchange.qti_tree import (
    children,
    first,
    is_transparent,
    text_of,
    words_of,
)

ANSWER_CLASS: Final = "plumbline-model-answer"

_CHOICE: Final = "choiceInteraction"
_OPEN: Final = frozenset({"extendedTextInteraction", "textEntryInteraction"})
_BLANK: Final = "______"
_TEMPLATED: Final = frozenset({"templateDeclaration", "templateProcessing", "printedVariable"})
# What never belongs to the question as the candidate reads it.
_ASIDE: Final = frozenset(
    {"feedbackBlock", "feedbackInline", "modalFeedback", "rubricBlock", "stylesheet"}
    | {"mediaInteraction", "endAttemptInteraction"}
)
# Interactions that ask nothing: they stand beside the one that does.
_FILM: Final = "mediaInteraction"
_BUTTON: Final = "endAttemptInteraction"
_PART_MISSING: Final = "an included part is not in the file"


def read_item(
    root: Element,
    labels: Iterable[str] = (),
    fetch: Fetch | None = None,
    stimulus: Sequence[Element] = (),
) -> Read:
    """Read an item whose names are in one dialect (see `qti_tree`).

    Args:
        root: the assessment item.
        labels: tags from the package's description of it.
        fetch: gives the bytes of a picture inside the package.
        stimulus: the bodies of the texts it refers to.

    Raises:
        Unfit: it is of a kind that is not supported.
    """
    return _Reader(root, fetch).read(labels, stimulus)


class _Reader:
    def __init__(self, root: Element, fetch: Fetch | None) -> None:
        self.root = root
        self.draft = Draft(fetch)
        self.body = _body(root)
        self.interaction = _interaction(self.body)
        if first(self.body, _FILM) is not None:
            self.draft.lost.append("a film or recording could not be taken over")
        if first(self.body, _BUTTON) is not None:
            self.draft.notes.append("a button, for hints or another try, was left out")

    def read(self, labels: Iterable[str], stimulus: Sequence[Element]) -> Read:
        is_choice = self.interaction.tag == _CHOICE
        declaration = self._declaration()
        key = self._key(declaration) if is_choice else None
        raw = Item(
            reference=self.root.get("identifier", ""),
            title=self.root.get("title", ""),
            type_code=MULTIPLE_CHOICE if is_choice else SHORT_ANSWER,
            stem=self._stem(stimulus),
            options=tuple(self._options()) if is_choice else (),
            key=key,
            marks=self._marks(declaration, is_choice=is_choice),
            guide=() if is_choice else tuple(self._guide(declaration)),
            model_answer=self._model_answer(declaration, is_choice=is_choice),
            keep_order=self._keeps_order() if is_choice else False,
        )
        item = self.draft.item(raw, labels)
        return Read(item, tuple(self.draft.lost), tuple(self.draft.notes))

    def _stem(self, stimulus: Sequence[Element]) -> str:
        if any(one.tag == "include" for one in self.body.iter()):
            self.draft.lost.append(_PART_MISSING)
        prompt = "".join(_inner(one) for one in children(self.interaction, "prompt"))
        is_inline = self.interaction.tag == "textEntryInteraction"
        place = f" {_BLANK} " if is_inline else ""
        body = _inner(self.body, self.interaction, place)
        texts = [_inner(one) for one in stimulus] + ([body] if shows(body) else [])
        if not texts:
            return self.draft.markup(prompt)
        if prompt:
            texts.append(f"<div>{prompt}</div>")
        return self.draft.markup(" ".join(texts))

    def _declaration(self) -> Element | None:
        wanted = self.interaction.get("responseIdentifier")
        return next(
            (
                one
                for one in children(self.root, "responseDeclaration")
                if one.get("identifier") == wanted
            ),
            None,
        )

    def _choices(self) -> list[Element]:
        return list(self.interaction.iter("simpleChoice"))

    def _options(self) -> Iterator[Option]:
        modal = list(children(self.root, "modalFeedback"))
        for choice in self._choices():
            identifier = choice.get("identifier", "")
            inside = [*choice.iter("feedbackInline"), *choice.iter("feedbackBlock")]
            outside = [
                one
                for one in modal
                if one.get("identifier") == identifier and one.get("showHide", "show") == "show"
            ]
            said = " ".join(_inner(one) for one in (*inside, *outside))
            yield Option(self.draft.markup(_inner(choice)), self.draft.markup(said))
        identifiers = {choice.get("identifier") for choice in self._choices()}
        if any(one.get("identifier") not in identifiers for one in modal):
            self.draft.notes.append("its general feedback was left out")

    def _keeps_order(self) -> bool:
        fixed = any(choice.get("fixed") == "true" for choice in self._choices())
        if fixed:
            self.draft.notes.append("an option is fixed, so all of them keep their order")
        return fixed

    def _key(self, declaration: Element | None) -> int | None:
        """The key: the correct response, else the only greatest of the mapping."""
        identifiers = [choice.get("identifier") for choice in self._choices()]
        named = _correct(declaration)
        if declaration is not None:
            self._note_partial_marks(declaration)
        if not named and declaration is not None:
            mapped = list(_mapped(declaration))
            most = max((value for _, value in mapped), default=0)
            named = [name for name, value in mapped if value == most and most > 0]
        if len(named) > 1:
            self.draft.lost.append(f"{len(named)} options are right; one was expected")
        return identifiers.index(named[0]) if len(named) == 1 and named[0] in identifiers else None

    def _note_partial_marks(self, declaration: Element) -> None:
        """Say which wrong options a mapping gives some marks for; here they earn nothing."""
        processing = first(self.root, "responseProcessing")
        if processing is None or processing.get("template", "").endswith("match_correct"):
            return
        if first(processing, "mapResponse") is None and not processing.get("template"):
            return
        earned = dict(_mapped(declaration))
        most = max(earned.values(), default=0)
        for number, choice in enumerate(self._choices(), start=1):
            marks = earned.get(choice.get("identifier", ""), 0)
            if 0 < marks < most:
                self.draft.lost.append(f"option {number} earned {marks:g}; here it earns nothing")

    def _guide(self, declaration: Element | None) -> Iterator[str]:
        rubrics = [
            one
            for one in self._scorers()
            if ANSWER_CLASS not in _classes(one) and shows(_inner(one))
        ]
        for rubric in rubrics:
            own = first(rubric, "ul") if GUIDE_CLASS in _classes(rubric) else None
            if own is not None:
                yield from (self.draft.markup(_inner(entry)) for entry in own)
            else:
                yield from points(self.draft.markup(_inner(rubric)))
        if not rubrics and self.interaction.tag == "textEntryInteraction":
            self.draft.lost.append(
                "it was marked by machine: whether its accepted answers make a guide is to be seen"
            )
            accepted = [*_correct(declaration), *_accepted(declaration)]
            for answer in dict.fromkeys(accepted):
                yield self.draft.text(answer)

    def _model_answer(self, declaration: Element | None, *, is_choice: bool) -> str:
        rubrics = [one for one in self._scorers() if ANSWER_CLASS in _classes(one) or is_choice]
        if rubrics:
            return self.draft.markup(" ".join(_inner(one) for one in rubrics))
        if is_choice or self.interaction.tag == "textEntryInteraction":
            return ""
        return self.draft.markup(
            " ".join(escape(one, quote=False) for one in _correct(declaration))
        )

    def _scorers(self) -> Iterator[Element]:
        """The rubrics that who marks may see and candidates may not: theirs are in the stem."""
        for one in self.root.iter("rubricBlock"):
            seen_by = words_of(one.get("view"))
            if "scorer" in seen_by and "candidate" not in seen_by:
                yield one

    def _marks(self, declaration: Element | None, *, is_choice: bool) -> float | None:
        """The most that the item may get, from the first place that says it."""
        for stated in self._stated_marks():
            number = number_from(stated)
            if number is not None:
                return number
        if not is_choice or declaration is None:
            return None
        processing = first(self.root, "responseProcessing")
        template = "" if processing is None else processing.get("template", "")
        values = [value for _, value in _mapped(declaration)]
        if values and (template.endswith("map_response") or not _correct(declaration)):
            return max(values)
        return 1 if _correct(declaration) else None

    def _stated_marks(self) -> Iterator[str]:
        outcomes = {one.get("identifier"): one for one in children(self.root, "outcomeDeclaration")}
        if "MAXSCORE" in outcomes:
            yield text_of(first(outcomes["MAXSCORE"], "value"))
        if "SCORE" in outcomes:
            yield outcomes["SCORE"].get("normalMaximum", "")
        set_values = [
            number
            for one in self.root.iter("setOutcomeValue")
            if one.get("identifier") == "SCORE"
            for number in [number_from(text_of(child)) for child in children(one, "baseValue")]
            if number is not None
        ]
        if set_values and max(set_values) > 0:
            yield str(max(set_values))


def _body(root: Element) -> Element:
    if root.get("adaptive") == "true":
        raise Unfit("adaptive items are not supported")
    templated = next((one.tag for one in root.iter() if one.tag in _TEMPLATED), None)
    if templated:
        raise Unfit(f"it draws values at random ({templated}), which is not supported")
    body = next(children(root, "itemBody"), None)
    if body is None:
        raise Unfit("it has no body")
    return body


def _interaction(body: Element) -> Element:
    """The one interaction of a supported kind."""
    found = [
        one
        for one in body.iter()
        if one.tag.endswith("Interaction") and one.tag not in {_FILM, _BUTTON}
    ]
    names = ", ".join(sorted({one.tag for one in found}))
    if not found:
        raise Unfit("it asks nothing: it has no interaction")
    if any(one.tag != _CHOICE and one.tag not in _OPEN for one in found):
        raise Unfit(f"its kind of question is not supported ({names})")
    if len(found) > 1:
        raise Unfit(f"it has {len(found)} interactions ({names}); one was expected")
    only = found[0]
    if only.tag == _CHOICE and only.get("maxChoices", "1") != "1":
        raise Unfit("more than one option may be chosen (maxChoices); one was expected")
    return only


def _correct(declaration: Element | None) -> list[str]:
    """The values of the correct response."""
    if declaration is None:
        return []
    return [
        text_of(value)
        for correct in children(declaration, "correctResponse")
        for value in children(correct, "value")
        if text_of(value)
    ]


def _mapped(declaration: Element) -> Iterator[tuple[str, float]]:
    for entry in declaration.iter("mapEntry"):
        value = number_from(entry.get("mappedValue", ""))
        if value is not None:
            yield entry.get("mapKey", ""), value


def _accepted(declaration: Element | None) -> list[str]:
    """What a mapping gives marks for."""
    return [] if declaration is None else [key for key, value in _mapped(declaration) if value > 0]


def _classes(element: Element) -> list[str]:
    return words_of(element.get("class"))


def _inner(element: Element, instead_of: Element | None = None, place: str = "") -> str:
    """What an element holds, as unsafe markup; one element may leave something in its place."""
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        if child is instead_of:
            parts.append(place)
        elif is_transparent(child):
            parts.append(_inner(child, instead_of, place))
        elif child.tag == "rubricBlock" and "candidate" in words_of(child.get("view")):
            parts.append(f"<div>{_inner(child)}</div>")
        elif child.tag not in _ASIDE and child.tag != "prompt":
            parts.append(_outer(child, instead_of, place))
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)


def _outer(element: Element, instead_of: Element | None, place: str) -> str:
    tag, attributes = element.tag, dict(element.attrib)
    if tag == "object" and attributes.get("type", "").startswith("image/"):
        described = attributes.get("aria-label") or text_of(element)
        return f'<img src="{escape(attributes.get("data", ""))}" alt="{escape(described)}">'
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    if tag in VOID:
        return f"<{tag}{written}>"
    return f"<{tag}{written}>{_inner(element, instead_of, place)}</{tag}>"
