"""The report and the certificate as documents, and the page on which the report's work stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from flask import Response, current_app, render_template, url_for
from markupsafe import Markup

from epa.clock import london_date, utc_now
from epa.external_assessment import queries as visits
from epa.external_assessment.rules import ObjectionKind
from epa.lifecycle.definitions import every_definition
from epa.pdf import LONGEST_FOOTER, document_css, render_pdf
from epa.people.models import Person
from epa.people.rules import Permission
from epa.review_ratings import results
from epa.review_reports import comparing, queries, services
from epa.review_reports.models import IssuedReport, ReviewCertificate
from epa.review_reports.rules import CERTIFICATE_TITLES, state_of
from epa.reviews import pages as review_pages
from epa.reviews import queries as reviews
from epa.reviews import rules as review_rules
from epa.reviews.models import ProviderReview
from epa.reviews.rules import ReviewStatus
from epa.settings import queries as settings
from epa.web.attachments import disposition
from epa.web.exports import Cell

_LONGEST_SECONDS: Final = 60
# The rows of the benchmark, and what of a spread each shows.
SPREADS: Final = (
    ("A quarter are below", "lower"),
    ("Half are below", "middle"),
    ("A quarter are above", "upper"),
)


def hub(review: ProviderReview, person: Person) -> dict[str, Any]:
    """Everything the report's page shows: where it is, what may be done, what was said of it."""
    about = review_pages.about(review, person)
    part, status = about["part"], review.status
    issued = queries.issued_of(review)
    sees_draft = part.oversees or part.is_assessor or (part.is_moderator and issued_or_in(status))
    is_issued = status is ReviewStatus.ISSUED
    content = (
        issued[0].content
        if issued and not (sees_draft and status not in review_rules.SENT)
        else queries.content_of(review)
        if sees_draft
        else None
    )
    facts = visits.objections_of(review, ObjectionKind.FACT)
    due = reviews.due_days(review).get(review_rules.FACTUAL_ERRORS)
    today = london_date(utc_now())
    return {
        **about,
        "content": content,
        **drawn(review, content),
        "is_draft": status not in review_rules.SENT,
        "issued": issued,
        "facts": facts,
        "facts_due_on": due,
        "facts_days": (due - today).days if due else None,
        "lacking": services.lacking(review) if status in review_rules.ASSESSING else [],
        "may_write": part.is_assessor and status in services.WRITTEN_IN,
        "may_hand_in": part.is_lead and status in review_rules.ASSESSING,
        "may_moderate": part.is_moderator and status is ReviewStatus.HANDED_IN,
        "may_send": part.is_lead and status is ReviewStatus.MODERATED,
        "may_dispute": part.is_provider and is_issued and (due is None or today <= due),
        "may_confirm": part.is_provider and is_issued and services.waits_for_facts(review),
        "may_answer": part.is_assessor and is_issued,
        "may_finish": part.is_lead and is_issued,
        "certificate": queries.certificate_of(review),
        "earned": services.mark_earned(review),
        "may_certify": reviews.review_for(person, Permission.MANAGE_REVIEW, review.id) is not None,
    }


