"""QTI of three versions: what arrives intact, what arrives as a draft, what is refused by name."""

import io
import zipfile

import pytest

from frameworks import load_plan
from question_bank.interchange.outcome import Read, Refused, judged
from tests.question_bank.interchange.items import entries, png

METHOD = load_plan("st0663").methods["knowledge_test"]
V2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CHOICES = "".join(
    f'<simpleChoice identifier="{letter}">Answer {letter}</simpleChoice>' for letter in "ABCD"
)


def choice(
    choices=CHOICES, body="<p>Which?</p>", given='maxChoices="1"', before="", after="", root=""
):
    return f"""<assessmentItem xmlns="{V2}" identifier="Q1" title="One" {root}>
      <responseDeclaration identifier="R" cardinality="single" baseType="identifier">
        {before or "<correctResponse><value>C</value></correctResponse>"}
      </responseDeclaration>
      <itemBody>{body}
        <choiceInteraction responseIdentifier="R" shuffle="false" {given}>{choices}</choiceInteraction>
      </itemBody>{after}
    </assessmentItem>"""


def essay(
    rubric='<rubricBlock view="scorer"><p>Name two.</p></rubricBlock>',
    marks="2",
    body="<p>Why?</p>",
):
    return f"""<assessmentItem xmlns="{V2}" identifier="Q2" title="Two">
      <responseDeclaration identifier="R" cardinality="single" baseType="string"/>
      <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"
        normalMaximum="{marks}"/>
      <itemBody>{body}<extendedTextInteraction responseIdentifier="R"/>{rubric}</itemBody>
    </assessmentItem>"""


def manifest(*resources):
    files = "".join(
        f'<resource identifier="r{number}" type="{kind}" href="{href}">{inside}</resource>'
        for number, (kind, href, inside) in enumerate(resources)
    )
    return f'<manifest xmlns="x"><resources>{files}</resources></manifest>'


