"""Tables of clients and answers, without a file."""

import pytest

from frameworks.kpis.clients import read_clients
from frameworks.kpis.satisfaction import read_answers
from frameworks.kpis.tables import table_of

COLUMNS = ["reference", "service_start", "job_start", "job_end", "job2_start", "job2_end"]


@pytest.fixture(scope="session")
def table():
    """Rows of text as a table; its first row is the header unless columns are named."""

    def table(rows, columns=None):
        rows = [columns, *rows] if columns else rows
        return table_of("list.csv", list(enumerate(rows, start=1)))

    return table


@pytest.fixture(scope="session")
def clients(table):
    def clients(*rows, columns=COLUMNS):
        return read_clients(table([list(row) for row in rows], columns)).clients

    return clients


@pytest.fixture(scope="session")
def answers(table, seqf):
    def answers(*rows):
        return read_answers(
            table([list(row) for row in rows], ["group", "overall"]), seqf.measures["2.2.C"]
        )

    return answers
