import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.wording import rules
from epa.wording.rules import Place
from frameworks import Framework, load_framework, load_plan

PLAN = load_plan("st0663")
HEAD = "code,method,grade,text\n"


def read(rows, framework=PLAN):
    return rules.read_pack((HEAD + rows).encode(), framework)


def test_it_reads_texts_by_their_place():
    found = read('K6,Observation,Pass,"Knows, and says."\nk6,observation,distinction,More\n')
    assert found.faults == ()
    assert dict(found.texts) == {
        Place("K6", "observation", "pass"): "Knows, and says.",
        Place("K6", "observation", "distinction"): "More",
    }


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("Z9,observation,pass,x", "Z9 is no code"),
        ("K1,observation,pass,x", "K1 is not judged in observation"),
        ("K6,observation,merit,x", "merit is no grade of K6 here; it is pass or distinction"),
        ("K17,knowledge_test,distinction,x", "it is pass."),
        ("K6,observation,pass,", "the text is empty"),
        (f"K6,observation,pass,{'x' * 4001}", "4,001 characters"),
        ("K6,observation,pass,a\x00b", "cannot be kept"),
        (",,,x", "an empty code is no code"),
        ("K6", "K6 is not judged in a method without a name"),
    ],
)
def test_it_names_the_row_that_is_wrong(row, fault):
    found = read(f"K7,observation,pass,Fine\n{row}\n")
    [one] = found.faults
    assert one.row == 3
    assert fault in one.message
    assert one.words.startswith("Row 3: ")


def test_it_names_the_row_in_which_a_text_stands_already():
    [one] = read("K6,observation,pass,a\n\nK6,observation,pass,b\n").faults
    assert one.words == "Row 4: the text for K6 observation pass stands in row 2 too."


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "must name code, method, grade and text"),
        (b"code,method,grade\nK6,observation,pass\n", "there is no column text"),
        (HEAD.encode(), "there is no text below"),
        (HEAD.encode() + b"K6,observation,pass,\xff\n", "not in UTF-8"),
        (HEAD.encode() + b'K6,observation,pass,"open\n', "quotes do not match"),
        (HEAD.encode() + b"K6,observation,pass,x\n" * 5001, "at most 5,000 rows"),
    ],
)
def test_it_says_what_is_wrong_with_a_file_that_is_no_pack(content, fault):
    found = rules.read_pack(content, PLAN)
    assert fault in found.faults[0].message
    assert not found.texts


@given(content=st.binary(max_size=400))
def test_it_never_breaks_on_any_bytes(content):
    found = rules.read_pack(content, PLAN)
    assert found.faults or found.texts


def test_a_framework_without_methods_has_a_place_for_each_point_of_its_scale():
    shared = set(Framework.model_fields)
    general = Framework(**{name: getattr(PLAN, name) for name in shared} | {"scheme": "criteria"})
    places = rules.places_of(general)
    assert Place("K1", "", "distinction") in places
    assert len(places) == len(general.criteria) * len(general.scale)
    found = read("K1,,pass,Text\n", general)
    assert found.faults == ()


def test_the_digest_does_not_depend_on_the_order():
    texts = rules.places_of(PLAN)
    backwards = dict(reversed(texts.items()))
    assert rules.digest(texts) == rules.digest(backwards)
    assert rules.from_rows(rules.as_rows(texts)) == texts
    assert rules.lacking({}, PLAN) == list(texts)


SEQF, MATRIX = load_framework("seqf"), load_framework("matrix")


def test_a_quality_framework_has_a_place_for_what_is_asked_and_for_each_level():
    places = rules.places_of(SEQF)
    assert len(places) == len(SEQF.criteria) + len(SEQF.rated) * len(SEQF.scale)
    own = SEQF.criterion("1.1.1")
    assert places[Place("1.1.1", "", "asks")] == own.asks
    assert places[Place("1.1.1", "", "some")] == own.levels["some"]
    # Where a criterion has no words of its own for a level, the scale's are shown.
    assert rules.places_of(MATRIX)[Place("1.1", "", "met")] == MATRIX.scale[-1].meaning


@pytest.mark.parametrize("level", ["substantial", "Substantial and consistent evidence", "2"])
def test_a_level_is_named_by_its_code_its_title_or_its_points(level):
    found = rules.read_pack(f"code,section,level,text\n1.1.1,1.1,{level},Words\n".encode(), SEQF)
    assert dict(found.texts) == {Place("1.1.1", "", "substantial"): "Words"}
    assert not found.faults


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1.1.1,1.2,asks,x", "1.1.1 stands in section 1.1, not 1.2."),
        ("1.1.1,1.1,3,x", "3 is no level of 1.1.1 here; it is asks, little, some or substantial."),
        ("2.2.A,2.2,some,x", "some is no level of 2.2.A here; it is asks."),
        ("9.9,,asks,x", "9.9 is no code of this definition."),
        ("1.1.1,,asks,", "the text is empty."),
    ],
)
def test_a_wrong_row_of_a_quality_framework_is_named(row, fault):
    found = rules.read_pack(f"code,section,level,text\n{row}\n".encode(), SEQF)
    assert [one.words for one in found.faults] == [f"Row 2: {fault}"]


@pytest.mark.parametrize("code", ["seqf", "iep_qif", "matrix", "scottish_standards", "st0663"])
def test_a_table_to_fill_in_is_a_pack_once_it_is_filled_in(code):
    framework = load_framework(code)
    head = ",".join(rules.columns_of(framework))
    rows = "\n".join(",".join([*row[:3], "Words"]) for row in rules.blank_rows(framework))
    found = rules.read_pack(f"{head}\n{rows}\n".encode(), framework)
    assert not found.faults
    assert rules.lacking(found.texts, framework) == []