def package(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


@pytest.fixture
def read(tmp_path):
    """Read one document: the entry, judged by the plan."""

    def read(content, stated=None):
        raw = content.encode() if isinstance(content, str) else content
        found = list(judged(entries(tmp_path / "file", raw, stated), METHOD))
        return found[0] if len(found) == 1 else found

    return read


class TestChoice:
    def test_it_brings_stem_options_and_key(self, read):
        entry = read(choice())
        assert entry.lacks == ()
        assert entry.item.as_json() | {"pictures": []} == {
            "reference": "Q1",
            "title": "One",
            "type": "multiple_choice",
            "stem": "<p>Which?</p>",
            "options": ["Answer A", "Answer B", "Answer C", "Answer D"],
            "key": 2,
            "marks": 1,
            "guide": [],
            "rationales": ["", "", "", ""],
            "model_answer": "",
            "ksbs": [],
            "tags": [],
            "facility": None,
            "sources": [],
            "keep_order": False,
            "pictures": [],
        }

    def test_it_reads_qti_3(self, read):
        entry = read("""<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
            identifier="Q3" title="Three" adaptive="false" time-dependent="false">
          <qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
            <qti-correct-response><qti-value> B </qti-value></qti-correct-response>
          </qti-response-declaration>
          <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"
            normal-maximum="1.0"/>
          <qti-item-body>
            <qti-choice-interaction response-identifier="R" max-choices="1">
              <qti-prompt>Which <em>one</em>?</qti-prompt>
              <qti-simple-choice identifier="A">a</qti-simple-choice>
              <qti-simple-choice identifier="B">b<qti-feedback-inline identifier="B"
                outcome-identifier="F">Well done</qti-feedback-inline></qti-simple-choice>
              <qti-simple-choice identifier="C">c</qti-simple-choice>
              <qti-simple-choice identifier="D">d</qti-simple-choice>
            </qti-choice-interaction>
          </qti-item-body>
          <qti-modal-feedback identifier="A" outcome-identifier="F" show-hide="show">
            <qti-content-body><p>No</p></qti-content-body></qti-modal-feedback>
        </qti-assessment-item>""")
        item = entry.item
        assert entry.lacks == ()
        assert (item.stem, item.key, item.marks) == ("Which <em>one</em>?", 1, 1)
        assert [(one.text, one.rationale) for one in item.options][:2] == [
            ("a", "<p>No</p>"),
            ("b", "Well done"),
        ]

    def test_it_takes_the_key_from_the_single_maximum_of_a_mapping(self, read):
        mapping = (
            '<mapping defaultValue="0"><mapEntry mapKey="A" mappedValue="0.5"/>'
            '<mapEntry mapKey="D" mappedValue="1"/></mapping>'
        )
        template = '<responseProcessing template="http://x/rptemplates/map_response"/>'
        entry = read(choice(before=mapping, after=template))
        assert (entry.item.key, entry.item.marks) == (3, 1)
        assert entry.lacks == ("option 1 earned 0.5; here it earns nothing",)

    @pytest.mark.parametrize(
        ("before", "lack"),
        [
            ("<defaultValue/>", "no key"),
            ("<correctResponse><value>Z</value></correctResponse>", "no key"),
            ("<correctResponse><value>A</value><value>B</value></correctResponse>", "no key"),
            (
                (
                    '<mapping><mapEntry mapKey="A" mappedValue="1"/>'
                    '<mapEntry mapKey="B" mappedValue="1"/></mapping>'
                ),
                "2 options are right; one was expected",
            ),
        ],
    )
    def test_it_drafts_what_has_no_one_key(self, read, before, lack):
        entry = read(choice(before=before))
        assert entry.item.key is None
        assert lack in entry.lacks

    @pytest.mark.parametrize(
        ("choices", "lack"),
        [
            (CHOICES + CHOICES.replace('"A"', '"E"')[:52], "5 options; 4 were expected"),
            (CHOICES.replace("Answer B", ""), "option 2 is empty"),
            (CHOICES.replace("Answer B", "<p>&#160;</p>"), "option 2 is empty"),
            (
                CHOICES[: CHOICES.index('<simpleChoice identifier="D"')],
                "3 options; 4 were expected",
            ),
        ],
    )
    def test_it_drafts_what_has_not_four_options(self, read, choices, lack):
        assert lack in read(choice(choices)).lacks

    def test_it_says_what_the_marks_are(self, read):
        stated = choice().replace(
            "<itemBody>",
            '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
            "<defaultValue><value>100</value></defaultValue></outcomeDeclaration><itemBody>",
        )
        assert read(stated).lacks == ("marks 100; the plan gives 1",)

    def test_it_takes_marks_from_what_the_processing_sets(self, read):
        processing = (
            '<responseProcessing><setOutcomeValue identifier="SCORE">'
            '<baseValue baseType="float">3</baseValue></setOutcomeValue></responseProcessing>'
        )
        assert read(choice(after=processing)).item.marks == 3

    def test_it_keeps_the_order_of_fixed_options_and_says_so(self, read):
        entry = read(choice(CHOICES.replace('identifier="D"', 'identifier="D" fixed="true"')))
        assert entry.item.keep_order
        assert entry.notes == ("an option is fixed, so all of them keep their order",)
        assert entry.lacks == ()

    def test_it_leaves_out_general_feedback_and_says_so(self, read):
        after = '<modalFeedback identifier="right" outcomeIdentifier="F">Yes</modalFeedback>'
        assert read(choice(after=after)).notes == ("its general feedback was left out",)

    def test_it_keeps_right_to_left_text(self, read):
        entry = read(choice(body='<p dir="rtl" xml:lang="ar">ما هو؟</p>'))
        assert entry.item.stem == '<p dir="rtl" lang="ar">ما هو؟</p>'

    def test_it_shortens_a_title_of_300_characters_and_says_so(self, read):
        entry = read(choice().replace('title="One"', f'title="{"x" * 300}"'))
        assert len(entry.item.title) == 200
        assert entry.notes == ("its title was shortened to 200 characters",)

    def test_it_makes_a_title_where_there_is_none(self, read):
        assert read(choice().replace('title="One"', "")).item.title == "Which?"


class TestEssay:
    def test_it_brings_the_marking_guide(self, read):
        entry = read(essay())
        assert entry.lacks == ()
        assert (entry.item.type_code, entry.item.marks) == ("short_answer", 2)
        assert entry.item.guide == ("<p>Name two.</p>",)

    def test_it_makes_points_of_a_list(self, read):
        rubric = '<rubricBlock view="tutor scorer"><ul><li>One</li> <li>Two</li></ul></rubricBlock>'
        assert read(essay(rubric)).item.guide == ("One", "Two")

    @pytest.mark.parametrize(
        "rubric",
        ["", '<rubricBlock view="scorer"/>', '<rubricBlock view="scorer"><p> </p></rubricBlock>'],
    )
    def test_it_drafts_what_has_no_guide(self, read, rubric):
        assert read(essay(rubric)).lacks == ("no marking guide",)

    def test_it_shows_candidates_only_what_is_theirs(self, read):
        rubrics = (
            '<rubricBlock view="candidate"><p>Be brief.</p></rubricBlock>'
            '<rubricBlock view="author"><p>secret</p></rubricBlock>'
            '<rubricBlock view="scorer"><p>guide</p></rubricBlock>'
        )
        item = read(essay(rubrics)).item
        assert item.stem == "<p>Why?</p><div><p>Be brief.</p></div>"
        assert item.guide == ("<p>guide</p>",)

    def test_it_takes_a_sample_answer_as_model_answer(self, read):
        sample = essay().replace(
            'baseType="string"/>',
            'baseType="string"><correctResponse><value>Because &lt;so&gt;</value>'
            "</correctResponse></responseDeclaration>",
        )
        assert read(sample).item.model_answer == "Because &lt;so&gt;"

    def test_it_drafts_a_text_entry_with_its_accepted_answers(self, read):
        entry = read(f"""<assessmentItem xmlns="{V2}" identifier="T" title="Gap">
          <responseDeclaration identifier="R" cardinality="single" baseType="string">
            <correctResponse><value>York</value></correctResponse>
            <mapping><mapEntry mapKey="York" mappedValue="1"/><mapEntry mapKey="york"
              mappedValue="0.5"/></mapping></responseDeclaration>
          <itemBody><p>Now is the winter made summer by this son of
            <textEntryInteraction responseIdentifier="R"/>.</p></itemBody></assessmentItem>""")
        assert entry.item.stem == "<p>Now is the winter made summer by this son of ______ .</p>"
        assert entry.item.guide == ("York", "york")
        assert any("marked by machine" in lack for lack in entry.lacks)


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (choice(given='maxChoices="0"'), "more than one option may be chosen"),
            (choice(given='maxChoices="2"'), "more than one option may be chosen"),
            (choice(root='adaptive="true"'), "adaptive items are not supported"),
            (choice(body="<p/><gapMatchInteraction/>"), "(choiceInteraction, gapMatchInteraction)"),
            (
                choice(body='<p/><extendedTextInteraction responseIdentifier="X"/>'),
                "2 interactions",
            ),
            (choice(body='<p><printedVariable identifier="X"/></p>'), "draws values at random"),
            (f'<assessmentItem xmlns="{V2}" identifier="Q1"/>', "it has no body"),
            (
                f'<assessmentItem xmlns="{V2}" identifier="Q1"><itemBody/></assessmentItem>',
                "asks nothing",
            ),
            (choice(body=""), "it has no question text"),
        ],
    )
    def test_it_refuses_by_name(self, read, content, reason):
        entry = read(content)
        assert isinstance(entry, Refused)
        assert entry.reference == "Q1"
        assert reason in entry.reason


