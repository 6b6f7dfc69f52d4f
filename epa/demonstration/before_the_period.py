"""Apprentices of the demonstration who learn, stand at the gateway, or left the road before it."""

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
    Story,
)
from epa.lifecycle.rules import Stage
from epa.portfolio.rules import PortfolioStatus

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
)
