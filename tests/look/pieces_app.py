"""A small application that shows every piece of the look in every state."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, flash, render_template, request
from flask_wtf import CSRFProtect
from markupsafe import Markup

from epa.pdf import document_css
from epa.web import assets, filters
from epa.web.fields import (
    Choice,
    ChoiceField,
    DateBoxes,
    DecimalNumber,
    EmailField,
    FileBox,
    ManyChoices,
    NameField,
    PasswordBox,
    SelectBox,
    TextBox,
    Tick,
    TimeBox,
    WholeNumber,
)
from epa.web.forms import PlumblineForm
from epa.web.pagination import Sorting, page_of_rows
from tests.look.examples import AT, CODES, NEEDS, NOTES, REQUIREMENTS, clock_face

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SECTIONS = [
    "What needs you",
    "Apprentices",
    "Bookings",
    "Test sessions",
    "Results",
    "Question bank",
    "Reports",
]


class ConfirmationForm(PlumblineForm):
    is_ready = ChoiceField(
        "Is Marcus working at or above the level of the occupation?",
        hint="Think of his work over the last three months.",
        missing="Say whether Marcus is ready",
        choices=[
            Choice("yes", "Yes, he is ready"),
            Choice("not-yet", "Not yet", "We ask you for a reason and tell the provider"),
        ],
    )
    decided_on = DateBoxes(
        "When did you decide this?",
        hint="For example, 28 5 2026",
        called="The date of your decision",
    )
    confirms = Tick("I confirm this for Tidewell Housing", missing="Tick the box to confirm this")


class EveryForm(PlumblineForm):
    family_name = NameField("Family name", autocomplete="family-name")
    email = EmailField("Work email address", hint="We write here when a result is released.")
    reason = TextBox("Reason", most_letters=500, optional=True)
    learner = SelectBox(
        "Assessor",
        choices=[("hm", "Helen Marchetti"), ("go", "Graham Oduya")],
        empty_label="Choose",
    )
    kinds = ManyChoices(
        "Which activities does it show?",
        choices=[("a", "Engaging"), ("b", "Profiling"), ("c", "Job matching", "With the employer")],
    )
    marks = WholeNumber("Marks", most=66, unit="of 66")
    off_the_job = DecimalNumber("Off-the-job training", unit="%", most=100, places=1)
    starts_at = TimeBox("Start", hint="For example, 14:05")
    born_on = DateBoxes("Date of birth", hint="For example, 28 5 1999", optional=True)
    material = FileBox(
        "Supporting file", hint="PDF or Word, at most 10 MB", endings=("pdf", "docx")
    )
    password = PasswordBox("Password")
    told = Tick("Tell the provider by email", hint="They are told at once.")


class SheetForm(PlumblineForm):
    judgement = ChoiceField(
        "Judgement",
        missing="Choose Fail, Pass or Distinction",
        default="distinction",
        choices=[
            Choice("fail", "Fail", "The Pass wording is not met."),
            Choice("pass", "Pass", "Sees difficulty coming and calms it."),
            Choice(
                "distinction",
                "Distinction",
                "Brings especially hard situations back to calm without passing them up, and can"
                " point to behaviour that has changed since.",
            ),
        ],
    )
    source = ChoiceField("Source", choices=[("seen", "Seen"), ("asked", "Asked")])
    note = TextBox("New note", most_letters=2000)


def page_context():
    return {
        "product": "Plumbline",
        "organisation_name": "Calder Vale Assessment",
        "home_url": "/",
        "search_url": "/search",
        "sign_out_url": "/sign-out",
        "signed_in": SimpleNamespace(name="Ruth Pemberton", role_title="administrator"),
        "sections": [
            SimpleNamespace(title=title, url="/pieces", is_current=title == "Apprentices")
            for title in SECTIONS
        ],
        "footer_links": [
            SimpleNamespace(title="Privacy", url="/privacy"),
            SimpleNamespace(title="Accessibility", url="/accessibility"),
            SimpleNamespace(title="Help", url="/help"),
        ],
        "label": SimpleNamespace(
            epa="EPA",
            epao="end-point assessment organisation",
            ksb="KSB",
            ksbs="KSBs",
            gateway="gateway",
            apprentice="apprentice",
            apprentices="apprentices",
            assessor="assessor",
        ),
    }


def create_pieces_app():
    app = Flask(
        "pieces",
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    assets.give(app, ROOT / "static")
    app.config.update(SECRET_KEY="for tests only", TESTING=True, MAX_UPLOAD_BYTES=30_000_000)
    app.jinja_loader.searchpath.append(str(HERE / "templates"))
    filters.give(app)
    CSRFProtect(app)
    app.context_processor(page_context)
    app.after_request(_with_policy)
    _add_forms(app)
    _add_pages(app)
    _add_documents(app)
    return app


def _with_policy(response):
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


def _add_forms(app):
    @app.route("/form", methods=["GET", "POST"])
    def confirmation_form():
        form = ConfirmationForm()
        form.validate_on_submit()
        return render_template("confirmation_form.html", form=form)

    @app.route("/every", methods=["GET", "POST"])
    def every_field():
        form = EveryForm()
        if form.validate_on_submit():
            flash("Everything is kept.", "done")
        return render_template("every_field.html", form=form)

    @app.route("/sheet", methods=["GET", "POST"])
    def sheet():
        form = SheetForm()
        form.validate_on_submit()
        return render_template("sheet.html", form=form, codes=CODES, notes=NOTES)


def _add_pages(app):
    @app.get("/pieces")
    def pieces():
        return render_template("pieces.html")

    @app.get("/table")
    def table():
        rows = [(f"Apprentice {n}", date(2026, 6, 1 + n % 28), n * 7 % 66) for n in range(1, 131)]
        sorting = Sorting.from_args(request.args, ["name", "day"])
        return render_template("table.html", page=page_of_rows(rows, request.args), sorting=sorting)

    @app.get("/needs")
    def needs():
        return render_template("needs.html", groups=NEEDS)

    @app.get("/record")
    def record():
        return render_template("record.html", face=clock_face(), requirements=REQUIREMENTS, at=AT)


def _add_documents(app):
    @app.get("/statement")
    def statement():
        css = Markup(document_css())
        return render_template(
            "statement.html",
            document_css=css if "for_engine" in request.args else "",
        )

    @app.get("/error/<int:status>")
    def error(status):
        return render_template(f"errors/{status}.html", message=None), status
