"""Rows for tests, reached through the ``make`` fixture; one module a package."""

from tests.factories.adjustments import MakeAdjustments
from tests.factories.booking import MakeBooking
from tests.factories.changes import MakeChanges
from tests.factories.client_data import MakeClientData
from tests.factories.files import MakeFiles
from tests.factories.gateway import MakeGateway
from tests.factories.grading import MakeGrading
from tests.factories.imports import MakeImports
from tests.factories.items import MakeItems
from tests.factories.judgements import MakeJudgements
from tests.factories.knowledge_test import MakeKnowledgeTest
from tests.factories.lifecycle import MakeLifecycle
from tests.factories.marking import MakeMarking
from tests.factories.people import MakePeople
from tests.factories.portfolio import MakePortfolio
from tests.factories.resits import MakeResits
from tests.factories.reviews import MakeReviews
from tests.factories.sittings import MakeSittings


class Make(
    MakeAdjustments,
    MakeBooking,
    MakeChanges,
    MakeClientData,
    MakeFiles,
    MakeGateway,
    MakeGrading,
    MakeImports,
    MakeItems,
    MakeJudgements,
    MakeKnowledgeTest,
    MakeLifecycle,
    MakeMarking,
    MakePeople,
    MakePortfolio,
    MakeResits,
    MakeSittings,
    MakeReviews,
):
    """Makes rows that hold together; names are invented."""

    def __init__(self, at):
        self.at = at
        self.count = 0

    def next(self):
        """A number not used before in this test."""
        self.count += 1
        return self.count
