"""The factory, and the one place where features are listed."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from epa import clock, database
from epa.adjustments.routes import bp as adjustments
from epa.answer_marking import tasks as answer_marking_tasks
from epa.answer_marking.routes import bp as answer_marking
from epa.assessors.routes import bp as assessors
from epa.audit.services import use_key
from epa.audit_log.routes import bp as audit_log
from epa.background import queue
from epa.booking import tasks as booking_tasks
from epa.booking.routes import booking
from epa.case_notes.routes import bp as case_notes
from epa.changes.routes import bp as changes
from epa.client_data.routes import bp as client_data
from epa.diary.routes import bp as diary
from epa.extensions import csrf, login_manager, migrate
from epa.external_assessment.routes import bp as external_assessment
from epa.figures.routes import bp as figures
from epa.files import tasks as files_tasks
from epa.files.routes import bp as files
from epa.files.services import use_storage
from epa.gateway.routes import bp as gateway
from epa.grading.routes import bp as grading
from epa.health import bp as health
from epa.home.routes import bp as home
from epa.imports import tasks as imports_tasks
from epa.imports.routes import bp as imports
from epa.improvement.routes import bp as improvement
from epa.invigilation.routes import bp as invigilation
from epa.knowledge_test.routes import bp as knowledge_test
from epa.lifecycle.definitions import use_folder
from epa.material.routes import bp as material
from epa.navigation import give_templates_their_words
from epa.needs import tasks as needs_tasks
from epa.observation.routes import bp as observation
from epa.outbox import letters
from epa.outbox import tasks as outbox_tasks
from epa.outbox.routes import bp as outbox
from epa.people.routes import people
from epa.portfolio.routes import bp as portfolio
from epa.presentation import tasks as presentation_tasks
from epa.presentation.routes import bp as presentation
from epa.record.routes import bp as record
from epa.registration.routes import bp as registration
from epa.reports.routes import bp as reports
from epa.resits.routes import bp as resits
from epa.review_reports.routes import bp as review_reports
from epa.reviews.routes import bp as reviews
from epa.rooms.routes import bp as rooms
from epa.search.routes import bp as search
from epa.self_assessment.routes import bp as self_assessment
from epa.settings.routes import bp as settings
from epa.sign_in import browser, sealing
from epa.sign_in.routes import bp as sign_in
from epa.sign_in.services import use_public_url
from epa.uploads.scanning import use_scanner
from epa.web import assets, errors, filters, headers
from epa.web.cookies import SealedSessions
from epa.web.transaction import PlumblineFlask
from epa.wording.routes import bp as wording
from question_bank.exchange.routes import bp as exchange
from question_bank.items import tasks as items_tasks
from question_bank.items.routes import bp as items
from question_bank.papers.routes import bp as papers
from question_bank.responses.routes import bp as responses
from question_bank.sittings import sealing as late_sealing
from question_bank.sittings import tasks as sittings_tasks
from question_bank.sittings.routes import bp as sittings

ROOT = Path(__file__).resolve().parent.parent

BLUEPRINTS: tuple[Blueprint, ...] = (
    adjustments,
    answer_marking,
    assessors,
    audit_log,
    booking,
    diary,
    external_assessment,
    case_notes,
    exchange,
    figures,
    files,
    changes,
    client_data,
    gateway,
    grading,
    health,
    home,
    imports,
    improvement,
    invigilation,
    items,
    knowledge_test,
    material,
    outbox,
    papers,
    people,
    portfolio,
    observation,
    presentation,
    record,
    registration,
    reports,
    resits,
    responses,
    review_reports,
    reviews,
    rooms,
    search,
    self_assessment,
    settings,
    sign_in,
    sittings,
    wording,
)

# What may be asked of the queue, or comes round: importing these names the tasks.
TASKS: tuple[ModuleType, ...] = (
    answer_marking_tasks,
    outbox_tasks,
    needs_tasks,
    booking_tasks,
    files_tasks,
    imports_tasks,
    items_tasks,
    presentation_tasks,
    sittings_tasks,
)


def create_app(config: Config) -> Flask:
    """Make the application from its settings."""
    app = PlumblineFlask("epa", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_object(config)
    _believe_proxies(app, config.PROXY_COUNT)
    _prepare_kernel(app, config)
    _prepare_pages(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Take a caller's address and https from the proxies in front of us, and from nobody else."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # Flask's own way to wrap


def _prepare_kernel(app: Flask, config: Config) -> None:
    config.DATA_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    clock.allow_shift(config.CLOCK_SHIFT_FILE)
    use_key(config.AUDIT_KEY)
    sealing.use_key(config.SECRET_KEY)
    late_sealing.use_key(config.SECRET_KEY)
    use_public_url(config.PUBLIC_URL)
    letters.use_public_url(config.PUBLIC_URL)
    use_folder(config.DATA_FOLDER / "frameworks")
    use_storage(config.STORAGE_URL)
    use_scanner(config.SCANNER_URL)
    queue.use(app)
    database.db.init_app(app)
    migrate.init_app(app, database.db, directory=str(ROOT / "migrations"))
    database.prepare(app)


def _prepare_pages(app: Flask) -> None:
    app.session_interface = SealedSessions(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    browser.note_who_is_here(app)
    headers.send_with_everything(app)
    assets.give(app, ROOT / "static")
    errors.answer_with_pages(app)
    filters.give(app)
    give_templates_their_words(app)
