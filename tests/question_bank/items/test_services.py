import base64
import io

import pytest
from PIL import Image
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.errors import NotAllowed, RuleBroken
from epa.people.rules import Permission, Role
from epa.settings import services as settings
from question_bank.interchange.item import Option
from question_bank.items import queries, reviewing, services
from question_bank.items.rules import ItemKind, ItemStatus, ItemStep
from tests.factories.items import choice, prompt, short_answer


@pytest.fixture
def bank(make):
    return make.bank()


@pytest.fixture
def author(make, bank):
    return make.person(Role.ITEM_AUTHOR, organisation=bank.epao)


@pytest.fixture
def reviewer(make, bank):
    return make.person(Role.ITEM_REVIEWER, organisation=bank.epao)


def status_of(item):
    return [version.status for version in item.versions]


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return out.getvalue()


def test_what_is_drafted_comes_back_as_it_was_written(bank, author, session, at):
    for number, content in enumerate((choice(tags=("law",), sources=("A book",)), short_answer())):
        item = services.draft_item(bank, ItemKind(content.type_code), content, actor=author, at=at)
        session.expire_all()
        kept = queries.content_of(queries.newest(item))
        assert kept.reference == ("MC-0001", "SA-0001")[number]
        assert (kept.stem, kept.options, kept.key) == (content.stem, content.options, content.key)
        assert (kept.guide, kept.model_answer) == (content.guide, content.model_answer)
        assert (kept.ksbs, kept.tags, kept.sources) == (content.ksbs, content.tags, content.sources)
        assert kept.marks == (1, 2)[number]
        assert kept.facility == content.facility


def test_text_passes_the_allow_list(bank, author, make):
    content = choice(
        'Which <b onclick="x()">one</b>?<script>alert(1)</script>',
        options=tuple(
            Option(f"{one}<img src=x onerror=alert(1)>", "<a href='javascript:x'>so</a>")
            for one in "1234"
        ),
    )
    version = queries.newest(make.item(bank, author, content))
    assert version.stem == "Which <b>one</b>?"
    assert next((one.text, one.rationale) for one in version.options) == ("1", "so")


def test_the_way_from_draft_to_approved_is_kept_step_by_step(bank, author, reviewer, make, at):
    item = make.item(bank, author)
    reviewing.submit_item(item, actor=author, at=at)
    reviewing.return_item(item, "The second option is right too.", actor=reviewer, at=at)
    version = queries.newest(item)
    services.edit_item(
        item, choice("Which is better?"), seen=version.lock_version, actor=author, at=at
    )
    reviewing.submit_item(item, actor=author, at=at)
    reviewing.approve_item(item, "Good now.", actor=reviewer, at=at)
    steps = [one.step for one in reversed(queries.history_of(item))]
    assert steps == [
        ItemStep.DRAFTED,
        ItemStep.SUBMITTED,
        ItemStep.RETURNED,
        ItemStep.EDITED,
        ItemStep.SUBMITTED,
        ItemStep.APPROVED,
    ]
    assert status_of(item) == [ItemStatus.APPROVED]
    assert (item.review_due_on.year, item.review_due_on.month) == (2027, 6)


def test_nobody_approves_what_they_wrote_in(bank, author, make, at):
    second = make.person(Role.ITEM_AUTHOR, Role.ITEM_REVIEWER, organisation=bank.epao)
    item = make.item(bank, author)
    seen = queries.newest(item).lock_version
    services.edit_item(item, choice("Better put?"), seen=seen, actor=second, at=at)
    reviewing.submit_item(item, actor=author, at=at)
    for person in (author, second):
        with pytest.raises(RuleBroken, match="Somebody else must approve it"):
            reviewing.approve_item(item, actor=person, at=at)
    assert status_of(item) == [ItemStatus.IN_REVIEW]