def drawn(review: ProviderReview, content: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is drawn of a report, and the day of the report that it is held against."""
    if content is None:
        return {"drawn": None, "earlier_on": None}
    earlier = comparing.last_final_before(review)
    return {
        "drawn": results.drawn(
            reviews.framework_of(review), content, earlier.content if earlier else None
        ),
        "earlier_on": earlier.sent_at if earlier else None,
    }


def comparison(person: Person, chosen: str) -> dict[str, Any]:
    """The services within reach beside one another against one framework, and the benchmark.

    Args:
        person: who looks.
        chosen: a framework's code; any other word shows the first there is.
    """
    codes = comparing.frameworks_compared(person)
    code = chosen if chosen in codes else next(iter(codes), "")
    rows = comparing.compared(person, code)
    titles = {one.code: one.title for one in every_definition() if one.code in codes}
    parts = {key: one["title"] for row in rows for key, one in row.sections.items()}
    least = settings.value("small_cells_below")
    return {
        "titles": titles,
        "code": code,
        "rows": rows,
        "parts": parts,
        "spread_rows": SPREADS,
        "spreads": comparing.benchmarks(rows, code, least),
        "least": least,
    }


def compared_head(values: Mapping[str, Any]) -> list[str]:
    """The columns of the comparison as a file: a section's share is percent of the most there is."""
    sections = [f"{key} {title}" for key, title in values["parts"].items()]
    return ["provider", "service", "outcome", "weighted_score", "final_report_on", *sections]


def compared_lines(values: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """The services, then the benchmark in the same columns where there is one."""
    for one in values["rows"]:
        said = one.report.content["verdict"]
        found = one.sections
        yield (
            *(one.review.provider.name, one.review.service, said["word"], said["score"]),
            london_date(one.report.sent_at).isoformat(),
            *(_reached(found.get(key)) for key in values["parts"]),
        )
    if values["spreads"]:
        for words, place in SPREADS:
            shares = (values["spreads"].get(key) for key in values["parts"])
            yield (words, *[None] * 4, *(one and round(getattr(one, place), 2) for one in shares))


def _reached(section: Mapping[str, Any] | None) -> Cell:
    """A section's share in percent; where the scheme has no figure, its levels in words."""
    if section is None:
        return None
    reach = results.reach_of(section)
    return section["counts"] if reach is None else reach


def issued_or_in(status: ReviewStatus) -> bool:
    """Whether a moderator has, or had, the report before them."""
    return status not in {ReviewStatus.OPEN, ReviewStatus.SUBMITTED, ReviewStatus.WITHDRAWN}


def report_page(review: ProviderReview, report: IssuedReport) -> str:
    """A report that was sent, as a page."""
    return _html("document", review, _report_values(review, report))


def report_pdf(review: ProviderReview, report: IssuedReport) -> Response:
    """The same as a PDF."""
    values = _report_values(review, report)
    return _pdf("document", review, values, name=f"{values['title']} {review.provider.name}")


def _report_values(review: ProviderReview, report: IssuedReport) -> dict[str, Any]:
    title = "Final report" if report.is_final else "Report"
    days = [date.fromisoformat(one) for one in report.content["assessed"] if one]
    return {
        "title": title,
        "report": report,
        "content": report.content,
        **drawn(review, report.content),
        "assessed": days,
        "pdf": url_for("review_reports.document", review_id=review.id, form="pdf"),
        "foot": f"{title}, {report.content['framework']}"[:LONGEST_FOOTER],
    }


def certificate_page(review: ProviderReview, certificate: ReviewCertificate) -> str:
    """The certificate as a page."""
    return _html("certificate", review, _certificate_values(review, certificate))


def certificate_pdf(review: ProviderReview, certificate: ReviewCertificate) -> Response:
    """The same as a PDF."""
    values = _certificate_values(review, certificate)
    return _pdf("certificate", review, values, name=f"Certificate {certificate.number}")


def _certificate_values(review: ProviderReview, certificate: ReviewCertificate) -> dict[str, Any]:
    award = reviews.framework_of(review).cycle.award
    state = state_of(certificate.expires_on, certificate.lapsed_on, london_date(utc_now()))
    return {
        "title": f"Certificate {certificate.number}",
        "certificate": certificate,
        "award": award,
        "framework": reviews.framework_of(review),
        "state": CERTIFICATE_TITLES[state],
        "pdf": url_for("review_reports.certificate", review_id=review.id, form="pdf"),
        "foot": f"Certificate {certificate.number}",
    }


def _html(template: str, review: ProviderReview, values: dict[str, Any], **more: Any) -> str:
    back = ("Back to the review", url_for("reviews.show", review_id=review.id))
    return render_template(
        f"epa/review_reports/{template}.html", review=review, back=back, **values, **more
    )


def _pdf(template: str, review: ProviderReview, values: dict[str, Any], *, name: str) -> Response:
    css = Markup(document_css())  # noqa: S704 (our own stylesheet, read from disk)
    pdf = render_pdf(
        _html(template, review, values, document_css=css),
        title=values["title"],
        engine=current_app.config["PDF_ENGINE"],
        footer=values["foot"],
        timeout=_LONGEST_SECONDS,
    )
    saved = disposition(f"{name}.pdf")
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": saved})
