"""Apprentices of the demonstration who have every result, released or not."""

from __future__ import annotations

from typing import Final

from epa.demonstration.stories import (
    OBSERVATION,
    PRESENTATION,
    TEST,
    Apprentice,
    Method,
    Reach,
    Story,
)
from epa.lifecycle.rules import Stage

WAITING_FOR_RESULTS: Final = (
    # Every method graded, none released; the presentation reached Distinction to the KSB.
    Apprentice(
        "Tomasz",
        "Wójcik",
        "tomasz.wojcik",
        "harbour",
        "fellgate",
        Story(
            25,
            accepted=-70,
            file_after=12,
            methods={
                OBSERVATION: Method(Reach.GRADED, -20, 7),
                TEST: Method(Reach.GRADED, -13, 53),
                PRESENTATION: Method(Reach.GRADED, -8, 19),
            },
        ),
    ),
    # One method to release, one KSB short of Distinction.
    Apprentice(
        "Grace",
        "Adeyemi",
        "grace.adeyemi",
        "eastmoor",
        "northbeck",
        Story(
            27,
            accepted=-74,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -40, 4),
                TEST: Method(Reach.RELEASED, -30, 46),
                PRESENTATION: Method(Reach.GRADED, -6, 18),
            },
        ),
    ),
    # Every method released, the overall grade to be released.
    Apprentice(
        "Ελένη",
        "Παπαδοπούλου",
        "eleni.papadopoulou",
        "tidewell",
        "northbeck",
        Story(
            26,
            accepted=-80,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -45, 9),
                TEST: Method(Reach.RELEASED, -38, 58),
                PRESENTATION: Method(Reach.RELEASED, -25, 15),
            },
        ),
    ),
)

COMPLETE: Final = (
    Apprentice(
        "Megan",
        "Llewellyn",
        "megan.llewellyn",
        "tidewell",
        "fellgate",
        Story(
            28,
            accepted=-130,
            overall=-60,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -92, 5),
                TEST: Method(Reach.RELEASED, -82, 50),
                PRESENTATION: Method(Reach.RELEASED, -70, 10),
            },
        ),
    ),
    Apprentice(
        "Hamza",
        "Yıldırım",
        "hamza.yildirim",
        "harbour",
        "northbeck",
        Story(
            30,
            pieces=32,
            service_users=5,
            accepted=-170,
            overall=-98,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -131, 10),
                PRESENTATION: Method(Reach.RELEASED, -122, 22),
                TEST: Method(Reach.RELEASED, -110, 51),
            },
        ),
    ),
    # Distinction, Pass, Distinction: a combination that the plan's table leaves out.
    Apprentice(
        "Rosa",
        "Fernández",
        "rosa.fernandez",
        "eastmoor",
        "fellgate",
        Story(
            26,
            pieces=27,
            accepted=-110,
            overall=-40,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -72, 6),
                TEST: Method(Reach.RELEASED, -62, 61),
                PRESENTATION: Method(Reach.RELEASED, -50, 20),
            },
        ),
    ),
    Apprentice(
        "Oliver",
        "Thwaite",
        "oliver.thwaite",
        "harbour",
        "fellgate",
        Story(
            32,
            accepted=-205,
            overall=-130,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -165, 4),
                TEST: Method(Reach.RELEASED, -155, 59),
                PRESENTATION: Method(Reach.RELEASED, -145, 11),
            },
        ),
    ),
)

CLOSED: Final = (
    # A Fail, and nobody wants another attempt.
    Apprentice(
        "Kyle",
        "Brannigan",
        "kyle.brannigan",
        "tidewell",
        "northbeck",
        Story(
            27,
            accepted=-140,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -100, 1, fails=3),
                TEST: Method(Reach.RELEASED, -90, 47),
                PRESENTATION: Method(Reach.RELEASED, -80, 2),
            },
            ended=(Stage.CLOSED, -65),
        ),
    ),
)
