"""The forty apprentices of the demonstration: who they are and how far each has come."""

from __future__ import annotations

from typing import Final

from epa.demonstration.stories import (
    CONFIRMATION,
    OFF_THE_JOB,
    PERMISSION,
    PORTFOLIO,
    QUALIFICATIONS,
    SUPPLIED,
    TIME,
    Apprentice,
    Gate,
    Method,
    Reach,
    Story,
)
from epa.lifecycle.rules import Stage
from epa.portfolio.rules import PortfolioStatus

OBSERVATION: Final = "observation"
PRESENTATION: Final = "presentation"
TEST: Final = "knowledge_test"

ON_PROGRAMME: Final = (
    Apprentice("Isla", "Cameron", "isla.cameron", "harbour", "northbeck", Story(1, pieces=0)),
    Apprentice("Reuben", "Katz", "", "tidewell", "northbeck", Story(3, pieces=0)),
    Apprentice("Fatou", "Diallo", "fatou.diallo", "eastmoor", "fellgate", Story(5, pieces=3)),
    Apprentice("Zoë", "Fitzgerald", "zoe.fitzgerald", "tidewell", "fellgate", Story(8, pieces=8)),
    Apprentice("Jakub", "Novák", "jakub.novak", "harbour", "fellgate", Story(11, pieces=12)),
    Apprentice("ليلى", "حداد", "layla.haddad", "eastmoor", "northbeck", Story(13, pieces=15)),
    Apprentice(
        "Bronwen",
        "Pugh",
        "bronwen.pugh",
        "tidewell",
        "fellgate",
        Story(17, pieces=13, paused=(-200, -95)),
    ),
    Apprentice("Arjun", "Nair", "arjun.nair", "harbour", "northbeck", Story(19, pieces=21)),
    Apprentice(
        "Saoirse",
        "O’Donnell",
        "saoirse.odonnell",
        "eastmoor",
        "fellgate",
        Story(23, pieces=26, service_users=5),
    ),
)

AT_THE_GATEWAY: Final = (
    # Everything supplied, nothing decided.
    Apprentice(
        "Daniel",
        "Osei",
        "daniel.osei",
        "tidewell",
        "fellgate",
        Story(
            22,
            pieces=27,
            gate=Gate(-6, SUPPLIED, ready=True, portfolio=PortfolioStatus.SUBMITTED),
        ),
    ),
    # Only the employer's own confirmation is missing.
    Apprentice(
        "Katarzyna",
        "Maj",
        "katarzyna.maj",
        "tidewell",
        "northbeck",
        Story(
            24,
            gate=Gate(-15, SUPPLIED, (*SUPPLIED, PORTFOLIO), portfolio=PortfolioStatus.ACCEPTED),
        ),
    ),
    # Off-the-job training was rejected, with a reason.
    Apprentice(
        "Liam",
        "Sutcliffe",
        "liam.sutcliffe",
        "eastmoor",
        "northbeck",
        Story(
            21,
            gate=Gate(
                -12,
                SUPPLIED,
                (TIME, QUALIFICATIONS, PERMISSION),
                rejected=OFF_THE_JOB,
                ready=True,
                portfolio=PortfolioStatus.SUBMITTED,
            ),
        ),
    ),
    # The portfolio is the last thing to look at.
    Apprentice(
        "Amara",
        "Nwachukwu",
        "amara.nwachukwu",
        "harbour",
        "fellgate",
        Story(
            23,
            pieces=30,
            service_users=6,
            gate=Gate(
                -9,
                SUPPLIED,
                (*SUPPLIED, CONFIRMATION),
                ready=True,
                portfolio=PortfolioStatus.SUBMITTED,
            ),
        ),
    ),
    # The portfolio came back: a service user could be recognised.
    Apprentice(
        "Ffion",
        "Rees",
        "ffion.rees",
        "tidewell",
        "fellgate",
        Story(
            25,
            pieces=25,
            gate=Gate(
                -16,
                SUPPLIED,
                SUPPLIED,
                rejected=PORTFOLIO,
                ready=True,
                portfolio=PortfolioStatus.RETURNED,
            ),
        ),
    ),
    # Just begun; the portfolio is one piece short.
    Apprentice(
        "Ben",
        "Carter",
        "ben.carter",
        "harbour",
        "northbeck",
        Story(20, pieces=23, gate=Gate(-2, (TIME, OFF_THE_JOB))),
    ),
    # The employer said "not yet".
    Apprentice(
        "Yasmin",
        "Begum",
        "yasmin.begum",
        "eastmoor",
        "fellgate",
        Story(
            19,
            pieces=26,
            gate=Gate(
                -11, SUPPLIED, (TIME, PERMISSION), ready=False, portfolio=PortfolioStatus.SUBMITTED
            ),
        ),
    ),
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
                OBSERVATION: Method(Reach.GRADED, -14, 8, who="helen"),
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
    # A Fail is released; there is time for a re-sit.
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

OFF_THE_ROAD: Final = (
    Apprentice(
        "Hana",
        "Suzuki",
        "hana.suzuki",
        "harbour",
        "fellgate",
        Story(14, pieces=11, paused=(-26, None), ended=(Stage.PAUSED, -25)),
    ),
    Apprentice(
        "Chloe",
        "Ashworth",
        "chloe.ashworth",
        "eastmoor",
        "northbeck",
        Story(11, pieces=6, ended=(Stage.WITHDRAWN, -30)),
    ),
    # The EPA period ended with a Fail and no re-sit.
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
            ended=(Stage.CLOSED, -45),
        ),
    ),
)

# Longest ago first, so that statements are numbered in the order of their release.
APPRENTICES: Final = tuple(
    sorted(
        (
            *ON_PROGRAMME,
            *AT_THE_GATEWAY,
            *IN_THE_PERIOD,
            *WAITING_FOR_RESULTS,
            *COMPLETE,
            *OFF_THE_ROAD,
        ),
        key=lambda one: one.story.accepted or 0,
    )
)