def test_an_edit_of_what_is_approved_is_another_version(bank, author, reviewer, make, session, at):
    item = make.approved_item(bank, author, reviewer, choice("Which is first?"))
    seen = queries.newest(item).lock_version
    services.edit_item(item, choice("Which comes first?"), seen=seen, actor=author, at=at)
    session.expire_all()
    assert status_of(item) == [ItemStatus.APPROVED, ItemStatus.DRAFT]
    assert queries.approved(item).stem == "Which is first?"
    reviewing.submit_item(item, actor=author, at=at)
    reviewing.approve_item(item, actor=reviewer, at=at)
    assert status_of(item) == [ItemStatus.RETIRED, ItemStatus.APPROVED]
    assert queries.approved(item).stem == "Which comes first?"


def test_what_is_in_review_is_not_changed_until_it_is_taken_back(bank, author, make, at):
    item = make.item_in_review(bank, author)
    seen = queries.newest(item).lock_version
    with pytest.raises(RuleBroken, match="Take it back"):
        services.edit_item(item, choice("Other?"), seen=seen, actor=author, at=at)
    reviewing.take_back(item, actor=author, at=at)
    seen = queries.newest(item).lock_version
    services.edit_item(item, choice("Other?"), seen=seen, actor=author, at=at)
    assert queries.newest(item).stem == "Other?"


def test_the_second_of_two_who_write_at_once_is_told(bank, author, make, at):
    item = make.item(bank, author)
    seen = queries.newest(item).lock_version
    services.edit_item(item, choice("Mine?"), seen=seen, actor=author, at=at)
    with pytest.raises(RuleBroken, match="changed this question while you wrote"):
        services.edit_item(item, choice("Theirs?"), seen=seen, actor=author, at=at)
    assert queries.newest(item).stem == "Mine?"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (choice(key=None), "It has no key."),
        (choice(options=(Option("1", "x"), Option("2", "x"))), "It is not ready: 2 options"),
        (choice(ksbs=()), "Say what it asks about"),
        (choice(facility=None), "Give your estimate"),
        (short_answer(guide=()), "It has no marking guide."),
        (prompt(guide=()), "Say what a good answer shows."),
    ],
)
def test_what_still_needs_something_does_not_go_to_review(bank, author, make, at, content, said):
    item = make.item(bank, author, content)
    with pytest.raises(RuleBroken, match=said.replace(".", r"\.")):
        reviewing.submit_item(item, actor=author, at=at)


def test_it_asks_nothing_twice_and_calls_nothing_by_one_name(bank, author, make, at):
    make.item(bank, author, choice("The same?"))
    with pytest.raises(RuleBroken, match="MC-0001 asks exactly this already"):
        make.item(bank, author, choice("The same?"))


def test_a_reference_that_is_taken_is_refused(bank, author, make):
    make.item(bank, author, choice("One?", reference="A-1"))
    with pytest.raises(RuleBroken, match="There is a question called A-1"):
        make.item(bank, author, choice("Two?", reference="A-1"))


def test_enemies_are_enemies_from_both_sides(bank, author, make, at):
    first = make.item(bank, author)
    second = make.item(bank, author, enemies=[first.reference])
    assert queries.enemies_of(first) == [second]
    assert queries.enemies_of(second) == [first]
    seen = queries.newest(first).lock_version
    services.edit_item(first, choice("Alone?"), seen=seen, actor=author, at=at)
    assert queries.enemies_of(second) == []
    for wrong, said in (("XX-1", "no question called XX-1"), (second.reference, "from itself")):
        seen = queries.newest(second).lock_version
        with pytest.raises(RuleBroken, match=said):
            services.edit_item(
                second, choice("Who?"), seen=seen, enemies=[wrong], actor=author, at=at
            )


def test_pictures_are_kept_once_and_come_along_with_a_new_version(
    bank, author, reviewer, make, session, at
):
    data = base64.b64encode(picture("red")).decode()
    stem = f'What is this?<p><img src="data:image/png;base64,{data}" alt="A red square"></p>'
    item = make.approved_item(bank, author, reviewer, choice(stem))
    (first,) = queries.newest(item).pictures
    assert f'src="{first.name}"' in queries.newest(item).stem
    assert queries.with_pictures(queries.newest(item)).pictures[0].name == first.name
    seen = queries.newest(item).lock_version
    again = choice(queries.newest(item).stem + " And why?")
    services.edit_item(item, again, seen=seen, actor=author, at=at)
    session.expire_all()
    (second,) = queries.newest(item).pictures
    assert (second.name, second.file_id) == (first.name, first.file_id)


