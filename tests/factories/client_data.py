"""Lists of clients that are kept."""

import io
from contextlib import ExitStack
from datetime import date

from epa.client_data import receiving, services
from epa.client_data.rules import Period
from epa.client_data.tables import ENDINGS
from epa.database import db
from epa.people.rules import OrganisationKind
from epa.uploads import check_upload

HEAD = "reference,service_start,job_start,job_end,age,gender,ethnicity"
_MOST_BYTES = 10_000_000
PERIOD = Period(date(2023, 4, 1), date(2026, 3, 31), date(2026, 4, 1))


class MakeClientData:
    """Lists of clients."""

    def client_reading(self, rows, answers=None, period=PERIOD, head=HEAD):
        """What rows of a list, and of answers, come to before they are stored."""

        with ExitStack() as files:

            def checked(name, *lines):
                stream = io.BytesIO("\n".join([*lines, ""]).encode())
                upload = check_upload(
                    name, stream, allowed=frozenset(ENDINGS), max_bytes=_MOST_BYTES
                )
                return files.enter_context(upload)

            clients = checked("clients.csv", head, *rows)
            said = checked("answers.csv", "group,overall", *answers) if answers else None
            return receiving.read(period, clients, said)

    def client_list(self, actor, *, provider=None, epao=None, rows=("C-1,2025-01-06,,,,,",)):
        """A list that is kept for an EPAO."""
        provider = provider or self.organisation(OrganisationKind.EMPLOYABILITY_PROVIDER)
        epao = epao or self.organisation(OrganisationKind.EPAO)
        reading = self.client_reading(rows)
        kept = services.keep(provider, epao, reading, actor=actor, at=self.at)
        db.session.commit()
        return kept
