"""Moodle XML, GIFT and tables: what arrives, what arrives as a draft, what is refused by name."""

import base64
import io

import openpyxl
import pytest

from frameworks import load_plan
from question_bank.interchange.outcome import Duplicate, Refused, judged
from tests.question_bank.interchange.items import entries, png

METHOD = load_plan("st0663").methods["knowledge_test"]


@pytest.fixture
def read(tmp_path):
    """Read a file: its entries, judged by the plan."""

    def read(content, stated=None):
        raw = content.encode() if isinstance(content, str) else content
        return list(judged(entries(tmp_path / "file", raw, stated), METHOD))

    return read


def question(kind, inside, name="A name", text="<p>Which?</p>"):
    return (
        f'<question type="{kind}"><name><text>{name}</text></name><questiontext format="html">'
        f"<text><![CDATA[{text}]]></text></questiontext>{inside}</question>"
    )


def quiz(*questions):
    return f'<?xml version="1.0" encoding="UTF-8"?><quiz>{"".join(questions)}</quiz>'


def answers(*fractions):
    return "".join(
        f'<answer fraction="{fraction}" format="html"><text>Option {number}</text>'
        f"<feedback><text>Why {number}</text></feedback></answer>"
        for number, fraction in enumerate(fractions, start=1)
    )


ONE_RIGHT = answers("0", "100.00000", "0", "0")
GUIDE = '<defaultgrade>2</defaultgrade><graderinfo format="html"><text>{}</text></graderinfo>'


class TestMoodle:
    def test_it_brings_the_picture_that_old_versions_kept_beside_the_text(self, read):
        content = base64.b64encode(png()).decode()
        inside = f"<image>a &lt;b.png</image><image_base64>\n{content}\n</image_base64>{ONE_RIGHT}"
        missing = f"<image>course/b.png</image><image_base64/>{ONE_RIGHT}"
        whole, without = read(
            quiz(question("multichoice", inside), question("multichoice", missing, text="Why?"))
        )
        (picture,) = whole.item.pictures
        assert picture.data == png()
        assert f'src="{picture.name}"' in whole.item.stem
        assert without.lacks == ("the picture 'course/b.png' is not in the file",)

    def test_it_brings_multiple_choice(self, read):
        inside = (
            "<single>true</single><generalfeedback><text>In all</text></generalfeedback>"
            "<idnumber>QN-7</idnumber><tags><tag><text>K9</text></tag><tag><text>facility=0.6</text>"
            "</tag></tags>" + ONE_RIGHT
        )
        (entry,) = read(quiz(question("multichoice", inside)))
        item = entry.item
        assert entry.lacks == ()
        assert (item.reference, item.title, item.stem) == ("QN-7", "A name", "<p>Which?</p>")
        assert (item.key, item.marks, item.facility, item.tags) == (1, 1, 0.6, ("K9",))
        assert [one.rationale for one in item.options] == ["Why 1", "Why 2", "Why 3", "Why 4"]
        assert item.model_answer == "In all"

    def test_it_reads_one_right_answer_without_the_word_single(self, read):
        (entry,) = read(quiz(question("multichoice", ONE_RIGHT)))
        assert (entry.item.key, entry.lacks) == (1, ())

    @pytest.mark.parametrize(
        ("inside", "lack"),
        [
            (answers("50", "0", "0", "0"), "no key"),
            (answers("50", "0", "0", "0"), "option 1 earned 50 %; here it earns nothing"),
            (
                "<single>1</single>" + answers("100", "100", "0", "0"),
                "2 options are right; one was expected",
            ),
            (answers("100", "0", "0"), "3 options; 4 were expected"),
            (ONE_RIGHT + "<defaultgrade>100.0</defaultgrade>", "marks 100; the plan gives 1"),
        ],
    )
    def test_it_drafts_a_choice_with_a_defect(self, read, inside, lack):
        (entry,) = read(quiz(question("multichoice", inside)))
        assert lack in entry.lacks

    def test_it_says_what_it_leaves_out(self, read):
        inside = "<shuffleanswers>0</shuffleanswers>" + answers("100", "-33.333", "0", "0")
        (entry,) = read(quiz(question("multichoice", inside)))
        assert entry.item.keep_order
        assert entry.notes == (
            "marks taken away for wrong options were left out",
            "its options keep their order",
        )

    @pytest.mark.parametrize(
        ("kind", "inside", "reason"),
        [
            (
                "multichoice",
                "<single>false</single>" + ONE_RIGHT,
                "more than one option may be chosen",
            ),
            ("multichoice", answers("50", "50", "0", "0"), "several options earn marks"),
            ("truefalse", "", "(truefalse)"),
            ("cloze", "", "(cloze)"),
            ("", "", "(none given)"),
        ],
    )
    def test_it_refuses_by_name(self, read, kind, inside, reason):
        (entry,) = read(quiz(question(kind, inside)))
        assert isinstance(entry, Refused)
        assert entry.reference == "A name"
        assert reason in entry.reason

    def test_it_brings_an_essay_with_its_guide(self, read):
        guide = GUIDE.format(
            "&lt;ul&gt;&lt;li&gt;One&lt;/li&gt;&lt;li&gt;Two&lt;/li&gt;&lt;/ul&gt;"
        )
        template = "<responsetemplate><text>Dear</text></responsetemplate>"
        (entry,) = read(quiz(question("essay", guide + template)))
        assert entry.lacks == ()
        assert entry.item.guide == ("One", "Two")
        assert entry.notes == ("the text that its answers began with was left out",)

    @pytest.mark.parametrize("guide", ["", "&lt;p&gt; &lt;/p&gt;", "&lt;!-- nothing --&gt;"])
    def test_it_drafts_an_essay_with_an_empty_guide(self, read, guide):
        (entry,) = read(quiz(question("essay", GUIDE.format(guide))))
        assert entry.lacks == ("no marking guide",)

    def test_it_drafts_a_short_answer_with_its_accepted_answers(self, read):
        (entry,) = read(quiz(question("shortanswer", answers("100", "50", "0"))))
        assert entry.item.guide == ("Option 1", "Option 2")
        assert len(entry.lacks) == 2

    def test_it_does_not_count_what_asks_nothing(self, read):
        nothing = question("category", "") + question("description", "")
        assert len(read(quiz(nothing, question("multichoice", ONE_RIGHT)))) == 1

    def test_it_brings_pictures_from_beside_the_text(self, read):
        file = f'<file name="a dot.png" path="/" encoding="base64">{base64.b64encode(png()).decode()}</file>'
        text = '<img src="@@PLUGINFILE@@/a%20dot.png" alt="dot">'
        content = quiz(question("multichoice", ONE_RIGHT, text=text)).replace(
            "]]></text>", f"]]></text>{file}"
        )
        (entry,) = read(content)
        assert entry.lacks == ()
        assert entry.item.pictures[0].data == png()
        (missing,) = read(content.replace("a dot.png", "else.png"))
        assert missing.lacks == ("the picture '@@PLUGINFILE@@/a%20dot.png' is not in the file",)

    @pytest.mark.parametrize(
        ("form", "stem"),
        [
            ("plain_text", "a &lt; b"),
            ("markdown", "a &lt; b"),
            ("moodle_auto_format", "a &lt; b"),
        ],
    )
    def test_it_escapes_what_is_no_markup(self, read, form, stem):
        content = quiz(question("multichoice", ONE_RIGHT, text="a < b")).replace(
            'format="html"><text><![CDATA[a', f'format="{form}"><text><![CDATA[a'
        )
        assert read(content)[0].item.stem == stem

    def test_it_finds_what_comes_twice(self, read):
        one = question("multichoice", ONE_RIGHT)
        found = read(quiz(one, one, question("multichoice", ONE_RIGHT, text="<p>Other?</p>")))
        assert isinstance(found[1], Duplicate)
        assert [found[0].item.reference, found[2].item.reference] == ["A name", "A name (2)"]

    def test_it_reads_another_declared_code(self, read):
        content = quiz(question("multichoice", ONE_RIGHT, text="Café £"))
        latin = content.replace("UTF-8", "ISO-8859-1").encode("latin-1")
        assert read(latin)[0].item.stem == "Café £"
        assert read(content.encode("utf-8-sig"))[0].item.stem == "Café £"
        assert read(content.replace("UTF-8", "UTF-16").encode("utf-16"))[0].item.stem == "Café £"