def test_a_picture_that_is_none_is_refused_by_name(bank, author, make):
    stem = 'What?<img src="data:image/png;base64,iVBORw0KGgoAAAAA" alt="x">'
    with pytest.raises(RuleBroken, match="must be a whole PNG or JPEG"):
        make.item(bank, author, choice(stem))


def test_what_is_retired_is_gone_from_the_bank_and_its_papers(bank, author, reviewer, make, at):
    item = make.approved_item(bank, author, reviewer)
    with pytest.raises(RuleBroken, match="Say why"):
        reviewing.retire_item(item, "", actor=reviewer, at=at)
    reviewing.retire_item(item, "The law has changed.", actor=reviewer, at=at)
    assert (status_of(item), item.review_due_on) == ([ItemStatus.RETIRED], None)
    with pytest.raises(RuleBroken, match="retired already"):
        reviewing.retire_item(item, "Again.", actor=reviewer, at=at)


def test_keeping_an_item_moves_its_next_review(bank, author, reviewer, make, at):
    item = make.approved_item(bank, author, reviewer)
    later = at.replace(year=2027)
    with pytest.raises(RuleBroken, match="Somebody else"):
        reviewing.keep_item(item, actor=author, at=later)
    reviewing.keep_item(item, "Still right.", actor=reviewer, at=later)
    assert item.review_due_on.year == 2028


def test_an_author_looks_at_so_many_items_of_others_a_day(bank, author, reviewer, make, at):
    settings.change({"item_views_a_day": 2}, seen=0, actor=reviewer, at=at)
    other = make.person(Role.ITEM_AUTHOR, organisation=bank.epao)
    mine = make.item(bank, author)
    items = [make.item(bank, other) for _ in range(3)]
    for item in (*items[:2], mine, items[0]):
        reviewing.note_viewing(item, version=1, actor=author, at=at)
    with pytest.raises(NotAllowed, match="looked at 2 questions of others today"):
        reviewing.note_viewing(items[2], version=1, actor=author, at=at)
    reviewing.note_viewing(items[2], version=1, actor=reviewer, at=at)
    reviewing.note_viewing(items[2], version=1, actor=author, at=at.replace(day=10))


def test_the_log_names_every_view_and_holds_no_word_of_an_item(bank, author, make, session, at):
    item = make.item(bank, author, choice("A very secret question?"))
    reviewing.note_viewing(item, version=1, actor=author, at=at)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == item.id)).all()
    assert [one.action for one in entries] == ["item drafted", "item viewed"]
    assert "secret" not in str([one.details for one in entries])


def test_only_those_of_the_epao_reach_an_item(bank, author, reviewer, make):
    item = make.item(bank, author)
    elsewhere = make.person(Role.ITEM_REVIEWER)
    assert queries.item_for(reviewer, Permission.REVIEW_ITEMS, item.id) == item
    assert queries.item_for(author, Permission.REVIEW_ITEMS, item.id) is None
    assert queries.item_for(elsewhere, Permission.REVIEW_ITEMS, item.id) is None


def test_the_list_is_searched_narrowed_and_ordered(bank, author, reviewer, make, session):
    make.approved_item(bank, author, reviewer, choice("About <b>Benefits</b>?"))
    make.item(bank, author, short_answer("About fairness?", ksbs=("K10",)))

    def found(**by):
        query = queries.newest_versions(author, Permission.VIEW_ITEMS)
        query = queries.narrowed(query, queries.ItemFilter(**by))
        ordered = queries.ordered(query, "reference", descending=False)
        return [one.item.reference for one in session.scalars(ordered)]

    assert found() == ["MC-0001", "SA-0001"]
    assert found(words="benefits ABOUT") == ["MC-0001"]
    assert found(kind=ItemKind.SHORT_ANSWER) == ["SA-0001"]
    assert found(status=ItemStatus.APPROVED) == ["MC-0001"]
    assert found(ksb="K10") == ["SA-0001"]
    assert found(words="b>") == []
