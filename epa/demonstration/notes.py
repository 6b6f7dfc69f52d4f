"""What assessors of the demonstration write down: evidence notes by KSB, without personal data."""

from __future__ import annotations

from typing import Final

# What an assessor wrote of the presentation and the answers, for each KSB it grades.
PRESENTED: Final[dict[str, str]] = {
    "K1": "Set out three whole-person assessments and why each began somewhere else: home, health, skills.",
    "K2": "Showed a plan and its two reviews side by side; each change was traced to something the person said.",
    "K3": "Compared job clubs, working interviews and one-to-one search, with when each works.",
    "K4": "Drew the map of partner services; explained a joint meeting with housing and health.",
    "K5": "Named the service standard and what was done in the week when it was missed.",
    "K7": "Explained place-then-train against train-then-place, with one case of each.",
    "K8": "Described a caseload of 48 and how it is sorted by risk rather than by date of last contact.",
    "K12": "Linked two changes in own practice to supervision notes and to a published evaluation.",
    "K13": "Used vacancy and pay figures from named sources; knew how old they are.",
    "K16": "Walked through a record from referral to outcome; knew who may see which part.",
    "K18": "Presented a plan for own development with what is done, what is next and why.",
    "K19": "Gave two adjustments made for service users and the duty behind them; spoke of own assumptions.",
    "S1": "Diagnostic tool used with judgement: explained why a low score was set aside, and what replaced it.",
    "S2": "Played, with consent, an extract: open questions, a summary, then silence until the person went on.",
    "S3": "Sample records complete to the day; an error of their own found and put right, with a date.",
    "S4": "Designed a workshop from need to evaluation; changed the second run after feedback.",
    "S5": "Meets people in libraries, by phone and in the evening; says how safety is kept when alone.",
    "S6": "Same news told three ways: to a service user, to an employer, to a contract manager.",
    "S9": "Shows the week’s planning sheet; two urgent cases moved up and the reasons given.",
    "S10": "Described calming a group session and the agreement made after it.",
    "S11": "Led the move to the new case system in the team; kept a list of what people found hard.",
    "S12": "Won two new employers by asking what they struggle to fill; one has hired three people.",
    "S13": "Keeps a network of 14 contacts with what each can offer; gave an example of giving back.",
    "S14": "Handled an unhappy employer: listened, visited, agreed a trial, wrote it down.",
    "S16": "Evaluated own workshop by outcome at 13 weeks, not by smiles on the day; said what is unproven.",
    "S17": "Research question is narrow and answered; sources compared; limits of the sample said first.",
    "S19": "Linked daily choices to the contract’s minimum service and to what the person needed.",
    "S20": "Own figures against target for four quarters; explained the dip and what brought it back.",
    "S21": "Built a shared tracker with alerts; showed how data are protected.",
    "S23": "Plans, does and reviews own learning; the review changed the next plan.",
    "B1": "Did not wait for the referral form; rang the same day and booked the interpreter.",
    "B4": "Knows the target and own standing to the day, and did not trade quality for it.",
    "B5": "Changed a delivery plan within a week when the venue closed; nobody lost their place.",
    "B6": "Spoke soberly of a case that went wrong, what support was used, and what was learned.",
    "B9": "Asked why the figures differed before acting; found a double count.",
    "B10": "Tried job carving with a small employer; a first in the area.",
    "B11": "Knows what a start, an outcome and a month of support cost and earn.",
}

