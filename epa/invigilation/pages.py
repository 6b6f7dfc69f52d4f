"""A session's papers to take away: the attendance register, and the report of what happened."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, current_app, render_template
from markupsafe import Markup

from epa.clock import utc_now
from epa.invigilation import queries
from epa.invigilation.models import InvigilatedEvent
from epa.invigilation.register import attended
from epa.invigilation.rules import DELIVERY_TITLES, INCIDENT_TITLES, STATUS_TITLES
from epa.pdf import document_css, render_pdf
from epa.web.attachments import disposition
from epa.web.filters import date_words, time_of_day

_LONGEST_SECONDS: Final = 60


def register(event: InvigilatedEvent) -> Response:
    """Who came, how they were known, and room to sign."""
    return _printed(event, "epa/invigilation/register.html", "Attendance register")


def report(event: InvigilatedEvent) -> Response:
    """Who came, when they wrote, every pause with its reason, and what happened."""
    incidents = queries.incidents(event)
    shown = {"incidents": incidents, "kinds": INCIDENT_TITLES}
    return _printed(event, "epa/invigilation/report.html", "Report of a test session", **shown)


def _printed(event: InvigilatedEvent, template: str, title: str, **more: Any) -> Response:
    when = f"{date_words(event.starts_at)}, {time_of_day(event.starts_at)}"
    html = render_template(
        template,
        title=title,
        event=event,
        method=queries.method_of(event).title,
        people=attended(event),
        delivery=DELIVERY_TITLES[event.delivery],
        status=STATUS_TITLES[event.status],
        printed_at=utc_now(),
        document_css=Markup(document_css()),  # noqa: S704 (our own stylesheet, read from disk)
        **more,
    )
    pdf = render_pdf(
        html,
        title=f"{title}, {when}",
        engine=current_app.config["PDF_ENGINE"],
        footer=f"{title}, {when}",
        timeout=_LONGEST_SECONDS,
    )
    name = disposition(f"{title} {date_words(event.starts_at)}.pdf")
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": name})
