"""Rows for tests, reached through the ``make`` fixture; one module a package."""

from tests.factories.booking import MakeBooking
from tests.factories.knowledge_test import MakeKnowledgeTest
from tests.factories.lifecycle import MakeLifecycle
from tests.factories.people import MakePeople


class Make(MakePeople, MakeLifecycle, MakeBooking, MakeKnowledgeTest):
    """Makes rows that hold together; names are invented."""

    def __init__(self, at):
        self.at = at
        self.count = 0

    def next(self):
        """A number not used before in this test."""
        self.count += 1
        return self.count
