"""Who may do what to what, written by hand: from the plan, trust.md and what each part is for.

Nothing here is computed from the product's own tables: a role that is granted more there, or
reaches further there, differs from here and fails.

The words of a cell, each from the reader's own role (their "hat"):

- ``-``         not granted: 403
- ``yes``       granted; there is no record to reach
- ``epao``      the records of the EPAO at which the role is held
- ``own``       the apprentice's own case
- ``employer``  the cases of the employer at which the role is held
- ``provider``  the cases of the training provider at which the role is held
- ``case``      cases with an attempt to which the reader is allocated
- ``attempt``   attempts to which the reader is allocated
- ``shared``    the case whose accepted portfolio was shared with the reader
- ``leads``     the provider whose quality the reader leads
- ``shift``     test sessions in which the reader is on shift
"""

ROLES = (
    *("administrator", "iqa", "auditor", "assessor", "marker", "invigilator"),
    *("apprentice", "employer", "provider"),
)
# These have only what everybody has, until their own features are there; but for the question bank.
ROLES_WITH_NOTHING_YET = (
    *("item_author", "item_reviewer", "review_moderator"),
    *("provider_quality_lead", "provider_quality_assessor"),
)

_PERMISSIONS = """
                        administrator iqa   auditor assessor marker  invigilator apprentice employer provider
use_plumbline           yes           yes   yes     yes      yes     yes         yes        yes      yes
manage_people           epao          -     -       -        -       -           -          -        -
declare_conflict        yes           yes   -       yes      yes     yes         -          -        -
manage_settings         yes           -     -       -        -       -           -          -        -
scrutinise_conflict     -             epao  -       -        -       -           -          -        -
read_audit_log          yes           -     yes     -        -       -           -          -        -
read_outbox             epao          -     -       -        -       -           -          -        -
register_apprentice     epao          -     -       -        -       -           -          -        -
change_apprenticeship   epao          -     -       -        -       -           -          -        -
view_changes            epao          epao  epao    -        -       -           -          -        -
list_assessments        yes           yes   yes     yes      yes     yes         yes        yes      yes
view_assessment         epao          epao  epao    case     case    case        own        employer provider
view_gateway            epao          epao  epao    -        -       -           own        employer provider
supply_gateway          epao          -     -       -        -       -           own        employer provider
confirm_readiness       -             -     -       -        -       -           -          employer -
decide_gateway          epao          -     -       -        -       -           -          -        -
view_adjustments        epao          epao  epao    -        -       -           own        employer provider
request_adjustment      -             -     -       -        -       -           own        employer provider
decide_adjustments      -             epao  -       -        -       -           -          -        -
build_portfolio         -             -     -       -        -       -           own        -        -
view_portfolio          epao          epao  epao    shared   -       -           own        -        -
submit_presentation     -             -     -       -        -       -           own        -        -
view_presentation       epao          epao  epao    attempt  -       -           own        -        -
check_portfolio         epao          -     -       -        -       -           -          -        -
view_material           epao          epao  epao    case     -       -           own        employer provider
ask_for_material        epao          -     -       -        -       -           -          -        -
supply_material         epao          -     -       -        -       -           own        employer provider
accept_late_material    epao          -     -       -        -       -           -          -        -
book                    epao          -     -       -        -       -           -          -        -
view_bookings           yes           yes   yes     yes      yes     yes         -          -        -
view_date               epao          epao  epao    attempt  attempt attempt     own        employer provider
request_date            -             -     -       -        -       -           own        employer provider
agree_to_date           -             -     -       -        -       -           -          employer -
answer_allocation       -             -     -       attempt  attempt attempt     -          -        -
acknowledge_instructions -            -     -       -        -       -           own        -        -
keep_availability       -             -     -       yes      yes     yes         -          -        -
manage_assessors        epao          epao  -       -        -       -           -          -        -
manage_rooms            epao          -     -       -        -       -           -          -        -
plan_test_sessions      epao          -     -       -        -       -           -          -        -
run_test_session        epao          -     -       shift    -       shift       -          -        -
decide_late_answers     epao          epao  -       -        -       -           -          -        -
judge                   -             -     -       attempt  -       -           -          -        -
view_mark_sheet         epao          epao  epao    attempt  -       -           -          -        -
hear_recording          -             epao  -       attempt  -       -           -          -        -
manage_wording          epao          -     -       -        -       -           -          -        -
sit_test                -             -     -       -        -       -           own        -        -
record_sitting          epao          -     -       attempt  -       attempt     -          -        -
enter_test_marks        -             -     -       attempt  attempt -           -          -        -
view_test_marks         epao          epao  epao    attempt  attempt -           -          -        -
mark_answers            -             -     -       epao     epao    -           -          -        -
oversee_markers         -             epao  -       -        -       -           -          -        -
correct_marking         epao          epao  -       -        -       -           -          -        -
view_unreleased_results epao          epao  epao    -        -       -           -          -        -
release_results         epao          epao  -       -        -       -           -          -        -
view_case_notes         epao          epao  epao    -        -       -           -          -        -
write_case_notes        epao          epao  -       -        -       -           -          -        -
view_figures            yes           yes   yes     -        -       -           -          -        -
view_results            epao          epao  epao    -        -       -           own        employer provider
ask_for_resit           epao          -     -       -        -       -           own        employer provider
agree_to_resit          -             -     -       -        -       -           -          employer -
plan_actions            epao          -     -       -        -       -           -          employer provider
decide_resit            epao          -     -       -        -       -           -          -        -
"""

