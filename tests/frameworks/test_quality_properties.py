"""Scoring is monotone, total and independent of order, whatever the ratings and figures."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks import RatingFaults, load_framework, score
from frameworks.exact import exact
from frameworks.scoring.rated import rating_of

SEQF = load_framework("seqf", "2024.1")
MATRIX = load_framework("matrix", "1.0")
QIF = load_framework("iep_qif", "1.0")
SCOTTISH = load_framework("scottish_standards", "1.0")
ALL = (SEQF, MATRIX, QIF, SCOTTISH)
quick = settings(max_examples=60, deadline=None)


def scale_of(framework):
    return [rating_of(level) for level in framework.scale]


def ratings_of(framework):
    """Ratings for all criteria, by a seed: drawing 71 of them one by one takes too long."""
    codes, scale = [one.code for one in framework.rated], scale_of(framework)
    rolls = st.randoms(use_true_random=True)
    return rolls.map(lambda dice: {code: dice.choice(scale) for code in codes})


def partial_of(framework):
    codes = st.sampled_from([one.code for one in framework.rated])
    return st.dictionaries(codes, st.sampled_from(scale_of(framework)))


def figure_of(measure):
    return st.floats(min_value=measure.lowest, max_value=min(measure.highest, 120))


figures = st.fixed_dictionaries({code: figure_of(one) for code, one in SEQF.measures.items()})
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def band_place(outcome):
    return [band.code for band in SEQF.bands].index(outcome.outcome)


def raised(framework, ratings, code):
    scale = scale_of(framework)
    return ratings | {code: scale[min(scale.index(ratings[code]) + 1, len(scale) - 1)]}


def or_faults(framework, document):
    """Return an outcome, or the problems: anything else that is raised is a failure."""
    try:
        return score(framework, document)
    except RatingFaults as error:
        return [fault.problem for fault in error.faults]


@quick
@given(ratings_of(SEQF), figures, st.sampled_from(SEQF.rated))
def test_it_never_lowers_seqf_when_a_rating_is_raised(ratings, measures, criterion):
    before = score(SEQF, {"ratings": ratings, "measures": measures})
    higher = raised(SEQF, ratings, criterion.code)
    after = score(SEQF, {"ratings": higher, "measures": measures})
    assert after.score >= before.score
    assert band_place(after) >= band_place(before)


@quick
@given(st.data(), ratings_of(SEQF), figures, st.sampled_from(list(SEQF.measures)))
def test_it_never_lowers_seqf_when_a_figure_gets_better(data, ratings, measures, code):
    better = data.draw(figure_of(SEQF.measures[code]))
    more = SEQF.measures[code].better == "more"
    worst, best = sorted((better, measures[code]), reverse=not more)
    before = score(SEQF, {"ratings": ratings, "measures": {**measures, code: worst}})
    after = score(SEQF, {"ratings": ratings, "measures": {**measures, code: best}})
    assert after.score >= before.score
    assert band_place(after) >= band_place(before)


@quick
@given(ratings_of(MATRIX), st.sampled_from(MATRIX.rated))
def test_it_never_lowers_matrix_when_a_judgement_is_raised(ratings, criterion):
    outcomes = [outcome.code for outcome in MATRIX.outcomes]
    before = score(MATRIX, {"ratings": ratings}).outcome
    after = score(MATRIX, {"ratings": raised(MATRIX, ratings, criterion.code)}).outcome
    assert outcomes.index(after) >= outcomes.index(before)


@quick
@given(ratings_of(QIF), st.sampled_from(QIF.rated))
def test_it_never_lowers_a_mean_when_a_rating_is_raised(ratings, criterion):
    before = score(QIF, {"ratings": ratings}).sections
    after = score(QIF, {"ratings": raised(QIF, ratings, criterion.code)}).sections
    assert all(new.score >= old.score for old, new in zip(before, after, strict=True))


@quick
@given(st.data(), st.randoms(use_true_random=False), figures)
def test_it_does_not_mind_the_order_of_ratings_and_figures(data, random, measures):
    def shuffled(mapping):
        return dict(random.sample(list(mapping.items()), len(mapping)))

    for framework in ALL:
        ratings = data.draw(partial_of(framework))
        document = {"ratings": ratings}
        other = {"ratings": shuffled(ratings)}
        if framework is SEQF:
            document["measures"], other["measures"] = measures, shuffled(measures)
        assert score(framework, document) == score(framework, other)


@quick
@given(ratings_of(SEQF), figures, st.randoms(use_true_random=False))
def test_it_does_not_mind_the_order_of_sections_and_criteria(ratings, measures, random):
    turned = SEQF.model_copy(
        update={
            "sections": tuple(random.sample(SEQF.sections, len(SEQF.sections))),
            "criteria": tuple(random.sample(SEQF.criteria, len(SEQF.criteria))),
        }
    )
    for name in ("rated", "measures", "full", "codes_by_section", "full_by_section"):
        turned.__dict__.pop(name, None)
    document = {"ratings": ratings, "measures": measures}
    one, other = score(SEQF, document), score(turned, document)
    assert (one.score, one.outcome, one.gates) == (other.score, other.outcome, other.gates)
    by_code = {section.code: section for section in other.sections}
    assert {section.code: section for section in one.sections} == by_code


@quick
@given(ratings_of(SEQF), figures)
def test_it_adds_up_to_a_score_between_0_and_100(ratings, measures):
    outcome = score(SEQF, {"ratings": ratings, "measures": measures})
    assert 0 <= outcome.score <= 100
    parts = [section.percent * section.weight / 100 for section in outcome.sections]
    assert sum(parts, Fraction(0)) == outcome.score
    assert sum(section.weight for section in outcome.sections) == 100
    (gate, *_) = outcome.gates
    assert gate.value % 2 == 0


@quick
@given(st.data(), st.sampled_from(ALL))
def test_it_draws_an_outcome_exactly_when_nothing_is_missing(data, framework):
    ratings = data.draw(partial_of(framework))
    outcome = score(framework, {"ratings": ratings})
    assert set(outcome.missing).isdisjoint(ratings)
    assert set(outcome.missing) | set(ratings) == {one.code for one in framework.criteria}
    assert outcome.outcome is None or outcome.complete
    assert outcome.reasons
    assert json.loads(json.dumps(outcome.as_json()))


@quick
@given(st.sampled_from(ALL), anything)
def test_it_scores_anything_or_says_where_it_is_wrong(framework, document):
    for given_ in (
        document,
        {"ratings": document},
        {"ratings": {}, "measures": document},
        {"ratings": {}, "measures": {"2.2.A": document}},
    ):
        outcome = or_faults(framework, given_)
        assert outcome if isinstance(outcome, list) else outcome.missing


@pytest.mark.parametrize("code", SEQF.measures)
def test_it_earns_no_less_for_each_step(code):
    measure = SEQF.measures[code]
    earned = [measure.marks(exact(step.at)) for step in measure.steps]
    assert earned == sorted(earned)
