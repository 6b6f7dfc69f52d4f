"""Roles, permissions and the one table that joins them; kinds of organisation and of conflict."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final


class OrganisationKind(StrEnum):
    """What an organisation is to us; one organisation may be several."""

    EPAO = "epao"
    EMPLOYER = "employer"
    TRAINING_PROVIDER = "training_provider"
    EMPLOYABILITY_PROVIDER = "employability_provider"
    LOCAL_EMPLOYABILITY_PARTNERSHIP = "local_employability_partnership"
    AWARDING_BODY = "awarding_body"


class Role(StrEnum):
    """What a person is at an organisation; one person may hold several."""

    ADMINISTRATOR = "administrator"
    INDEPENDENT_ASSESSOR = "independent_assessor"
    MARKER = "marker"
    INTERNAL_QUALITY_ASSURER = "internal_quality_assurer"
    INVIGILATOR = "invigilator"
    ITEM_AUTHOR = "item_author"
    ITEM_REVIEWER = "item_reviewer"
    APPRENTICE = "apprentice"
    EMPLOYER = "employer"
    TRAINING_PROVIDER = "training_provider"
    PROVIDER_QUALITY_LEAD = "provider_quality_lead"
    PROVIDER_QUALITY_ASSESSOR = "provider_quality_assessor"
    REVIEW_MODERATOR = "review_moderator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """One thing that a person may do; every page names the one it asks for."""

    USE_PLUMBLINE = "use_plumbline"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    DECLARE_CONFLICT = "declare_conflict"
    SCRUTINISE_CONFLICT = "scrutinise_conflict"
    READ_AUDIT_LOG = "read_audit_log"
    READ_OUTBOX = "read_outbox"
    REGISTER_APPRENTICE = "register_apprentice"
    LIST_ASSESSMENTS = "list_assessments"
    VIEW_ASSESSMENT = "view_assessment"
    VIEW_CHANGES = "view_changes"
    CHANGE_APPRENTICESHIP = "change_apprenticeship"
    VIEW_GATEWAY = "view_gateway"
    SUPPLY_GATEWAY = "supply_gateway"
    CONFIRM_READINESS = "confirm_readiness"
    DECIDE_GATEWAY = "decide_gateway"
    VIEW_ADJUSTMENTS = "view_adjustments"
    REQUEST_ADJUSTMENT = "request_adjustment"
    DECIDE_ADJUSTMENTS = "decide_adjustments"
    BUILD_PORTFOLIO = "build_portfolio"
    VIEW_PORTFOLIO = "view_portfolio"
    VIEW_UNSHARED_PORTFOLIO = "view_unshared_portfolio"
    CHECK_PORTFOLIO = "check_portfolio"
    SUBMIT_PRESENTATION = "submit_presentation"
    VIEW_PRESENTATION = "view_presentation"
    VIEW_MATERIAL = "view_material"
    ASK_FOR_MATERIAL = "ask_for_material"
    SUPPLY_MATERIAL = "supply_material"
    ACCEPT_LATE_MATERIAL = "accept_late_material"
    MANAGE_WORDING = "manage_wording"
    BOOK = "book"
    VIEW_BOOKINGS = "view_bookings"
    VIEW_DATE = "view_date"
    REQUEST_DATE = "request_date"
    AGREE_TO_DATE = "agree_to_date"
    ANSWER_ALLOCATION = "answer_allocation"
    ACKNOWLEDGE_INSTRUCTIONS = "acknowledge_instructions"
    KEEP_AVAILABILITY = "keep_availability"
    MANAGE_ASSESSORS = "manage_assessors"
    MANAGE_ROOMS = "manage_rooms"
    PLAN_TEST_SESSIONS = "plan_test_sessions"
    RUN_TEST_SESSION = "run_test_session"
    DECIDE_LATE_ANSWERS = "decide_late_answers"
    JUDGE = "judge"
    VIEW_MARK_SHEET = "view_mark_sheet"
    HEAR_RECORDING = "hear_recording"
    SIT_TEST = "sit_test"
    RECORD_SITTING = "record_sitting"
    ENTER_TEST_MARKS = "enter_test_marks"
    VIEW_TEST_MARKS = "view_test_marks"
    MARK_ANSWERS = "mark_answers"
    OVERSEE_MARKERS = "oversee_markers"
    CORRECT_MARKING = "correct_marking"
    VIEW_UNRELEASED_RESULTS = "view_unreleased_results"
    RELEASE_RESULTS = "release_results"
    VIEW_RESULTS = "view_results"
    ASK_FOR_RESIT = "ask_for_resit"
    AGREE_TO_RESIT = "agree_to_resit"
    PLAN_ACTIONS = "plan_actions"
    DECIDE_RESIT = "decide_resit"
    VIEW_CASE_NOTES = "view_case_notes"
    WRITE_CASE_NOTES = "write_case_notes"
    VIEW_FIGURES = "view_figures"
    VIEW_CLIENT_DATA = "view_client_data"
    MANAGE_CLIENT_DATA = "manage_client_data"
    DRAW_CLIENT_SAMPLE = "draw_client_sample"
    VIEW_ITEMS = "view_items"
    WRITE_ITEMS = "write_items"
    REVIEW_ITEMS = "review_items"
    MANAGE_BANK = "manage_bank"
    APPROVE_BANK_EXPORT = "approve_bank_export"
    VIEW_REVIEW = "view_review"
    MANAGE_REVIEW = "manage_review"
    RATE_OWN_SERVICE = "rate_own_service"
    ASSESS_SERVICE = "assess_service"
    MODERATE_REVIEW = "moderate_review"


_EVERYONE: Final = frozenset({Permission.USE_PLUMBLINE})
_ON_A_CASE: Final = _EVERYONE | {Permission.LIST_ASSESSMENTS, Permission.VIEW_ASSESSMENT}
_ASSESSES: Final = _ON_A_CASE | {
    Permission.DECLARE_CONFLICT,
    Permission.VIEW_BOOKINGS,
    Permission.VIEW_DATE,
    Permission.ANSWER_ALLOCATION,
    Permission.KEEP_AVAILABILITY,
}
_OVERSEES: Final = _ON_A_CASE | {
    Permission.VIEW_CHANGES,
    Permission.VIEW_BOOKINGS,
    Permission.VIEW_DATE,
    Permission.VIEW_GATEWAY,
    Permission.VIEW_ADJUSTMENTS,
    Permission.VIEW_PORTFOLIO,
    Permission.VIEW_UNSHARED_PORTFOLIO,
    Permission.VIEW_PRESENTATION,
    Permission.VIEW_MATERIAL,
    Permission.VIEW_MARK_SHEET,
    Permission.VIEW_TEST_MARKS,
    Permission.VIEW_UNRELEASED_RESULTS,
    Permission.VIEW_RESULTS,
    Permission.VIEW_CASE_NOTES,
    Permission.VIEW_FIGURES,
    Permission.VIEW_CLIENT_DATA,
    Permission.VIEW_REVIEW,
}
_IN_A_REVIEW: Final = _EVERYONE | {Permission.VIEW_REVIEW}
_DECLARES_IN_A_REVIEW: Final = _IN_A_REVIEW | {Permission.DECLARE_CONFLICT}

# The one table of who may do what; which records a role reaches stands in epa/lifecycle/scope.py.
GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.ADMINISTRATOR: _OVERSEES
    | {
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_SETTINGS,
        Permission.DECLARE_CONFLICT,
        Permission.READ_AUDIT_LOG,
        Permission.READ_OUTBOX,
        Permission.REGISTER_APPRENTICE,
        Permission.CHANGE_APPRENTICESHIP,
        Permission.SUPPLY_GATEWAY,
        Permission.DECIDE_GATEWAY,
        Permission.CHECK_PORTFOLIO,
        Permission.MANAGE_WORDING,
        Permission.ASK_FOR_MATERIAL,
        Permission.SUPPLY_MATERIAL,
        Permission.ACCEPT_LATE_MATERIAL,
        Permission.BOOK,
        Permission.MANAGE_ASSESSORS,
        Permission.MANAGE_ROOMS,
        Permission.PLAN_TEST_SESSIONS,
        Permission.RUN_TEST_SESSION,
        Permission.DECIDE_LATE_ANSWERS,
        Permission.CORRECT_MARKING,
        Permission.RECORD_SITTING,
        Permission.RELEASE_RESULTS,
        Permission.ASK_FOR_RESIT,
        Permission.PLAN_ACTIONS,
        Permission.DECIDE_RESIT,
        Permission.WRITE_CASE_NOTES,
        Permission.VIEW_ITEMS,
        Permission.MANAGE_BANK,
        Permission.APPROVE_BANK_EXPORT,
        Permission.MANAGE_CLIENT_DATA,
        Permission.DRAW_CLIENT_SAMPLE,
        Permission.MANAGE_REVIEW,
    },
    Role.INTERNAL_QUALITY_ASSURER: _OVERSEES
    | {
        Permission.DECLARE_CONFLICT,
        Permission.SCRUTINISE_CONFLICT,
        Permission.DECIDE_ADJUSTMENTS,
        Permission.MANAGE_ASSESSORS,
        Permission.DECIDE_LATE_ANSWERS,
        Permission.OVERSEE_MARKERS,
        Permission.CORRECT_MARKING,
        Permission.HEAR_RECORDING,
        Permission.RELEASE_RESULTS,
        Permission.WRITE_CASE_NOTES,
        Permission.DRAW_CLIENT_SAMPLE,
    },
    Role.AUDITOR: _OVERSEES | {Permission.READ_AUDIT_LOG},
    Role.INDEPENDENT_ASSESSOR: _ASSESSES
    | {
        Permission.VIEW_PORTFOLIO,
        Permission.VIEW_PRESENTATION,
        Permission.VIEW_MATERIAL,
        Permission.JUDGE,
        Permission.VIEW_MARK_SHEET,
        Permission.RUN_TEST_SESSION,
        Permission.HEAR_RECORDING,
        Permission.RECORD_SITTING,
        Permission.ENTER_TEST_MARKS,
        Permission.VIEW_TEST_MARKS,
        Permission.MARK_ANSWERS,
    },
    Role.MARKER: _ASSESSES
    | {Permission.ENTER_TEST_MARKS, Permission.VIEW_TEST_MARKS, Permission.MARK_ANSWERS},
    Role.INVIGILATOR: _ASSESSES | {Permission.RECORD_SITTING, Permission.RUN_TEST_SESSION},
    Role.APPRENTICE: _ON_A_CASE
    | {
        Permission.VIEW_GATEWAY,
        Permission.SUPPLY_GATEWAY,
        Permission.VIEW_ADJUSTMENTS,
        Permission.REQUEST_ADJUSTMENT,
        Permission.BUILD_PORTFOLIO,
        Permission.VIEW_PORTFOLIO,
        Permission.VIEW_UNSHARED_PORTFOLIO,
        Permission.SUBMIT_PRESENTATION,
        Permission.VIEW_PRESENTATION,
        Permission.VIEW_MATERIAL,
        Permission.SUPPLY_MATERIAL,
        Permission.VIEW_DATE,
        Permission.REQUEST_DATE,
        Permission.ACKNOWLEDGE_INSTRUCTIONS,
        Permission.SIT_TEST,
        Permission.VIEW_RESULTS,
        Permission.ASK_FOR_RESIT,
    },
    Role.EMPLOYER: _ON_A_CASE
    | {
        Permission.VIEW_DATE,
        Permission.REQUEST_DATE,
        Permission.AGREE_TO_DATE,
        Permission.VIEW_GATEWAY,
        Permission.SUPPLY_GATEWAY,
        Permission.CONFIRM_READINESS,
        Permission.VIEW_ADJUSTMENTS,
        Permission.REQUEST_ADJUSTMENT,
        Permission.VIEW_MATERIAL,
        Permission.SUPPLY_MATERIAL,
        Permission.VIEW_RESULTS,
        Permission.ASK_FOR_RESIT,
        Permission.AGREE_TO_RESIT,
        Permission.PLAN_ACTIONS,
    },
    Role.TRAINING_PROVIDER: _ON_A_CASE
    | {
        Permission.VIEW_DATE,
        Permission.REQUEST_DATE,
        Permission.VIEW_GATEWAY,
        Permission.SUPPLY_GATEWAY,
        Permission.VIEW_ADJUSTMENTS,
        Permission.REQUEST_ADJUSTMENT,
        Permission.VIEW_MATERIAL,
        Permission.SUPPLY_MATERIAL,
        Permission.VIEW_RESULTS,
        Permission.ASK_FOR_RESIT,
        Permission.PLAN_ACTIONS,
    },
    Role.ITEM_AUTHOR: _EVERYONE | {Permission.VIEW_ITEMS, Permission.WRITE_ITEMS},
    Role.ITEM_REVIEWER: _EVERYONE
    | {Permission.VIEW_ITEMS, Permission.REVIEW_ITEMS, Permission.APPROVE_BANK_EXPORT},
    Role.PROVIDER_QUALITY_LEAD: _IN_A_REVIEW
    | {
        Permission.RATE_OWN_SERVICE,
        Permission.VIEW_CLIENT_DATA,
        Permission.MANAGE_CLIENT_DATA,
    },
    Role.PROVIDER_QUALITY_ASSESSOR: _DECLARES_IN_A_REVIEW | {Permission.ASSESS_SERVICE},
    Role.REVIEW_MODERATOR: _DECLARES_IN_A_REVIEW | {Permission.MODERATE_REVIEW},
}

# Those who work for the EPAO or on its behalf: they need a second factor and declare conflicts.
STAFF: Final = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.INDEPENDENT_ASSESSOR,
        Role.MARKER,
        Role.INTERNAL_QUALITY_ASSURER,
        Role.INVIGILATOR,
        Role.ITEM_AUTHOR,
        Role.ITEM_REVIEWER,
        Role.PROVIDER_QUALITY_ASSESSOR,
        Role.REVIEW_MODERATOR,
        Role.AUDITOR,
    }
)

ROLE_TITLES: Final[dict[Role, str]] = {
    Role.ADMINISTRATOR: "Administrator",
    Role.INDEPENDENT_ASSESSOR: "Independent assessor",
    Role.MARKER: "Marker",
    Role.INTERNAL_QUALITY_ASSURER: "Internal quality assurer",
    Role.INVIGILATOR: "Invigilator",
    Role.ITEM_AUTHOR: "Item author",
    Role.ITEM_REVIEWER: "Item reviewer",
    Role.APPRENTICE: "Apprentice",
    Role.EMPLOYER: "Employer",
    Role.TRAINING_PROVIDER: "Training provider",
    Role.PROVIDER_QUALITY_LEAD: "Provider quality lead",
    Role.PROVIDER_QUALITY_ASSESSOR: "Provider-quality assessor",
    Role.REVIEW_MODERATOR: "Review moderator",
    Role.AUDITOR: "Auditor",
}

# Where each role may be held: an employer's contact belongs to an employer, staff to the EPAO.
ROLE_BELONGS_TO: Final[dict[Role, frozenset[OrganisationKind]]] = {
    **dict.fromkeys(STAFF | {Role.APPRENTICE}, frozenset({OrganisationKind.EPAO})),
    Role.EMPLOYER: frozenset({OrganisationKind.EMPLOYER}),
    Role.TRAINING_PROVIDER: frozenset({OrganisationKind.TRAINING_PROVIDER}),
    Role.PROVIDER_QUALITY_LEAD: frozenset(
        {
            OrganisationKind.EMPLOYABILITY_PROVIDER,
            OrganisationKind.TRAINING_PROVIDER,
            OrganisationKind.LOCAL_EMPLOYABILITY_PARTNERSHIP,
        }
    ),
}


# The roles that are held at an EPAO; whoever has one belongs to it, all others are clients' people.
EPAO_ROLES: Final = frozenset(
    role for role, kinds in ROLE_BELONGS_TO.items() if kinds == {OrganisationKind.EPAO}
)

KIND_TITLES: Final[dict[OrganisationKind, str]] = {
    OrganisationKind.EPAO: "End-point assessment organisation",
    OrganisationKind.EMPLOYER: "Employer",
    OrganisationKind.TRAINING_PROVIDER: "Training provider",
    OrganisationKind.EMPLOYABILITY_PROVIDER: "Employability provider",
    OrganisationKind.LOCAL_EMPLOYABILITY_PARTNERSHIP: "Local Employability Partnership",
    OrganisationKind.AWARDING_BODY: "Awarding body",
}
CLIENT_KINDS: Final = frozenset(OrganisationKind) - {OrganisationKind.EPAO}


class ConflictKind(StrEnum):
    """Why somebody must not assess somebody."""

    PERSONAL = "personal"
    EMPLOYER = "employer"
    PROVIDER = "provider"
    TRAINED = "trained"
    LINE_MANAGED = "line_managed"


CONFLICT_TITLES: Final[dict[ConflictKind, str]] = {
    ConflictKind.PERSONAL: "A personal relationship",
    ConflictKind.EMPLOYER: "Works or worked for the employer",
    ConflictKind.PROVIDER: "Works or worked for the training provider",
    ConflictKind.TRAINED: "Trained the apprentice",
    ConflictKind.LINE_MANAGED: "Line-managed the apprentice",
}


@lru_cache(maxsize=1024)
def granted(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that somebody with these roles may do somewhere."""
    return frozenset().union(*(GRANTS[role] for role in roles))


def ukprn_fault(ukprn: str) -> str | None:
    """What is wrong with a UKPRN, or None: eight figures that begin with 1 (UKRLP)."""
    if len(ukprn) == 8 and ukprn.isascii() and ukprn.isdecimal() and ukprn[0] == "1":  # noqa: PLR2004 (eight figures)
        return None
    return "The UKPRN must be 8 figures that begin with 1, such as 10012345"


def may_be_held_at(role: Role, kinds: frozenset[OrganisationKind]) -> bool:
    """Whether a role makes sense at an organisation of these kinds."""
    return not kinds.isdisjoint(ROLE_BELONGS_TO[role])