# What an assessor wrote of the observation and the questions after it.
SEEN: Final[dict[str, str]] = {
    "K6": "Asked afterwards: told coaching from mentoring by who sets the goal, with today’s examples.",
    "K7": "Explained in-work support and the adjustment agreed with the employer on the phone.",
    "S2": "Open questions, one at a time. Left the silence. Picked up the point on travel ten minutes later.",
    "S6": "Dropped jargon when SU-2 looked lost; checked understanding by asking for it back.",
    "S7": "SU-1 set the step for the week; scaling question used, and the answer waited for.",
    "S10": "SU-2 became upset about the letter. Calm voice, offered a break, came back to the task.",
    "S15": "Feedback after the practice call: two things to keep, one to change, all of them specific.",
    "S18": "Gave three options with where to check each; did not choose for the person.",
    "S21": "Moved between case record, job site and calendar without losing the conversation.",
    "S22": "Kept to what was agreed when pressed for a shortcut; polite, clear, no apology for the rule.",
    "B2": "Named what had gone well before what had not; the person left smiling.",
    "B3": "On time, room ready, papers of others put away, confidentiality said at the start.",
    "B7": "Noticed the tone change before the words did, and asked.",
    "B8": "Let SU-1 fill in the form and only helped at the box on dates.",
}

# Added where the Distinction wording was met as well.
BEYOND: Final = (
    "Went further: weighed two ways against each other and said when the other would be right.",
    "Went further: showed the effect over six months with figures, and what else may explain it.",
    "Went further: passed the approach on; two colleagues use it now.",
    "Went further: foresaw the difficulty and had agreed beforehand what to do.",
    "Went further: gave a critical view of own practice without being asked.",
)

# In place of the note where the Pass wording was not met.
SHORT: Final = (
    "Not shown. Asked twice in different words; the answer stayed general, with no case.",
    "Closed questions throughout. Asked afterwards how else it could be done: no answer.",
    "Gave the advice before the question was finished. SU-2 asked for the list twice.",
    "Could not say which service to turn to, nor where this would be looked up.",
)

PLACES: Final[dict[str, tuple[str, ...]]] = {
    "observation": (
        "{employer}, main office",
        "{employer}, job club",
        "{employer}, meeting room 2",
    ),
    "presentation": (
        "https://meet.caldervale.example/room-3",
        "Calder Vale Assessment, Leeds, Room 1",
        "https://meet.caldervale.example/room-5",
    ),
    "knowledge_test": ("Leeds, Room 2", "Hebden Bridge Library, Study room", "Leeds, Room 4"),
}

ADVICE: Final = (
    "Works at the level of the occupation and has for some months. In our view ready.",
    "Ready on knowledge and skills. We have asked for one more practice presentation before the day.",
    "Strong in employer engagement; plans have become sharper since the spring. In favour.",
    "In favour. Please note that records were late in the winter and have been in order since.",
)
ADVICE_AGAINST: Final = "We would wait a month: the off-the-job log has gaps that are being put right with the employer."
OFF_THE_JOB_REJECTED: Final = (
    "The log counts 62 hours of team meetings as training. Please take them out, or show what was"
    " taught in them, and declare the share again."
)
NOT_YET: Final = (
    "Handles straightforward cases well. We want to see two complex ones from start to end first."
)
LATE_FILE: Final = (
    "In hospital from day 17 to day 21, with a letter from the ward. Accepted on day 23."
)
CERTIFICATES: Final = (
    "Functional Skills certificate seen, original, 14 pages of record kept by the provider",
    "GCSE certificates seen; copies with the provider",
    "Functional Skills level 2, awarding body’s online check on the day",
)
LEFT: Final = "Moved away and left the job"
BREAKS: Final = ("Ill, returned with a phased start", "Parental leave", "Caring for a relative")
INCIDENT: Final = (
    "Fire alarm after 35 minutes, false; everybody out for 8 minutes, time given back."
)

# What is said when a failed method is asked for again, what is planned, and why one was closed.
AGAIN: Final = "Nerves on the day; two practice observations are arranged already."
PLANNED: Final = (
    "A practice observation with written feedback, looked over together the day after.",
    "Shadow an experienced adviser for two mornings, then lead one review with them in the room.",
)
OVER: Final = (
    "The apprentice has changed to other work and wants no other attempt; the employer wrote that"
    " they agree."
)
