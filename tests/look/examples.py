"""What stands on the pages of pieces: invented people and dates, as in the pictures."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from epa.web.ruler import clock_of

TODAY = date(2026, 6, 9)
AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


def need(days, title, text, action, unit=""):
    return SimpleNamespace(
        days=days, unit=unit, title=title, url="/x", text=text, action=action, action_url="/x"
    )


NEEDS = [
    {
        "title": "Closing within 14 days",
        "is_urgent": True,
        "rows": [
            need(-2, "Sign the sheet: Joy Etim", "Held on 5 June.", "Sign"),
            need(
                0,
                "Held date runs out: observation, Callum Reid",
                "Thursday 18 June, 09:30, Eastmoor Works. Employer has not agreed yet.",
                "Confirm or move",
                "today, 17:00",
            ),
            need(
                5,
                "Book the presentation: Ebony Grant",
                "EPA period ends Sunday 14 June. Helen Marchetti is free on Friday 12 June.",
                "Book a date",
            ),
        ],
    },
    {
        "title": "Coming up",
        "rows": [
            need(21, "Standardisation runs out: Graham Oduya", "Valid until 30 June.", "Plan")
        ],
    },
    {
        "title": "Waiting, with no closing date",
        "rows": [
            need(
                3,
                "Test marks differ: Nguyễn Thị Lan",
                "Paper sitting. The two entries differ on question 22.",
                "Compare",
                "days waiting",
            ),
            need(
                1,
                "Release a result: Siân Prosser",
                "A second person must.",
                "Review",
                "day waiting",
            ),
        ],
    },
]


def requirement(title, shown, **more):
    accepted = {"decision": "Accepted", "kind": "done", "who": "R. Pemberton", "at": AT}
    return {"title": title, "shown": shown, **accepted, "is_locked": True} | more


REQUIREMENTS = [
    requirement("Time on programme", "23 full months, after a break of 42 days; 12 needed"),
    requirement(
        "Portfolio",
        "19 pieces from 5 service users. 24 to 36 pieces, 4 to 6 service users needed",
        decision="Rejected",
        kind="stopped",
        reason="Five pieces are missing.",
        is_locked=False,
        action="Send again",
        action_url="/x",
    ),
    requirement(
        "Confirmation by the employer",
        "Not given yet",
        decision="Not started",
        kind="neutral",
        who="",
        at=None,
        is_locked=False,
        supplier="Only Tidewell Housing can give this",
    ),
]


def clock_face(**changes):
    days = {
        "first_day": date(2026, 4, 14),
        "last_day": date(2026, 7, 14),
        "today": TODAY,
        "methods": [
            ("Observation", date(2026, 5, 26)),
            ("Test", date(2026, 6, 16)),
            ("Presentation", date(2026, 6, 30)),
        ],
        "deadlines": [
            ("Presentation file due", date(2026, 5, 4)),
            ("Material due", date(2026, 5, 12)),
        ],
    }
    return clock_of(**days | changes)


WORDS = {"distinction": "Distinction", "pass": "Pass", "fail": "Fail", "": "Not judged"}
CODES = [
    SimpleNamespace(
        code=code, title=title, kind=kind, words=WORDS[kind], url="/x", is_current=code == "S10"
    )
    for code, title, kind in [
        ("K6", "Coaching & Mentoring", "distinction"),
        ("K7", "Supported Employment", "pass"),
        ("S2", "Interviewing & Effective Questioning", "distinction"),
        ("S6", "Communication", "pass"),
        ("S7", "Coaching & Mentoring", "distinction"),
        ("S10", "Behaviour Management", "distinction"),
        ("S15", "Giving Feedback", ""),
        ("S18", "Information, Advice & Guidance", "fail"),
        ("S21", "ICT & Digital Skills", ""),
        ("S22", "Assertiveness", "distinction"),
        ("B2", "Positive", ""),
        ("B3", "Professional", "pass"),
        ("B7", "Emotional Intelligence", ""),
        ("B8", "Supportive", ""),
    ]
]
NOTES = [
    {
        "at": "11:38",
        "source": "Seen, SU-2",
        "text": "Notices the pacing and moves the meeting to the quieter room before it escalates.",
        "edit_url": "/x",
    },
    {
        "at": "10:14",
        "source": "Seen, SU-1",
        "text": "Returns calmly to the action plan after a missed appointment.",
        "edit_url": "",
    },
]
