"""The sentences that explain a quality framework's outcome to the people it concerns."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from frameworks.exact import exact, shown
from frameworks.quality_framework import Band, MetOutcome, QualityFramework, WeightedFidelity
from frameworks.quality_outcome import Disagreement, GateOutcome, MeasureOutcome, SectionOutcome
from frameworks.scoring.wording import LONGEST_LIST, are, listed


def unfinished(framework: QualityFramework, missing: Sequence[str]) -> tuple[str, ...]:
    """Say how much is rated and what is not; nothing where all is there."""
    if not missing:
        return ()
    total = len(framework.criteria)
    if len(missing) == total:
        return (f"None of the {total} criteria is rated yet.",)
    left = listed(missing) if len(missing) <= LONGEST_LIST else str(len(missing))
    done = total - len(missing)
    return (f"{done} of {total} criteria {are(done)} rated; {left} {are(len(missing))} not.",)


def disagreeing(
    framework: QualityFramework, disagreements: Sequence[Disagreement]
) -> tuple[str, ...]:
    """Say which linked criteria do not agree, and why they ought to."""
    sentences = []
    for one in disagreements:
        first, second = (framework.level(code).title for code in one.ratings)
        sentences.append(
            f"{one.criteria[0]} is {first} and {one.criteria[1]} is {second}: {one.because}"
        )
    return tuple(sentences)


def banded(
    fidelity: WeightedFidelity, total: Fraction, band: Band, gates: Sequence[GateOutcome]
) -> tuple[str, ...]:
    """Explain an outcome by the score, and by the gates of the bands that the score reaches."""
    reached = [one for one in fidelity.bands if exact(one.from_percent) <= total]
    highest = reached[-1]
    if highest is fidelity.bands[0] and len(fidelity.bands) > 1:
        following = fidelity.bands[1]
        begins = f"below {shown(exact(following.from_percent))}%, where {following.title} begins"
        return (
            f"The weighted score of {shown(total)}% is {begins}, so the outcome is {band.title}.",
        )
    sentences = [f"The weighted score of {shown(total)}% reaches {highest.title}."]
    for one in reversed(reached[reached.index(band) + 1 :]):
        sentences += [
            f"{one.title} also needs {shown(gate.needed)} for {gate.name},"
            f" and there are {shown(gate.value)}."
            for gate in gates
            if gate.band == one.code and not gate.met
        ]
    if band is highest:
        met = [gate for gate in gates if gate.band == band.code]
        sentences += [
            f"It needs {shown(gate.needed)} for {gate.name}, and there are {shown(gate.value)}."
            for gate in met
        ]
        return (*sentences, f"The outcome is {band.title}.")
    return (*sentences, f"The highest outcome whose conditions all hold is {band.title}.")


def within_a_step(
    fidelity: WeightedFidelity,
    following: Band,
    gates: Sequence[GateOutcome],
    measures: Sequence[MeasureOutcome],
) -> tuple[str, ...]:
    """Say which measures would, one step better, bring the next band, if one gate keeps it away."""
    missed = [gate for gate in gates if gate.band == following.code and not gate.met]
    if len(missed) != 1:
        return ()
    (gate,) = missed
    sums = {one.code: one.sums for one in fidelity.gates}[gate.gate]
    steps = [
        f"{one.code} from {shown(one.value)} to {shown(exact(step.at))}"
        for one in measures
        if one.code in sums and one.value is not None
        if (step := fidelity.measures[one.code].following(one.value)) is not None
        if exact(step.earns) - one.marks >= gate.needed - gate.value
    ]
    if not steps:
        return ()
    return (f"One step better would bring {following.title}: {', or '.join(steps)}.",)


def measured(measures: Sequence[MeasureOutcome]) -> tuple[str, ...]:
    """Say why a measure earns nothing, where it is for want of a value or of answers."""
    return tuple(f"{one.code}: {one.reason}" for one in measures if one.reason is not None)


def means(
    framework: QualityFramework, sections: Sequence[SectionOutcome], full: int
) -> tuple[str, ...]:
    """Say each section's mean, where all its criteria are rated."""
    titles = {section.code: section.title for section in framework.sections}
    return tuple(
        f"{one.code} {titles[one.code]}: the mean is {shown(one.score)} of {full}."
        for one in sections
        if one.score is not None
    )


def judged(
    outcome: MetOutcome, following: MetOutcome | None, short: Sequence[str], total: int
) -> tuple[str, ...]:
    """Explain an outcome by the criteria that fall short of the next one, if any do."""
    if following is None:
        return (f"All {total} criteria reach what is needed, so the outcome is {outcome.title}.",)
    left = listed(short) if len(short) <= LONGEST_LIST else f"{len(short)} of {total} criteria"
    do = "does" if len(short) == 1 else "do"
    return (
        f"{left} {do} not reach what {following.title} needs, so the outcome is {outcome.title}.",
    )


def progress(
    titles: Mapping[str, str], parties: Mapping[str, str], sections: Sequence[SectionOutcome]
) -> tuple[str, ...]:
    """Say where each party stands in each standard, by the titles of levels."""
    sentences = []
    for section in sections:
        for party, counts in section.parties.items():
            stands = [
                f"{count} {titles[level].lower()}" for level, count in counts.items() if count
            ]
            if stands:
                sentences.append(f"{section.code}, {parties[party]}: {listed(stands)}.")
    return tuple(sentences)
