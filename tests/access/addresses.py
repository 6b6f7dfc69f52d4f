"""Every address: what it asks for, on which kind of record, and where it exists; written by hand."""

# Every address by its endpoint: what it asks for, and on which kind of record.
# An endpoint that is not here fails until somebody has decided who may use it.
_ENDPOINTS = """
adjustments.show               view_adjustments     assessment
adjustments.ask                request_adjustment   assessment
adjustments.ask_again          request_adjustment   assessment
adjustments.withdraw           request_adjustment   asked
adjustments.add_evidence       request_adjustment   asked
adjustments.index              decide_adjustments   -
adjustments.decide             decide_adjustments   asked
adjustments.evidence           decide_adjustments   evidence
answer_marking.index           mark_answers         -
answer_marking.begin           mark_answers         asked_version
answer_marking.mark            mark_answers         answer
answer_marking.take_back       mark_answers         marked
answer_marking.progress        view_unreleased_results -
answer_marking.seeds_index     oversee_markers      -
answer_marking.seeds_of        oversee_markers      asked_version
answer_marking.use_seed        oversee_markers      settled
answer_marking.end_seed        oversee_markers      settled
answer_marking.let_on          oversee_markers      stop
answer_marking.corrections_index correct_marking    -
answer_marking.ask_correction  correct_marking      asked_version
answer_marking.decide_correction correct_marking    remarking
answer_marking.decide_released correct_marking      remarked
audit_log.index                read_audit_log       -
audit_log.export               read_audit_log       -
audit_log.verification         read_audit_log       -
audit_log.head                 read_audit_log       -
assessors.index                manage_assessors     -
assessors.export               manage_assessors     -
assessors.show                 manage_assessors     assessor
assessors.record_competence    manage_assessors     assessor
assessors.record_standardisation manage_assessors   assessor
assessors.end_competence       manage_assessors     competence
assessors.availability         keep_availability    -
assessors.give_hours           keep_availability    -
assessors.give_days_away       keep_availability    -
assessors.take_back            keep_availability    slot
booking.index                  view_bookings        -
booking.export                 view_bookings        -
booking.book                   book                 attempt
booking.confirm                book                 attempt
booking.cancel                 book                 attempt
booking.note_no_show           book                 attempt
booking.send_instructions      book                 attempt
booking.allocate               book                 attempt
booking.show                   view_date            attempt
booking.request_date           request_date         attempt
booking.agree                  agree_to_date        attempt
booking.object_to              agree_to_date        attempt
booking.accept                 answer_allocation    attempt
booking.decline                answer_allocation    attempt
booking.acknowledge            acknowledge_instructions attempt
diary.index                    view_bookings        -
diary.feed                     use_plumbline        -
diary.open_feed                use_plumbline        -
diary.revoke_feed              use_plumbline        -
client_data.index              view_client_data     -
client_data.of                 view_client_data     provider
client_data.upload             manage_client_data   provider
client_data.show               view_client_data     records
client_data.left_out           view_client_data     records
client_data.replace            manage_client_data   records
client_data.remove             manage_client_data   records
client_data.draw               draw_client_sample   records
client_data.population         manage_client_data   records
client_data.clients            manage_client_data   records
client_data.figures            view_client_data     records
client_data.template           manage_client_data   -
client_data.answers_template   manage_client_data   -
case_notes.index               view_case_notes      assessment
case_notes.export              view_case_notes      assessment
case_notes.write               write_case_notes     assessment
case_notes.correct             write_case_notes     note
exchange.upload                manage_bank          bank
exchange.template              manage_bank          -
exchange.show                  manage_bank          file
exchange.store                 manage_bank          file
exchange.exports               approve_bank_export  -
exchange.ask                   manage_bank          bank
exchange.decide                approve_bank_export  export
exchange.fetch                 manage_bank          export
figures.show                   view_figures         -
files.begin                    use_plumbline        -
files.so_far                   use_plumbline        upload
files.take                     use_plumbline        upload
files.finish                   use_plumbline        upload
figures.export                 view_figures         -
changes.index                  change_apprenticeship assessment
changes.withdraw               change_apprenticeship assessment
changes.pause                  change_apprenticeship assessment
changes.reinstate              change_apprenticeship assessment
changes.change_employer        change_apprenticeship assessment
changes.change_provider        change_apprenticeship assessment
changes.correct_name           change_apprenticeship assessment
changes.correct_uln            change_apprenticeship assessment
material.index                 view_material        assessment
material.ask                   ask_for_material     assessment
material.supply                supply_material      material
material.accept_late           accept_late_material material
material.drop                  ask_for_material     material
material.take_up_again         ask_for_material     material
material.file                  view_material        material
portfolio.check                check_portfolio      version
portfolio.compare              view_portfolio       assessment
gateway.show                   view_gateway         assessment
gateway.begin                  supply_gateway       assessment
gateway.supply                 supply_gateway       requirement
gateway.evidence               view_gateway         requirement
gateway.decide                 decide_gateway       requirement
gateway.confirm                confirm_readiness    assessment
gateway.withdraw               confirm_readiness    assessment
gateway.advise                 supply_gateway       assessment
gateway.propose_start          decide_gateway       assessment
gateway.decide_start           decide_gateway       assessment
gateway.withdraw_start         decide_gateway       assessment
grading.index                  release_results      -
grading.export                 release_results      -
grading.results                view_results         assessment
grading.release_method         release_results      attempt
grading.release_overall        release_results      assessment
home.show                      use_plumbline        -
imports.upload                 register_apprentice  -
imports.show                   register_apprentice  table
imports.rows                   register_apprentice  table
imports.so_far                 register_apprentice  table
imports.store                  register_apprentice  table
invigilation.index             run_test_session     -
invigilation.export            run_test_session     -
invigilation.plan              plan_test_sessions   -
invigilation.show              run_test_session     event
invigilation.put_on_shift      plan_test_sessions   event
invigilation.take_off_shift    plan_test_sessions   shift
invigilation.accept_shift      run_test_session     event
invigilation.add_candidates    plan_test_sessions   event
invigilation.confirm           plan_test_sessions   event
invigilation.check_room        run_test_session     event
invigilation.candidate         run_test_session     candidate
invigilation.remove_candidate  plan_test_sessions   candidate
invigilation.record_incident   run_test_session     event
invigilation.close             run_test_session     event
invigilation.cancel            plan_test_sessions   event
invigilation.board             run_test_session     event
invigilation.board_rows        run_test_session     event
invigilation.issue_papers      plan_test_sessions   event
invigilation.do                run_test_session     event
invigilation.window            run_test_session     event
invigilation.register          run_test_session     event
invigilation.report            run_test_session     event
invigilation.noted             run_test_session     candidate
invigilation.decide_late       decide_late_answers  batch
invigilation.bring_late        run_test_session     candidate
invigilation.ask_for_safe_browser plan_test_sessions event
invigilation.safe_browser      run_test_session     -
items.index                    view_items           -
items.reviews                  view_items           -
items.choose_kind              write_items          -
items.write                    write_items          -
items.show                     view_items           item
items.edit                     write_items          item
items.picture                  view_items           picture
items.compare                  view_items           item
items.submit                   write_items          item
items.take_back                write_items          item
items.review                   review_items         item
items.comment                  view_items           item
items.retire                   review_items         item
items.banks                    manage_bank          -
items.open_bank                manage_bank          -
knowledge_test.show            view_test_marks      attempt
knowledge_test.record_sitting  record_sitting       attempt
knowledge_test.enter_marks     enter_test_marks     attempt
observation.sheet              view_mark_sheet      attempt
observation.blank              view_mark_sheet      attempt
observation.open_sheet         judge                attempt
observation.save               judge                attempt
observation.judge              judge                attempt
observation.note               judge                attempt
observation.stream             judge                attempt
observation.remarks            judge                attempt
observation.question           judge                attempt
observation.clock              judge                attempt
observation.prompt             judge                attempt
observation.conduct            judge                attempt
observation.feedback           judge                attempt
observation.sign               judge                attempt
observation.recordings         hear_recording       attempt
observation.attach             judge                attempt
observation.fetch              hear_recording       attempt
observation.correct            judge                attempt
observation.decide_correction  release_results      attempt
outbox.index                   read_outbox          -
outbox.export                  read_outbox          -
outbox.choices                 use_plumbline        -
outbox.show                    read_outbox          mail
papers.index                   manage_bank          -
papers.adequacy                view_items           bank
papers.blueprints              manage_bank          bank
papers.add_blueprint           manage_bank          bank
papers.edit_blueprint          manage_bank          blueprint
papers.draw                    manage_bank          bank
papers.show                    manage_bank          paper
papers.document                manage_bank          paper
people.index                   manage_people        -
people.export                  manage_people        -
people.invite                  manage_people        -
people.show                    manage_people        person
people.edit                    manage_people        person
people.grant_role              manage_people        person
people.end_role                manage_people        role
people.disable                 manage_people        person
people.enable                  manage_people        person
people.resend                  manage_people        person
people.reset_second_factor     manage_people        person
people.organisations           manage_people        -
people.export_organisations    manage_people        -
people.add_organisation        manage_people        -
people.organisation            manage_people        organisation
people.edit_organisation       manage_people        organisation
people.conflicts               use_plumbline        -
people.export_conflicts        use_plumbline        -
people.declare_conflict        declare_conflict     -
people.record_conflict         manage_people        person
people.scrutinise_conflict     scrutinise_conflict  conflict
people.end_conflict            manage_people        conflict
portfolio.show                 view_portfolio       assessment
portfolio.add_piece            build_portfolio      assessment
portfolio.edit_piece           build_portfolio      piece
portfolio.remove_piece         build_portfolio      piece
portfolio.put_piece_back       build_portfolio      piece
portfolio.piece_file           view_portfolio       piece
portfolio.submit               build_portfolio      assessment
presentation.submitted         view_presentation    attempt
presentation.submit_file       submit_presentation  attempt
presentation.submit_late       accept_late_material attempt
presentation.file              view_presentation    attempt
presentation.sheet             view_mark_sheet      attempt
presentation.blank             view_mark_sheet      attempt
presentation.open_sheet        judge                attempt
presentation.save              judge                attempt
presentation.judge             judge                attempt
presentation.note              judge                attempt
presentation.stream            judge                attempt
presentation.remarks           judge                attempt
presentation.question          judge                attempt
presentation.clock             judge                attempt
presentation.conduct           judge                attempt
presentation.feedback          judge                attempt
presentation.sign              judge                attempt
presentation.recordings        hear_recording       attempt
presentation.attach            judge                attempt
presentation.fetch             hear_recording       attempt
presentation.correct           judge                attempt
presentation.decide_correction release_results      attempt
record.index                   list_assessments     -
record.export                  list_assessments     -
record.show                    view_assessment      assessment
registration.register          register_apprentice  -
registration.invitations       register_apprentice  -
registration.export_invitations register_apprentice -
registration.employers_without_contact register_apprentice -
registration.export_employers  register_apprentice  -
reports.statement              view_results         assessment
reports.statement_pdf          view_results         assessment
reports.feedback               view_results         attempt
reports.mark_sheet             view_mark_sheet      attempt
reports.marks                  view_unreleased_results attempt
reports.declaration            view_gateway         assessment
reports.action_plan            view_results         resit
responses.item                 view_items           item
responses.bank                 view_items           bank
responses.report               view_items           bank
responses.test                 manage_bank          bank
responses.test_report          manage_bank          bank
responses.paper                manage_bank          paper
responses.blank                manage_bank          paper
responses.upload               manage_bank          paper
responses.show                 manage_bank          answers
responses.leave_out            manage_bank          paper
resits.index                   release_results      -
resits.export                  release_results      -
resits.show                    view_results         attempt
resits.ask                     ask_for_resit        attempt
resits.agree                   agree_to_resit       resit
resits.decline                 agree_to_resit       resit
resits.record_agreement        decide_resit         resit
resits.circumstances           decide_resit         resit
resits.refuse                  decide_resit         resit
resits.withdraw                ask_for_resit        resit
resits.open_attempt            decide_resit         resit
resits.plan_action             plan_actions         resit
resits.mark_done               plan_actions         action
resits.mark_undone             plan_actions         action
resits.remove_action           plan_actions         action
resits.close                   release_results      assessment
resits.start_again             register_apprentice  assessment
reviews.index                  view_review          -
reviews.open_review            manage_review        -
reviews.show                   view_review          review
reviews.plan                   manage_review        review
reviews.allocate               manage_review        review
reviews.note_step              view_review          review
reviews.withdraw               manage_review        review
self_assessment.show           view_review          review
self_assessment.section        view_review          review
self_assessment.rate           rate_own_service     review
self_assessment.add_evidence   rate_own_service     review
self_assessment.remove_evidence rate_own_service    proof
self_assessment.file           view_review          proof
self_assessment.set_task       rate_own_service     review
self_assessment.finish_task    rate_own_service     task
self_assessment.submit         rate_own_service     review
external_assessment.show       view_review          review
external_assessment.section    view_review          review
external_assessment.rate       assess_service       review
external_assessment.note_interview assess_service   review
external_assessment.feedback   view_review          review
external_assessment.give_feedback assess_service    review
external_assessment.challenge  rate_own_service     review
external_assessment.answer     assess_service       objection
external_assessment.settle     assess_service       remark
external_assessment.timetable  view_review          review
external_assessment.begin_timetable view_review     review
external_assessment.add_block  view_review          review
external_assessment.change_block view_review        block
external_assessment.remove_block view_review        block
external_assessment.agree_timetable rate_own_service review
review_reports.compare         view_review          -
review_reports.export          view_review          -
review_reports.show            view_review          review
review_reports.write           assess_service       review
review_reports.note_criteria   assess_service       review
review_reports.hand_in         assess_service       review
review_reports.moderate        moderate_review      review
review_reports.remark          moderate_review      review
review_reports.drop_remark     moderate_review      remark
review_reports.give_back       moderate_review      review
review_reports.accept          moderate_review      review
review_reports.send            assess_service       review
review_reports.dispute         rate_own_service     review
review_reports.say_it_is_right rate_own_service     review
review_reports.finish          assess_service       review
review_reports.document        view_review          review
review_reports.certify         manage_review        review
review_reports.certificate     view_review          review
improvement.show               view_review          review
improvement.plan_action        rate_own_service     review
improvement.finish_action      rate_own_service     improvement
improvement.hand_in_plan       rate_own_service     review
improvement.keep_up            rate_own_service     review
improvement.lapse              manage_review        review
rooms.index                    manage_rooms         -
rooms.export                   manage_rooms         -
rooms.add                      manage_rooms         -
rooms.edit                     manage_rooms         room
rooms.retire                   manage_rooms         room
rooms.reopen                   manage_rooms         room
search.find                    use_plumbline        -
settings.index                 manage_settings      -
settings.edit                  manage_settings      -
settings.logo                  use_plumbline        -
sign_in.account                use_plumbline        -
sign_in.change_password        use_plumbline        -
sign_in.end_others             use_plumbline        -
sittings.show                  sit_test             sitting
sittings.practise              sit_test             -
sittings.check                 sit_test             -
sittings.ahead                 sit_test             sitting
sittings.paper                 sit_test             sitting
sittings.save                  sit_test             sitting
sittings.sign                  sit_test             sitting
sittings.notice                sit_test             sitting
sittings.hand_in               sit_test             sitting
sittings.send_late             sit_test             sitting
sittings.send_sealed           sit_test             sitting
sittings.receipt               sit_test             sitting
sittings.safe_browser          sit_test             -
wording.index                  manage_wording       -
wording.load                   manage_wording       -
wording.blank                  manage_wording       -
wording.show                   manage_wording       pack
wording.end                    manage_wording       pack
"""
ENDPOINTS = {
    name: (asks, kind) for name, asks, kind in map(str.split, _ENDPOINTS.split("\n")[1:-1])
}

