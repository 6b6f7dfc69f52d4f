"""Apprentices of the demonstration who are in the EPA period."""

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

IN_THE_PERIOD: Final = (
    # The observation is graded and to be released, the test and the presentation are to come.
    Apprentice(
        "Siân",
        "Prosser",
        "sian.prosser",
        "tidewell",
        "fellgate",
        Story(
            27,
            pieces=29,
            service_users=5,
            paused=(-491, -450),
            accepted=-56,
            file_after=17,
            methods={
                OBSERVATION: Method(Reach.GRADED, -14, 8, who="helen", is_kept_live=True),
                TEST: Method(Reach.DATED, 7),
                PRESENTATION: Method(Reach.DATED, 21, who="helen"),
            },
        ),
    ),
    # New in the period: nobody is allocated.
    Apprentice(
        "Callum",
        "Reid",
        "callum.reid",
        "eastmoor",
        "northbeck",
        Story(22, accepted=-3, file_after=None),
    ),
    # Less than a fortnight left, and no assessor for the observation.
    Apprentice(
        "Declan",
        "O’Neill",
        "declan.oneill",
        "harbour",
        "fellgate",
        Story(
            26,
            pieces=28,
            accepted=-79,
            methods={
                TEST: Method(Reach.RELEASED, -40, 49),
                PRESENTATION: Method(Reach.RELEASED, -30, 12),
            },
        ),
    ),
    # Five days left, and no date for the presentation.
    Apprentice(
        "Ebony",
        "Grant",
        "ebony.grant",
        "tidewell",
        "northbeck",
        Story(
            28,
            accepted=-86,
            methods={
                TEST: Method(Reach.RELEASED, -50, 54),
                OBSERVATION: Method(Reach.RELEASED, -35, 9),
                PRESENTATION: Method(Reach.ALLOCATED),
            },
        ),
    ),
    # Observed, with half a mark sheet.
    Apprentice(
        "Priya",
        "Raman",
        "priya.raman",
        "eastmoor",
        "fellgate",
        Story(
            23,
            pieces=26,
            accepted=-31,
            file_after=18,
            methods={
                OBSERVATION: Method(Reach.BEGUN, -1, 4, who="helen"),
                TEST: Method(Reach.DATED, 12),
                PRESENTATION: Method(Reach.DATED, 20),
            },
        ),
    ),
    # The presentation is today.
    Apprentice(
        "Joy",
        "Etim",
        "joy.etim",
        "harbour",
        "northbeck",
        Story(
            25,
            pieces=31,
            service_users=5,
            accepted=-45,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -20, 5),
                PRESENTATION: Method(Reach.DATED, 0, who="helen"),
                TEST: Method(Reach.DATED, 5),
            },
        ),
    ),
    # Two entries of the test's marks differ.
    Apprentice(
        "Beth",
        "Halloran",
        "beth.halloran",
        "tidewell",
        "fellgate",
        Story(
            24,
            accepted=-50,
            methods={
                TEST: Method(Reach.DIFFERING, -9, 50),
                OBSERVATION: Method(Reach.DATED, 4),
                PRESENTATION: Method(Reach.ALLOCATED),
            },
        ),
    ),
    # A Fail is released; a re-sit is asked for, agreed to and planned, and waits to be opened.
    Apprentice(
        "Joel",
        "Hartley",
        "joel.hartley",
        "eastmoor",
        "northbeck",
        Story(
            23,
            accepted=-60,
            methods={
                OBSERVATION: Method(Reach.RELEASED, -15, 3, fails=2),
                TEST: Method(Reach.GRADED, -6, 48),
                PRESENTATION: Method(Reach.DATED, 10),
            },
            again=(OBSERVATION, -8),
        ),
    ),
    # The test has one entry.
    Apprentice(
        "Thị Lan",
        "Nguyễn",
        "lan.nguyen",
        "tidewell",
        "northbeck",
        Story(
            21,
            pieces=30,
            service_users=5,
            accepted=-38,
            methods={
                TEST: Method(Reach.BEGUN, -4, 55),
                OBSERVATION: Method(Reach.DATED, 3),
                PRESENTATION: Method(Reach.DATED, 13),
            },
        ),
    ),
    # Everything is dated and to come.
    Apprentice(
        "小龙",
        "李",
        "xiaolong.li",
        "harbour",
        "fellgate",
        Story(
            22,
            pieces=36,
            service_users=6,
            accepted=-40,
            methods={
                OBSERVATION: Method(Reach.DATED, 2),
                PRESENTATION: Method(Reach.DATED, 6),
                TEST: Method(Reach.DATED, 16),
            },
        ),
    ),
    # The test is marked and to be released; the observation waits for a date.
    Apprentice(
        "Mohammed",
        "Iqbal",
        "mohammed.iqbal",
        "eastmoor",
        "fellgate",
        Story(
            26,
            accepted=-48,
            methods={
                TEST: Method(Reach.GRADED, -5, 51),
                OBSERVATION: Method(Reach.ALLOCATED),
                PRESENTATION: Method(Reach.DATED, 9),
            },
        ),
    ),
    # Presented, with half a mark sheet.
    Apprentice(
        "Олена",
        "Шевченко",
        "olena.shevchenko",
        "harbour",
        "northbeck",
        Story(
            20,
            pieces=28,
            accepted=-42,
            methods={
                TEST: Method(Reach.RELEASED, -18, 57),
                PRESENTATION: Method(Reach.BEGUN, -2, 9),
                OBSERVATION: Method(Reach.DATED, 15),
            },
        ),
    ),
    # Everybody is allocated, nothing dated, the presentation's file still due.
    Apprentice(
        "Kwame",
        "Mensah-Boateng",
        "kwame.mensah-boateng",
        "tidewell",
        "fellgate",
        Story(
            24,
            accepted=-15,
            file_after=None,
            methods={
                TEST: Method(Reach.ALLOCATED),
                OBSERVATION: Method(Reach.ALLOCATED),
                PRESENTATION: Method(Reach.ALLOCATED),
            },
        ),
    ),
    # Observed and still to be judged; the file came late and was accepted with a reason.
    Apprentice(
        "Aoife",
        "Ní Bhriain",
        "aoife.nibhriain",
        "eastmoor",
        "northbeck",
        Story(
            23,
            accepted=-33,
            file_after=23,
            methods={
                OBSERVATION: Method(Reach.DATED, -1),
                TEST: Method(Reach.DATED, 8),
                PRESENTATION: Method(Reach.DATED, 25),
            },
        ),
    ),
)
