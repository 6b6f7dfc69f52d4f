"""The facts of the day of an observation."""

from __future__ import annotations

from epa.judgements.forms import ConductForm, limit_words
from epa.observation.rules import ObservationConduct
from epa.web.fields import TextField, Tick, TimeBox, WholeNumber
from frameworks import JudgedMethod


class ObservationConductForm(ConductForm):
    """The facts of an observation, as far as they are known."""

    conduct_type = ObservationConduct

    started = TimeBox("Started at", hint="For example, 9:30")
    ended = TimeBox("Ended at", hint="Breaks included")
    minutes_observed = WholeNumber("Length of the observation", unit="min", most=1440)
    finished_a_task = Tick("I added time so that a task could be finished")
    time_reason = TextField("Reason for more time", optional=True)
    day_reason = TextField("Reason for a longer working day", optional=True)
    service_users = WholeNumber("How many were seen", most=99)
    format_told = Tick("Told the format and the timings beforehand")

    def say_limits(self, method: JudgedMethod) -> None:
        """Write the plan's numbers under the questions they limit."""
        super().say_limits(method)
        part = method.part(ObservationConduct.main_part)
        self.minutes_observed.description = f"Without breaks. {limit_words(method, part.code)}"
        self.time_reason.description = f"Only if it took more than {part.longest_minutes} minutes"
        self.service_users.description = f"At least {method.service_users_min}"
        if method.working_day_hours:
            hours = f"{method.working_day_hours:g} hours"
            self.day_reason.description = f"Only if it took more than {hours} from start to end"