# Which words may be shown to whom. ``always`` is for the public alone. Besides, everybody sees
# their own name and their own conflicts.
#
# - Names of clients (employers, providers) are shared between EPAOs, by those who register, who
#   manage people or who choose with whom they have a conflict; those of an EPAO's people are not.
# - A rejected gateway requirement says why to all who supply; an assessor is told nothing of it.
# - An unreleased grade is for the EPAO's own oversight and for the assessor who gave it.
# - What was given as an adjustment is known to those who run the test, and why only to those who
#   record it; what happened in the room is no marker's business: they mark blind.
# - What is granted is for those who run the day and those who prepare it, never for a marker; why it
#   is asked for is the panel's, and of whoever wrote it; why it was decided so, the apprentice's too.
# - Why late material was let in may be about health: not for the assessor.
# - Why somebody was away may be about health too: for the EPAO's own oversight.
# - Why an attempt may be taken after the period may be about health: for the EPAO's oversight.
# - What a candidate answered is for who marks, and who oversees these; nobody there has a name.
# - Who stands in a table that is only checked is nobody's business but of those who register.
_WORDS = """
                    administrator iqa   auditor assessor marker  invigilator apprentice employer provider
epao_name           epao          epao  epao    epao     epao    epao        epao       employer provider
client_name         all           all   epao    all      all     all         own        employer provider
staff_name          epao          epao  epao    epao     epao    epao        epao       employer provider
contact_name        all           epao  epao    case     case    case        own        employer provider
apprentice_name     epao          epao  epao    case     case    case        own        employer provider
gateway             epao          epao  epao    -        -       -           own        employer provider
portfolio           epao          epao  epao    shared   -       -           own        -        -
portfolio_draft     epao          epao  epao    -        -       -           own        -        -
presentation_file   epao          epao  epao    attempt  -       -           own        -        -
material            epao          epao  epao    case     -       -           own        employer provider
late_reason         epao          epao  epao    -        -       -           own        -        -
evidence_note       epao          epao  epao    attempt  -       -           -          -        -
asked_question      epao          epao  epao    attempt  -       -           -          -        -
answer_said         -             epao  -       epao     epao    -           -          -        -
correction          epao          epao  epao    attempt  -       -           -          -        -
recording           -             epao  -       attempt  -       -           -          -        -
wording             epao          epao  epao    attempt  -       -           -          -        -
unreleased          epao          epao  epao    attempt  -       -           -          -        -
released            epao          epao  epao    attempt  -       -           own        employer provider
no_resit_reason     epao          epao  epao    -        -       -           -          -        -
asked_again         epao          epao  epao    -        -       -           own        employer provider
circumstances       epao          epao  epao    -        -       -           -          -        -
incidents           epao          epao  epao    -        -       attempt     -          -        -
adjustment          epao          -     -       -        -       attempt     -          -        -
adjustment_granted  epao          epao  epao    attempt  -       attempt     own        employer provider
adjustment_need     -             epao  -       -        -       -           own        -        -
adjustment_reason   -             epao  -       -        -       -           own        -        -
instructions        epao          epao  epao    attempt  attempt attempt     own        employer provider
booking_reason      epao          -     -       -        -       -           -          -        -
competence_basis    epao          epao  -       -        -       -           -          -        -
room                epao          -     -       -        -       -           -          -        -
case_note           epao          epao  epao    -        -       -           -          -        -
change_reason       epao          epao  epao    -        -       -           -          -        -
imported_name       epao          -     -       -        -       -           -          -        -
conflict            epao          epao  -       -        -       -           -          -        -
mail                epao          -     -       -        -       -           -          -        -
never               -             -     -       -        -       -           -          -        -
"""


