"""What apprentices of the demonstration put into their portfolios: invented, and of nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from epa.portfolio.rules import PieceKind


@dataclass(frozen=True)
class Told:
    """One way of showing an activity; ``{su}`` and ``{whose}`` stand for a service user."""

    kind: PieceKind
    title: str
    text: str
    link: str | None = None


# Who the service users are, as far as a portfolio may say it.
WHOSE: Final = (
    "returning to work after caring for a parent",
    "looking for a first job after college",
    "out of work for three years with back pain",
    "made redundant from a warehouse at 57",
    "new to the UK with a nursing qualification from abroad",
    "leaving the armed forces after twelve years",
    "living in temporary accommodation",
    "a lone parent who can work school hours",
    "with anxiety after a long illness",
    "on probation and looking for a trade",
    "deaf, with a degree in design",
    "on a zero-hours contract and wanting more",
)

ACTIVITIES: Final[dict[str, tuple[Told, ...]]] = {
    "initial_assessment": (
        Told(
            PieceKind.CASE_RECORD,
            "First meeting and whole-person assessment, {su}",
            "{su} came to us {whose}. We talked about strengths first, then work history, health,"
            " money and home. I used the ladder of readiness and wrote down what {su} said rather"
            " than what I thought. Three things stood in the way; {su} chose which to start with.",
        ),
        Told(
            PieceKind.WORK_PRODUCT,
            "Diagnostic of skills and barriers, {su}",
            "Results of the diagnostic at the start: digital skills at entry level, good spoken"
            " English, confidence 3 out of 10 by {su}’s own account. I explained each score and"
            " agreed with {su} what it meant and what it did not.",
        ),
        Told(
            PieceKind.RECORDING,
            "Recorded initial interview with {su}, with consent",
            "Forty minutes, voice only, held by my employer. I used open questions and summarised"
            " twice. At minute 22 {su}, {whose}, says for the first time what work would be for.",
            "https://evidence.tidewell.example/recordings/initial-interview",
        ),
        Told(
            PieceKind.CASE_RECORD,
            "Better-off calculation and first conversation about money, {su}",
            "{su} feared losing benefits. We worked out three cases together, 16, 24 and 35 hours."
            " With help for travel each was better than not working. I recorded the figures and"
            " the sources they came from.",
        ),
    ),
    "action_plan": (
        Told(
            PieceKind.WORK_PRODUCT,
            "Action plan agreed with {su}",
            "Five steps, each with a date and with whose job it is. Two are mine. {su}, {whose},"
            " wanted small steps that could be ticked off within a week, so no step is longer.",
        ),
        Told(
            PieceKind.WORK_PRODUCT,
            "Action plan, second version after a change of goal, {su}",
            "The first plan aimed at retail. After a taster day {su} chose care work instead. I kept"
            " what still held, dropped two steps and added the introductory certificate.",
        ),
        Told(
            PieceKind.WITNESS_STATEMENT,
            "Statement by my line manager on planning with {su}",
            "My manager watched the planning meeting and writes that the goals were {su}’s own,"
            " that I checked each was realistic against vacancies in the area, and that I said"
            " plainly what our contract can and cannot pay for.",
        ),
    ),
    "review": (
        Told(
            PieceKind.CASE_RECORD,
            "Four-week review with {su}",
            "Two of five steps done, one late, one no longer wanted. We looked at why the college"
            " visit did not happen: the bus. I changed the plan to an online first session.",
        ),
        Told(
            PieceKind.CASE_RECORD,
            "Mid-point review and change of pace, {su}",
            "{su}, {whose}, had stopped answering calls. I asked what would help and offered"
            " meetings by text for a month. Attendance went from one in four to four in four.",
        ),
        Told(
            PieceKind.FEEDBACK,
            "What {su} said about our reviews",
            "A short form that {su} filled in alone: useful, a bit long, liked seeing the line go"
            " up on the chart. I shortened the next review to twenty minutes.",
        ),
    ),
    "intervention": (
        Told(
            PieceKind.WORK_PRODUCT,
            "CV workshop for six people, {su} among them",
            "Session plan, slides and evaluation. I built it around adverts that people brought"
            " along. {su} left with a CV of one page and rewrote the first paragraph twice.",
        ),
        Told(
            PieceKind.RECORDING,
            "Mock interview and feedback with {su}",
            "Twenty minutes of questions from a real advert, then feedback: two things to keep, one"
            " to change. {su}, {whose}, practised the answer about the gap until it was two"
            " sentences long.",
            "https://evidence.eastmoor.example/recordings/mock-interview",
        ),
        Told(
            PieceKind.CASE_RECORD,
            "Coaching on confidence by phone, {su}",
            "Six calls of fifteen minutes. I used scaling questions and left the silence. I did not"
            " give advice that {su} had not asked for. Confidence went from 3 to 6 out of 10.",
        ),
        Told(
            PieceKind.WORK_PRODUCT,
            "Digital basics, one to one with {su}",
            "From making an e-mail account to applying online, in four meetings. I made a card with"
            " pictures for use at home; three colleagues use it now.",
        ),
        Told(
            PieceKind.CASE_RECORD,
            "Setting boundaries after a difficult group session, {su}",
            "Voices were raised. I stopped the group, spoke with each person alone, and agreed how"
            " we would go on. I told my manager the same day and wrote down what happened, not who"
            " was to blame.",
        ),
    ),
    "support_into_work": (
        Told(
            PieceKind.CASE_RECORD,
            "Matching {su} to a vacancy and speaking with the employer",
            "I rang the employer before {su} applied, asked what the job is like on a bad day, and"
            " with {su}’s agreement explained one adjustment. The interview was moved to the"
            " ground floor.",
        ),
        Told(
            PieceKind.WITNESS_STATEMENT,
            "Employer’s statement on a working interview, {su}",
            "The site manager describes how I prepared both sides, stayed away during the trial"
            " shift, and came back for a talk of ten minutes. {su}, {whose}, was offered 20 hours.",
        ),
        Told(
            PieceKind.WORK_PRODUCT,
            "Local labour market sheet made for {su}",
            "Who is hiring within 40 minutes by bus, for which hours, at what pay; from three"
            " sources that I name. {su} crossed out half of it and we worked on the rest.",
        ),
    ),
    "in_work_support": (
        Told(
            PieceKind.CASE_RECORD,
            "First six weeks in work, {su}",
            "Calls in weeks 1, 2, 4 and 6. In week 2 the rota did not fit the school run. I helped"
            " {su} to ask for a change rather than asking for it myself. It was agreed.",
        ),
        Told(
            PieceKind.FEEDBACK,
            "Employer’s feedback after thirteen weeks, {su}",
            "Punctual, learns fast, would like more hours. The employer also says that one visit a"
            " month would have been enough. I have changed my standard plan.",
        ),
        Told(
            PieceKind.CASE_RECORD,
            "Access to Work application and follow-up, {su}",
            "I explained the scheme, {su} filled in the form, I chased it twice. The chair came in"
            " week 5. I recorded what was agreed with whom, so that a colleague could take over.",
        ),
    ),
}

RESEARCH: Final = (
    Told(
        PieceKind.RESEARCH,
        "Research: what keeps people in work after the first month",
        "I read two evaluations and a national survey and compared them with 41 of our own closed"
        " cases. Contact in week 2 mattered more than contact in week 1. I say how small my sample"
        " is and what it cannot show.",
        "https://library.fellgate.example/research/staying-in-work",
    ),
    Told(
        PieceKind.RESEARCH,
        "Research: labour market of our district in three charts",
        "Official figures on vacancies, hours and pay, what changed in two years, and what it means"
        " for the advice we give. The second chart shows why I stopped advising only for retail.",
    ),
    Told(
        PieceKind.OTHER,
        "CPD record and reflection over two years",
        "Eleven entries. For each: why, what I did, what I do differently now. The one on trauma"
        " changed most: I no longer ask for the whole story at the first meeting.",
    ),
    Told(
        PieceKind.RESEARCH,
        "Proposal: group induction in the evening",
        "Costs, who would come, what the contract pays for each start. I asked 23 people on the"
        " waiting list. We tried it for a quarter and starts went up by a fifth.",
    ),
)

# KSBs of the method that the portfolio underpins, by what shows them best.
KSBS: Final[dict[str, tuple[str, ...]]] = {
    "initial_assessment": ("K1", "S1", "S2", "K5", "K19", "S6", "K8", "S3", "K16"),
    "action_plan": ("K2", "S9", "B4", "S3", "B9", "S21", "K16", "S16"),
    "review": ("K2", "S16", "S20", "B1", "S9", "K12", "B4", "S3"),
    "intervention": ("S4", "K3", "S10", "B10", "S11", "K13", "B5", "S17", "K7"),
    "support_into_work": ("K13", "S12", "S13", "S14", "B11", "K3", "K4", "S19"),
    "in_work_support": ("K7", "S19", "K4", "S14", "B6", "S5", "K5", "S21"),
    "research": ("S17", "K12", "K18", "S23", "K13", "S16", "B9", "B10"),
}
KSBS_A_PIECE: Final = 4

RETURNED_FOR: Final = (
    "Pieces 7 and 19 name the town and the college of a service user, so that two people could be"
    " recognised. Take both out, and say SU-2 in the file name of piece 12 as well."
)

# What the few pieces hold that are files.
REVIEW_NOTES: Final = [
    "Review with SU-1, week 4",
    "",
    "Done: CV on one page; visit to the job club.",
    "Late: travel training. New date agreed, a week on Thursday.",
    "No longer wanted: retail. SU-1 wants work with people, mornings.",
    "",
    'In SU-1\'s words: "I did not think I would come back."',
    "My next step: ring the day centre about a taster morning.",
]
LADDER: Final = [
    ("Confidence", 6),
    ("Digital skills", 4),
    ("Health", 5),
    ("Money", 3),
    ("Job search", 7),
]
