"""A form that is shown once more when an answer looks like a person's data, and then kept as it is."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms.fields import HiddenField

from epa.personal_data.remarks import Remark, remarks_on_answers
from epa.web.forms import PlumblineForm


class WarnedForm(PlumblineForm):
    """Warns and never blocks: sent a second time, what was warned of is accepted.

    ``remarks`` is what the page shows; ``warned`` carries what the person was told, kind by field.
    """

    warned = HiddenField()
    remarks: tuple[Remark, ...] = ()

    def answers_to_look_over(self) -> Mapping[str, tuple[str, str]]:
        """Each field that may name somebody: what it is called in a sentence, and its text."""
        raise NotImplementedError

    def warns(self) -> bool:
        """Whether the page has to be shown once more; true only for what was not said yet."""
        found = remarks_on_answers(self.answers_to_look_over())
        told = set((self.warned.data or "").split())
        self.warned.data = " ".join(sorted({one.token for one in found}))
        if told.issuperset(one.token for one in found):
            return False
        self.remarks = tuple(found)
        return True