class TestPackage:
    ITEM = "imsqti_item_xmlv2p1"

    def test_it_follows_the_manifest(self, read):
        words = (
            "<metadata><lom><general><keyword><langstring>safety</langstring></keyword>"
            "<keyword><string>ksb=K9</string></keyword><keyword><string>B7</string></keyword>"
            "</general></lom></metadata>"
        )
        content = package(
            imsmanifest_dot_xml=manifest(
                (self.ITEM, "items/a%20b.xml", words),
                ("imsqti_test_xmlv2p1", "test.xml", ""),
                ("webcontent", "picture.png", ""),
                ("webcontent", "notes.xml", ""),
                (self.ITEM, "items/gone.xml", ""),
                (self.ITEM, "items/broken.xml", ""),
                (self.ITEM, "items/other.xml", ""),
                ("imsqti_item_xmlv1p2", "items/old.xml", ""),
            ),
            **{
                "items__a b_dot_xml": choice(),
                "test_dot_xml": "<assessmentTest/>",
                "picture_dot_png": png(),
                "notes_dot_xml": "<broken",
                "items__broken_dot_xml": "<assessmentItem>",
                "items__other_dot_xml": "<html/>",
                "items__old_dot_xml": "<questestinterop/>",
            },
        )
        found = list(judged([*read_all(read, content)], METHOD, {"B7"}))
        assert (found[0].item.tags, found[0].item.ksbs) == (("safety",), ("K9", "B7"))
        assert [(one.reference, one.reason[:28]) for one in found[1:]] == [
            ("r4", "the package holds no file 'i"),
            ("r5", "it is not well-formed XML: n"),
            ("r6", "a QTI item was expected; the"),
            ("r7", "QTI 1 is not supported; expo"),
        ]

    def test_it_brings_pictures_from_inside(self, read):
        body = '<p><img src="../pics/dot.png" alt="dot"/><object type="image/png" data="../pics/dot.png">the dot</object></p>'
        entry = read(
            package(
                imsmanifest_dot_xml=manifest((self.ITEM, "items/a.xml", "")),
                items__a_dot_xml=choice(body=body),
                pics__dot_dot_png=png(),
            )
        )
        assert entry.lacks == ()
        (picture,) = entry.item.pictures
        assert picture.data == png()
        assert entry.item.stem == (
            f'<p><img alt="dot" src="{picture.name}"><img alt="the dot" src="{picture.name}"></p>'
        )

    @pytest.mark.parametrize(
        ("address", "lack"),
        [
            ("gone.png", "the picture 'gone.png' is not in the file"),
            ("../../etc/passwd", "the picture '../../etc/passwd' is not in the file"),
            ("/etc/passwd", "the picture '/etc/passwd' is not in the file"),
            ("file:///etc/passwd", "a picture has no usable address"),
            (
                "http://example.org/x.png",
                "the picture 'http://example.org/x.png' lies outside and is not fetched",
            ),
            (
                "//example.org/x.png",
                "the picture '//example.org/x.png' lies outside and is not fetched",
            ),
            ("note.txt", "the picture 'note.txt' is neither PNG, JPEG nor GIF"),
        ],
    )
    def test_it_drafts_what_misses_a_picture_and_fetches_nothing(self, read, address, lack):
        entry = read(
            package(
                imsmanifest_dot_xml=manifest((self.ITEM, "a.xml", "")),
                a_dot_xml=choice(body=f'<p>See <img src="{address}" alt="a dot"/></p>'),
                note_dot_txt="text",
            )
        )
        assert entry.lacks == (lack,)
        assert entry.item.stem == "<p>See [a dot]</p>"

    def test_it_puts_the_stimulus_before_the_question(self, read):
        reference = '<assessmentStimulusRef identifier="s" href="shared/text.xml"/><itemBody>'
        stimulus = f'<assessmentStimulus xmlns="{V2}"><stimulusBody><p>A text</p><img src="dot.png" alt=""/></stimulusBody></assessmentStimulus>'
        files = {
            "imsmanifest_dot_xml": manifest((self.ITEM, "a.xml", "")),
            "a_dot_xml": choice().replace("<itemBody>", reference),
            "shared__dot_dot_png": png(),
        }
        entry = read(package(**files, shared__text_dot_xml=stimulus))
        assert entry.lacks == ()
        assert entry.item.stem.startswith("<p>A text</p><img")
        missing = read(package(**files))
        assert missing.lacks == ("the text 'shared/text.xml' that it refers to is not in the file",)

    def test_it_reads_what_lies_in_a_zip_without_a_manifest(self, read):
        assert isinstance(read(package(a_dot_xml=choice(), b_dot_xml="<x/>")), Read)

    def test_it_finds_a_manifest_in_a_folder(self, read):
        entry = read(
            package(
                top__imsmanifest_dot_xml=manifest((self.ITEM, "a.xml", "")), top__a_dot_xml=choice()
            )
        )
        assert entry.item.reference == "Q1"


def read_all(read, content):
    found = read(content)
    return found if isinstance(found, list) else [found]
