"""Stored files."""

import hashlib
import io

from epa.database import db
from epa.files import services
from epa.uploads import KINDS, CheckedUpload


class MakeFiles:
    """Files that are really stored, under the test's own data folder."""

    def stored_file(self, actor, *, name="Slides.pdf", content=b"%PDF-1.7\n%%EOF\n"):
        """A file with these bytes, unchecked."""
        extension = name.rpartition(".")[2]
        with CheckedUpload(
            name,
            extension,
            KINDS[extension].content_type,
            io.BytesIO(content),
            len(content),
            hashlib.sha256(content).hexdigest(),
        ) as upload:
            row = services.store(upload, actor=actor, at=self.at)
        db.session.commit()
        return row