PUBLIC = frozenset(
    {
        *("health.healthz", "static"),
        *("sign_in.enter", "sign_in.second_factor", "sign_in.enrol", "sign_in.leave"),
        *("sign_in.forgotten", "sign_in.set_password"),
        "diary.follow",  # for whoever has the secret address; see test_feeds.py
    }
)

# A method's own pages exist for attempts at that method alone.
METHOD_OF = {
    "knowledge_test": "knowledge_test",
    "observation": "observation",
    "presentation": "presentation",
}

# Pages that exist only where there is something to give, whoever asks.
EXISTS_FOR = {
    "sittings.receipt": {"sitting ada"},
    "reports.statement": {"cleo"},
    "reports.statement_pdf": {"cleo"},
    "reports.feedback": {"dan presentation"},
    "reports.mark_sheet": {"ada presentation"},
    "reports.marks": set(),  # nobody here has marks on which two agree
    "reports.declaration": set(),  # nor a gateway that was accepted after a review
    "resits.show": {"dan presentation"},
    "resits.ask": {"dan presentation"},
    "gateway.evidence": {"english_and_mathematics ben"},
    "gateway.withdraw": {"ben"},
    "gateway.supply": {
        *("time_on_programme ben", "off_the_job ben"),
        *("english_and_mathematics ben", "certificate_permission ben"),
    },
    "portfolio.submit": {"ada", "ben", "dan"},
    "material.file": {"material ada"},
    "presentation.file": {"ada presentation"},
    "presentation.save": {"ada presentation"},
    "presentation.judge": {"ada presentation"},
    "presentation.note": {"ada presentation"},
    "presentation.conduct": {"ada presentation"},
    "presentation.feedback": {"ada presentation"},
    "presentation.sign": {"ada presentation"},
    "presentation.stream": {"ada presentation"},
    "presentation.question": {"ada presentation"},
    "presentation.remarks": {"ada presentation"},
    "presentation.clock": {"ada presentation"},
    "presentation.correct": {"ada presentation"},
    "presentation.fetch": {"ada presentation"},
    "observation.save": {"ada observation"},
    "observation.judge": {"ada observation"},
    "observation.note": {"ada observation"},
    "observation.conduct": {"ada observation"},
    "observation.feedback": {"ada observation"},
    "observation.sign": {"ada observation"},
    "observation.stream": {"ada observation"},
    "observation.question": {"ada observation"},
    "observation.remarks": {"ada observation"},
    "observation.clock": {"ada observation"},
    "observation.prompt": {"ada observation"},
    "observation.correct": {"ada observation"},
    "observation.fetch": {"ada observation"},
}

# Within reach, but not for everybody who reaches it (403 for the others).
SUPPLIED_BY = {
    "time_on_programme": {"provider", "administrator"},
    "off_the_job": {"provider", "administrator"},
    "english_and_mathematics": {"apprentice", "provider", "administrator"},
    "portfolio": {"apprentice"},
    "certificate_permission": {"apprentice"},
    "employer_confirmation": {"employer"},
}
_ON_THE_VISIT = {"provider_quality_lead", "provider_quality_assessor"}
ONLY_FOR = {
    "reviews.note_step": {"administrator", *_ON_THE_VISIT},
    "external_assessment.begin_timetable": _ON_THE_VISIT,
    "external_assessment.add_block": _ON_THE_VISIT,
    "external_assessment.change_block": _ON_THE_VISIT,
    "external_assessment.remove_block": _ON_THE_VISIT,
    "adjustments.withdraw": {"apprentice"},
    "adjustments.add_evidence": {"apprentice"},
    "gateway.advise": {"provider"},
    "invigilation.accept_shift": {"invigilator"},
    "knowledge_test.record_sitting": {"administrator", "invigilator"},
    "knowledge_test.enter_marks": {"marker"},
}
