"""What public files of other systems hold and the specifications do not lead one to expect."""

import pytest

from frameworks import load_plan
from question_bank.interchange.item import OBSERVATION_PROMPT
from question_bank.interchange.outcome import judged
from tests.question_bank.interchange.items import entries, png, written
from tests.question_bank.interchange.test_qti import CHOICES, choice, essay, manifest, package

METHOD = load_plan("st0663").methods["knowledge_test"]


@pytest.fixture
def read(tmp_path):
    def read(content):
        raw = content.encode() if isinstance(content, str) else content
        return list(judged(entries(tmp_path / "file", raw), METHOD))

    return read


@pytest.mark.parametrize("written_by", [choice, essay])
def test_what_candidates_and_markers_both_see_is_the_question_and_no_guide(read, written_by):
    block = '<rubricBlock view="candidate author scorer"><p>Read this.</p></rubricBlock>'
    (entry,) = read(written_by(body=f"{block}<p>Which?</p>"))
    assert entry.item.stem == "<div><p>Read this.</p></div><p>Which?</p>"
    assert entry.item.model_answer == ""
    assert entry.item.guide == (() if written_by is choice else ("<p>Name two.</p>",))


PAGE = (
    "<!DOCTYPE html><html><head><title>A page</title><style>p {color: red}</style></head>"
    '<body onload="x()"><h2>The case</h2><p><img src="dot.png" alt="A dot"></p></body></html>'
)
SHOWN = '<div><object type="text/html" data="../pages/case.html"/></div>'


def test_a_page_that_an_item_shows_comes_with_its_pictures(read):
    (entry,) = read(
        package(
            imsmanifest_dot_xml=manifest(("imsqti_item_xmlv2p1", "items/q.xml", "")),
            items__q_dot_xml=choice(body=SHOWN),
            pages__case_dot_html=PAGE,
            pages__dot_dot_png=png(),
        )
    )
    (picture,) = entry.item.pictures
    assert entry.lacks == ()
    assert entry.item.stem == (
        f'<div><div><h2>The case</h2><p><img alt="A dot" src="{picture.name}"></p></div></div>'
    )


def test_a_page_that_is_missing_or_loses_something_makes_a_draft(read):
    (missing,) = read(choice(body=f"<p>Which?</p>{SHOWN}"))
    assert "an embedded object could not be taken over" in missing.lacks
    (lost,) = read(
        package(
            imsmanifest_dot_xml=manifest(("imsqti_item_xmlv2p1", "items/q.xml", "")),
            items__q_dot_xml=choice(body=SHOWN),
            pages__case_dot_html="<p>See</p><video src='x.mp4'></video>",
        )
    )
    assert lost.lacks == ("a film could not be taken over",)
    assert lost.item.stem == "<div><div><p>See</p></div></div>"


def test_a_film_makes_a_draft_and_a_button_for_hints_only_a_note(read):
    film = (
        '<p>Look.</p><mediaInteraction responseIdentifier="V"><video src="x"/></mediaInteraction>'
    )
    (entry,) = read(choice(body=film))
    assert entry.lacks == ("a film or recording could not be taken over",)
    assert (entry.item.stem, entry.item.key) == ("<p>Look.</p>", 2)
    button = '<p>Which? <endAttemptInteraction responseIdentifier="H" title="Hint"/></p>'
    (entry,) = read(choice(body=button))
    assert entry.lacks == ()
    assert "a button, for hints or another try, was left out" in entry.notes
    assert entry.item.stem == "<p>Which? </p>"


def test_a_link_that_only_runs_a_script_is_no_loss(read):
    (entry,) = read(choice(body='<p>Which? <a href="javascript:void(0)">Signs</a></p>'))
    assert (entry.lacks, entry.item.stem) == ((), "<p>Which? Signs</p>")


def test_moodle_words_are_the_same_in_capitals(read):
    answers = "".join(
        f'<answer fraction="{share}"><text>{share}{place}</text></answer>'
        for place, share in enumerate((0, 100, 0, 0))
    )
    (entry,) = read(
        '<quiz><question type="multichoice"><name><text>N</text></name><questiontext>'
        "<text>Which?</text></questiontext><single>True</single>"
        f"<shuffleanswers>TRUE</shuffleanswers>{answers}</question></quiz>"
    )
    assert (entry.item.key, entry.item.keep_order, entry.lacks) == (1, False, ())


def test_a_gift_answer_has_the_format_that_it_says_itself(read):
    (entry,) = read("::T::[html]<b>Which</b>? {=[moodle]a < b#[plain]<i> ~[html]c<br>d ~e ~f}")
    assert [one.text for one in entry.item.options] == ["a &lt; b", "c<br>d", "e", "f"]
    assert entry.item.options[0].rationale == "&lt;i&gt;"


def test_tables_of_others_name_the_key_by_its_words_and_explain_it(read):
    (entry,) = read(
        "question,A,B,C,D,correct_option,marks,difficulty,explanation\n"
        "Capital of France?,Berlin,Paris,Rome,Madrid,paris,1,easy,It is Paris.\n"
    )
    item = entry.item
    assert entry.lacks == ()
    assert ([one.text for one in item.options], item.key) == (
        ["Berlin", "Paris", "Rome", "Madrid"],
        1,
    )
    assert (item.model_answer, item.tags, item.facility) == (
        "It is Paris.",
        ("difficulty: easy",),
        None,
    )


def test_an_open_question_tagged_as_one_is_a_prompt_for_an_observation(read):
    moodle = (
        '<quiz><question type="essay"><name><text>N</text></name><questiontext><text>Why so?</text>'
        "</questiontext><defaultgrade>3</defaultgrade><graderinfo><text>A reason</text></graderinfo>"
        "<tags><tag><text>kind=observation_prompt</text></tag><tag><text>K6</text></tag></tags>"
        "</question></quiz>"
    )
    (entry,) = read(moodle)
    assert (entry.item.type_code, entry.item.marks, entry.lacks) == (OBSERVATION_PROMPT, None, ())
    assert entry.item.tags == ("K6",)
    (bare,) = read(moodle.replace("A reason", ""))
    assert bare.lacks == ("nothing on what a good answer shows",)
    (row,) = read("type,stem,guide\nobservation prompt,Why so?,A reason\n")
    assert row.item.fingerprint() == entry.item.fingerprint()


def test_a_choice_or_another_kind_stays_what_it_is_whatever_its_tags_say(read):
    keyword = "<metadata><lom><general><keyword>kind=observation_prompt</keyword></general></lom></metadata>"
    (entry,) = read(
        package(
            imsmanifest_dot_xml=manifest(("imsqti_item_xmlv2p1", "q.xml", keyword)),
            q_dot_xml=choice(CHOICES),
        )
    )
    assert (entry.item.type_code, entry.item.tags) == (
        "multiple_choice",
        ("kind=observation_prompt",),
    )
    assert entries_of_gift(read, entry.item)[0].item.type_code == "multiple_choice"


def entries_of_gift(read, item):
    return read(written([item], "gift"))