class TestGift:
    def test_it_brings_everything_as_a_draft(self, read):
        found = read(
            "// [id:g-1] [tag:easy]\n"
            "::Tomb::[html]Who is <b>buried</b>?{\n=no one#Well \\= done ~Grant ~%0%Lee ~him####So it is}\n"
            "\n$CATEGORY: x\n\nTwo plus \\{two\\} is {=four =%50%4} indeed.\n\nWhy? {}\n\nJust a text.\n"
        )
        choice, short, essay = found
        assert (choice.item.reference, choice.item.title, choice.item.tags) == (
            "g-1",
            "Tomb",
            ("easy",),
        )
        assert choice.item.stem == "Who is <b>buried</b>?"
        assert [one.text for one in choice.item.options] == ["no one", "Grant", "Lee", "him"]
        assert (choice.item.key, choice.item.options[0].rationale) == (0, "Well = done")
        assert choice.item.model_answer == "So it is"
        assert choice.lacks == ("no marks; the plan gives 1",)
        assert short.item.stem == "Two plus {two} is ______ indeed."
        assert short.item.guide == ("four", "4")
        assert essay.lacks == ("no marking guide", "no marks; the plan gives 2")

    @pytest.mark.parametrize(
        ("answers", "reason"),
        [
            ("{T}", "true or false"),
            ("{FALSE#no}", "true or false"),
            ("{#3:2}", "numerical"),
            ("{=a -> b =c -> d}", "matching"),
            ("{~%50%a ~%50%b ~c}", "more than one option"),
            ("{something}", "do not begin with = or ~"),
            ("{=a", "is not closed"),
            ("=a}", "closes what none opened"),
            ("{=a} {=b}", "more than one pair"),
        ],
    )
    def test_it_refuses_by_name(self, read, answers, reason):
        (entry,) = read(f"::Name:: Question {answers}", "gift")
        assert isinstance(entry, Refused)
        assert entry.reference == "Name"
        assert reason in entry.reason

    def test_it_says_what_partial_marks_become(self, read):
        (entry,) = read("Which? {=a ~%50%b ~c ~d}")
        assert "option 2 earned 50 %; here it earns nothing" in entry.lacks
        (entry,) = read("Which? {=a =b ~c ~d}")
        assert "2 options are right; one was expected" in entry.lacks

    def test_it_escapes_plain_text_and_keeps_a_lonely_backslash(self, read):
        (entry,) = read("[plain]a < b \\x \\n c \\\\ {=1 ~2 ~3 ~4}")
        assert entry.item.stem == "a &lt; b \\x <br> c \\"


