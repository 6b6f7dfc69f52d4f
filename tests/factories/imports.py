"""Tables of apprentices that were uploaded and checked."""

import io

from epa.clock import london_date
from epa.database import db
from epa.imports import previews, tables
from epa.imports.rules import understood
from epa.uploads import check_upload

_HEAD = "uln,given_names,family_name,date_of_birth,employer,learning_start"


class MakeImports:
    """Tables of apprentices."""

    def checked_table(self, epao, actor, *, family="Prosser", file="learners"):
        """A table of one new apprentice, checked and not stored."""
        content = f"{_HEAD}\n1000000019,Given,{family},2003-05-28,Tidewell,2025-03-04\n"
        with check_upload(
            f"{file}.csv",
            io.BytesIO(content.encode()),
            allowed=tables.ENDINGS,
            max_bytes=tables.MOST_BYTES,
        ) as upload:
            reading = understood(tables.read(upload), today=london_date(self.at))
            kept = previews.keep(upload, reading, epao=epao, actor=actor, at=self.at)
        db.session.commit()
        return kept