def _grid(text):
    head, *lines = text.strip("\n").splitlines()
    columns = head.split()
    assert tuple(columns) == ROLES
    return {
        name: dict(zip(columns, cells, strict=True))
        for name, *cells in (line.split() for line in lines)
    }


PERMISSIONS = _grid(_PERMISSIONS)
WORDS = _grid(_WORDS)
for _role in ROLES_WITH_NOTHING_YET:
    for _row in (*PERMISSIONS.values(), *WORDS.values()):
        _row[_role] = "-"
    PERMISSIONS["use_plumbline"][_role] = "yes"
    WORDS["epao_name"][_role] = WORDS["staff_name"][_role] = "epao"
# The question bank: the only ones who meet its items. Whatever is not named here is refused.
_BANK_PERMISSIONS = """
                        administrator item_author item_reviewer
view_items              epao          epao        epao
write_items             -             epao        -
review_items            -             -           epao
manage_bank             epao          -           -
approve_bank_export     epao          -           epao
"""
_BANK_WORDS = """
                        administrator item_author item_reviewer
item_text               epao          epao        epao
"""
_head, *_rows = (line.split() for line in _BANK_PERMISSIONS.strip().splitlines())
for _name, *_cells in _rows:
    PERMISSIONS[_name] = dict.fromkeys((*ROLES, *ROLES_WITH_NOTHING_YET), "-")
    PERMISSIONS[_name] |= dict(zip(_head, _cells, strict=True))
_head, *_rows = (line.split() for line in _BANK_WORDS.strip().splitlines())
for _name, *_cells in _rows:
    WORDS[_name] = dict.fromkeys((*ROLES, *ROLES_WITH_NOTHING_YET), "-")
    WORDS[_name] |= dict(zip(_head, _cells, strict=True))
# Whoever marks, or oversees those who do, reads the question with its guide, and the answer without
# its candidate.
for _role in ("assessor", "iqa", "marker"):
    WORDS["item_text"][_role] = "epao"
# Reviews of providers: ``service`` is the provider's own review, ``review`` the one that somebody has
# a part in. What was heard, and moderation, stay with the organisation that runs the review.
_REVIEW_PERMISSIONS = """
                        administrator iqa   auditor provider_quality_lead provider_quality_assessor review_moderator
view_review             epao          epao  epao    service               review                    review
manage_review           epao          -     -       -                     -                         -
rate_own_service        -             -     -       service               -                         -
assess_service          -             -     -       -                     review                    -
moderate_review         -             -     -       -                     -                         review
"""
_REVIEW_WORDS = """
                        administrator iqa   auditor provider_quality_lead provider_quality_assessor review_moderator
review_said             epao          epao  epao    service               review                    review
review_inside           epao          epao  epao    -                     review                    review
"""
for _text, _table in ((_REVIEW_PERMISSIONS, PERMISSIONS), (_REVIEW_WORDS, WORDS)):
    _head, *_rows = (line.split() for line in _text.strip().splitlines())
    for _name, *_cells in _rows:
        _table[_name] = dict.fromkeys((*ROLES, *ROLES_WITH_NOTHING_YET), "-")
        _table[_name] |= dict(zip(_head, _cells, strict=True))
# Whoever assesses or moderates declares conflicts, and so chooses among the clients.
for _role in ("provider_quality_assessor", "review_moderator"):
    PERMISSIONS["declare_conflict"][_role] = "yes"
    WORDS["client_name"][_role] = "all"
    WORDS["contact_name"][_role] = "review"
for _name in ("client_name", "contact_name", "epao_name", "staff_name"):
    WORDS[_name]["provider_quality_lead"] = "service"
# Client data: a provider's quality lead keeps lists for an EPAO that they choose by its name.
_CLIENT_PERMISSIONS = """
                        administrator iqa   auditor provider_quality_lead
view_client_data        epao          epao  epao    leads
manage_client_data      epao          -     -       leads
draw_client_sample      epao          epao  -       -
"""
_head, *_rows = (line.split() for line in _CLIENT_PERMISSIONS.strip().splitlines())
for _name, *_cells in _rows:
    PERMISSIONS[_name] = dict.fromkeys((*ROLES, *ROLES_WITH_NOTHING_YET), "-")
    PERMISSIONS[_name] |= dict(zip(_head, _cells, strict=True))
WORDS["client_reference"] = dict.fromkeys((*ROLES, *ROLES_WITH_NOTHING_YET), "-")
for _role in ("administrator", "iqa", "auditor", "provider_quality_lead"):
    WORDS["client_reference"][_role] = "epao"
# Whoever assesses reads the files of the clients that were drawn.
WORDS["client_reference"]["provider_quality_assessor"] = "review"
WORDS["epao_name"]["provider_quality_lead"] = "all"