HEAD = "reference,type,title,stem,option_a,option_b,option_c,option_d,key,marks,guide,ksbs,tags,facility\n"


class TestTables:
    def test_it_brings_both_kinds(self, read):
        found = read(
            HEAD
            + 'q1,mc,T,"a < b, or not?",w,x,y,z,C,1,,K9;S8,,0.5\n'
            + 'q2,,T,Why?,,,,,,2,"One\nTwo",,a tag,\n'
        )
        first, second = (entry.item for entry in found)
        assert [entry.lacks for entry in found] == [(), ()]
        assert (first.stem, first.key, first.ksbs) == ("a &lt; b, or not?", 2, ("K9", "S8"))
        assert (second.type_code, second.guide, second.tags) == (
            "short_answer",
            ("One", "Two"),
            ("a tag",),
        )

    @pytest.mark.parametrize(
        "head",
        [
            "Question;Option 1;Option 2;Option 3;Option 4;Correct answer;Mark\n",
            "question\toption1\toption2\toption3\toption4\tANSWER\tmarks\n",
            '\ufeff"Question";"Option-A";"Option-B";"Option-C";"Option-D";"Key";"Marks"\n',
        ],
    )
    def test_it_understands_how_people_head_columns(self, read, head):
        mark = ";" if ";" in head else "\t"
        (entry,) = read(head + mark.join(["Which?", "a", "b", "c", "d", "2", "1"]) + "\n")
        assert (entry.item.key, entry.lacks) == (1, ())

    @pytest.mark.parametrize(
        ("row", "lack"),
        [
            ("q1,mc,T,S,w,x,y,z,E,1,,,,", "the key 'E' is no letter of an option"),
            ("q1,mc,T,S,w,,y,z,A,1,,,,", "option 2 is empty"),
            ("q1,mc,T,S,w,x,y,z,A,two,,,,", "the marks 'two' are no number"),
            ("q1,mc,T,S,w,x,y,z,A,1,,,,7", "the facility '7' is not between 0 and 1"),
            ("q1,sa,T,S,w,,,,,2,g,,,", "it has options, which an open question cannot have"),
        ],
    )
    def test_it_drafts_what_has_a_defect(self, read, row, lack):
        assert lack in read(HEAD + row)[0].lacks

    def test_it_refuses_by_name(self, read):
        found = read(HEAD + "q1,essay,T,S,,,,,,,,,,\n,mc,T,,a,b,c,d,A,1,,,,\n")
        assert [(one.reference, one.reason[:18]) for one in found] == [
            ("q1", "its type 'essay' i"),
            ("row 3", "it has no question"),
        ]

    def test_it_takes_the_guard_off_what_looks_like_a_formula(self, read):
        (entry,) = read(HEAD + "q1,mc,T,'=1+1?,'-2,'@x,=2,'quoted,A,1,,,,\n")
        assert entry.item.stem == "=1+1?"
        assert [one.text for one in entry.item.options] == ["-2", "@x", "=2", "'quoted"]

    def test_it_cleans_markup_where_a_row_says_it_is_markup(self, read):
        head = "stem,format,guide,marks\n"
        (entry,) = read(head + '"<b onclick=""x"">Why</b><script>x</script>",html,g,2\n')
        assert entry.item.stem == "<b>Why</b>"

    def test_it_reads_a_workbook(self, read):
        found = read(
            workbook([["stem", "marks", "guide"], ["Why?", 2.0, "g"], [], ["And?", 2, True]])
        )
        assert [(entry.item.stem, entry.item.marks) for entry in found] == [
            ("Why?", 2),
            ("And?", 2),
        ]
        assert found[1].item.guide == ("yes",)

    def test_it_refuses_a_row_with_a_formula(self, read):
        found = read(
            workbook([["reference", "stem", "marks"], ["q1", "=1+1", 2], ["q2", "Why?", 2]])
        )
        assert found[0] == Refused("q1", "cell B2 holds a formula; a text was expected")
        assert found[1].item.reference == "q2"

    def test_it_prefers_the_sheet_of_items(self, read):
        book = openpyxl.Workbook()
        book.active.append(["read", "me"])
        sheet = book.create_sheet("items")
        sheet.append(["stem"])
        sheet.append(["Why?"])
        out = io.BytesIO()
        book.save(out)
        assert read(out.getvalue())[0].item.stem == "Why?"


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
