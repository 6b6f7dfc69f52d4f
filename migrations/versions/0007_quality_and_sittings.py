"""Reviews of providers, lists of clients, prompts, marked answers and sittings."""

import sqlalchemy as sa
from alembic import op

revision = "0007_quality_and_sittings"
down_revision = "0006_bank_and_after"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_records",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("framework_code", sa.String(length=40), nullable=False),
        sa.Column("framework_version", sa.String(length=40), nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("population", sa.JSON(), nullable=False),
        sa.Column("population_source", sa.String(length=200), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_client_records_period")),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_client_records_epao_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_client_records_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["stored_by_id"], ["person.id"], name=op.f("fk_client_records_stored_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_records")),
        sa.UniqueConstraint(
            "organisation_id",
            "epao_id",
            "starts_on",
            "ends_on",
            name=op.f("uq_client_records_organisation_id_epao_id_starts_on_ends_on"),
        ),
    )
    with op.batch_alter_table("client_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_records_epao_id"), ["epao_id"], unique=False)

    op.create_table(
        "provider_review",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("framework_code", sa.String(length=64), nullable=False),
        sa.Column("framework_version", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "submitted",
                "returned",
                "handed_in",
                "moderated",
                "issued",
                "final",
                "withdrawn",
                name="reviewstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("lead_contact_id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(first_on IS NULL) = (last_on IS NULL)", name=op.f("ck_provider_review_days_whole")
        ),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_provider_review_days_in_order")),
        sa.ForeignKeyConstraint(
            ["lead_contact_id"],
            ["person.id"],
            name=op.f("fk_provider_review_lead_contact_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["person.id"], name=op.f("fk_provider_review_moderator_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_provider_review_opened_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_provider_review_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_provider_review_provider_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_review")),
    )
    with op.batch_alter_table("provider_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_review_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "ix_provider_review_provider", ["provider_id", "framework_code"], unique=False
        )

    op.create_table(
        "client_sample",
        sa.Column("records_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("clients", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["person.id"], name=op.f("fk_client_sample_drawn_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["records_id"],
            ["client_records.id"],
            name=op.f("fk_client_sample_records_id_client_records"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_sample")),
    )
    with op.batch_alter_table("client_sample", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_sample_records_id"), ["records_id"], unique=False
        )

    op.create_table(
        "criterion_note",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("good_practice", sa.Text(), nullable=False),
        sa.Column("improvement", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_criterion_note_review_id_provider_review"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_criterion_note_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_note")),
        sa.UniqueConstraint(
            "review_id",
            "criterion_code",
            "version",
            name=op.f("uq_criterion_note_review_id_criterion_code_version"),
        ),
    )
    op.create_table(
        "criterion_rating",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "provider",
                "assessors",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=True),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("counted_of", sa.Integer(), nullable=True),
        sa.Column("has_nothing", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "level IS NULL OR value IS NULL", name=op.f("ck_criterion_rating_level_or_value")
        ),
        sa.CheckConstraint(
            "value IS NULL OR NOT has_nothing", name=op.f("ck_criterion_rating_value_or_nothing")
        ),
        sa.ForeignKeyConstraint(
            ["rated_by_id"], ["person.id"], name=op.f("fk_criterion_rating_rated_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_criterion_rating_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_rating")),
        sa.UniqueConstraint(
            "review_id",
            "side",
            "criterion_code",
            "version",
            name=op.f("uq_criterion_rating_review_id_side_criterion_code_version"),
        ),
    )
    op.create_table(
        "feedback_given",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_feedback_given_given_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_feedback_given_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_given")),
    )
    with op.batch_alter_table("feedback_given", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feedback_given_review_id"), ["review_id"], unique=False
        )

    op.create_table(
        "improvement_action",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)",
            name=op.f("ck_improvement_action_done_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_improvement_action_done_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"],
            ["person.id"],
            name=op.f("fk_improvement_action_planned_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_improvement_action_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_action")),
    )
    with op.batch_alter_table("improvement_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_improvement_action_review_id"), ["review_id"], unique=False
        )

    op.create_table(
        "interview_held",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["person.id"], name=op.f("fk_interview_held_noted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_interview_held_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_held")),
    )
    with op.batch_alter_table("interview_held", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interview_held_review_id"), ["review_id"], unique=False
        )

    op.create_table(
        "issued_report",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_issued_report_review_id_provider_review"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["person.id"], name=op.f("fk_issued_report_sent_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_issued_report_review_id_number")),
    )
    op.create_table(
        "moderation_remark",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)",
            name=op.f("ck_moderation_remark_settlement_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_moderation_remark_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_moderation_remark_review_id_provider_review"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_moderation_remark_settled_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_remark")),
    )
    with op.batch_alter_table("moderation_remark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moderation_remark_review_id"), ["review_id"], unique=False
        )

    op.create_table(
        "report_text",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("impression", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_report_text_review_id_provider_review"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_report_text_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_text")),
        sa.UniqueConstraint("review_id", "version", name=op.f("uq_report_text_review_id_version")),
    )
    op.create_table(
        "review_assessor",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allocated_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocated_by_id"],
            ["person.id"],
            name=op.f("fk_review_assessor_allocated_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_review_assessor_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_review_assessor_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assessor")),
    )
    with op.batch_alter_table("review_assessor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_assessor_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "uq_review_assessor_current",
            ["review_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "review_certificate",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("is_indicative", sa.Boolean(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("lapsed_on", sa.Date(), nullable=True),
        sa.Column("lapsed_by_id", sa.Uuid(), nullable=True),
        sa.Column("lapse_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(lapsed_on IS NULL) = (lapsed_by_id IS NULL) AND (lapsed_on IS NULL) = (lapse_reason IS NULL)",
            name=op.f("ck_review_certificate_lapse_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_review_certificate_issued_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["lapsed_by_id"], ["person.id"], name=op.f("fk_review_certificate_lapsed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_review_certificate_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_review_certificate_number")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_certificate_review_id")),
    )
    op.create_table(
        "review_evidence",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("is_further", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(file_id IS NULL) != (link IS NULL)", name=op.f("ck_review_evidence_file_or_link")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)",
            name=op.f("ck_review_evidence_removal_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_review_evidence_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_review_evidence_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["person.id"], name=op.f("fk_review_evidence_removed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_review_evidence_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_evidence")),
    )
    with op.batch_alter_table("review_evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_evidence_review", ["review_id", "criterion_code"], unique=False
        )

    op.create_table(
        "review_objection",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "challenge",
                "fact",
                name="objectionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("criterion_code", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL) AND (answered_at IS NULL) = (is_upheld IS NULL)",
            name=op.f("ck_review_objection_answer_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["person.id"],
            name=op.f("fk_review_objection_answered_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["person.id"], name=op.f("fk_review_objection_raised_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_review_objection_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_objection")),
    )
    with op.batch_alter_table("review_objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_objection_review_id"), ["review_id"], unique=False
        )

    op.create_table(
        "review_step",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_review_step_by_id_person")),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_review_step_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_step")),
    )
    with op.batch_alter_table("review_step", schema=None) as batch_op:
        batch_op.create_index("ix_review_step_review", ["review_id", "code"], unique=False)

    op.create_table(
        "section_task",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("section_code", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_section_task_done_whole")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_section_task_done_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_section_task_owner_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_section_task_review_id_provider_review"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_section_task_set_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_task")),
    )
    with op.batch_alter_table("section_task", schema=None) as batch_op:
        batch_op.create_index("ix_section_task_owner", ["owner_id", "done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_section_task_review_id"), ["review_id"], unique=False)

    op.create_table(
        "timetable_block",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_timetable_block_runs")),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_timetable_block_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_block")),
    )
    with op.batch_alter_table("timetable_block", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timetable_block_review_id"), ["review_id"], unique=False
        )

    op.create_table(
        "upkeep_done",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_upkeep_done_done_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["provider_review.id"],
            name=op.f("fk_upkeep_done_review_id_provider_review"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_done")),
        sa.UniqueConstraint(
            "review_id", "year", "place", name=op.f("uq_upkeep_done_review_id_year_place")
        ),
    )
    op.create_table(
        "answer_file",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Uuid(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_answer_file_paper_id_paper")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["person.id"], name=op.f("fk_answer_file_read_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
    )
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_file_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "script",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("candidate", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "file",
                "sitting",
                name="scriptsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "NOT is_left_out OR reason != ''", name=op.f("ck_script_left_out_for_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["person.id"], name=op.f("fk_script_kept_by_id_person")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_script_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script")),
        sa.UniqueConstraint(
            "paper_id", "candidate", "revision", name=op.f("uq_script_paper_id_candidate_revision")
        ),
    )
    op.create_table(
        "drawn_prompt",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("pool", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_drawn_prompt_number_from_one")),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_drawn_prompt_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["person.id"], name=op.f("fk_drawn_prompt_drawn_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
            name=op.f("fk_drawn_prompt_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_prompt")),
        sa.UniqueConstraint("attempt_id", "place", name=op.f("uq_drawn_prompt_attempt_id_place")),
        sa.UniqueConstraint("attempt_id", "token", name=op.f("uq_drawn_prompt_attempt_id_token")),
        sa.UniqueConstraint(
            "attempt_id", "version_id", name=op.f("uq_drawn_prompt_attempt_id_version_id")
        ),
    )
    with op.batch_alter_table("drawn_prompt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_drawn_prompt_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "item_measure",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Double(), nullable=False),
        sa.Column("discrimination", sa.Double(), nullable=True),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "facility >= 0 AND facility <= 1", name=op.f("ck_item_measure_facility_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
            name=op.f("fk_item_measure_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_item_measure")),
    )
    op.create_table(
        "script_mark",
        sa.Column("script_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=True),
        sa.CheckConstraint("mark >= 0", name=op.f("ck_script_mark_mark_not_below_none")),
        sa.ForeignKeyConstraint(
            ["script_id"], ["script.id"], name=op.f("fk_script_mark_script_id_script")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_script_mark_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("script_id", "version_id", name=op.f("pk_script_mark")),
    )
    with op.batch_alter_table("script_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_script_mark_version_id"), ["version_id"], unique=False)

    op.create_table(
        "sitting",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "id_checked",
                "unlocked",
                "in_progress",
                "paused",
                "submitted",
                "marked",
                "voided",
                name="sittingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allowed_seconds", sa.Integer(), nullable=False),
        sa.Column("rest_seconds", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_seconds", sa.Integer(), nullable=False),
        sa.Column("stopped_seconds", sa.Double(), nullable=False),
        sa.Column("rested_seconds", sa.Double(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_rest", sa.Boolean(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.Integer(), nullable=False),
        sa.Column("device_token", sa.String(length=64), nullable=True),
        sa.Column("may_change_device", sa.Boolean(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsaved", sa.Integer(), nullable=False),
        sa.Column("hand_raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'paused') = (paused_at IS NOT NULL)", name=op.f("ck_sitting_paused_with_time")
        ),
        sa.CheckConstraint("allowed_seconds > 0", name=op.f("ck_sitting_time_allowed")),
        sa.CheckConstraint("rest_seconds >= 0", name=op.f("ck_sitting_rest_not_negative")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["method_attempt.id"], name=op.f("fk_sitting_attempt_id_method_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name=op.f("fk_sitting_candidate_id_person")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_sitting_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_sitting_paper_id")),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(
            "ix_sitting_running",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state IN ('in_progress', 'paused')"),
            postgresql_where=sa.text("state IN ('in_progress', 'paused')"),
        )
        batch_op.create_index(
            "uq_sitting_one_an_attempt",
            ["attempt_id"],
            unique=True,
            sqlite_where=sa.text("state != 'voided'"),
            postgresql_where=sa.text("state != 'voided'"),
        )

    op.create_table(
        "heartbeat",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.Integer(), nullable=False),
        sa.Column("unsaved", sa.Integer(), nullable=False),
        sa.Column("silent_seconds", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_heartbeat_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heartbeat_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "late_batch",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_accepted IS NULL)", name=op.f("ck_late_batch_decided_whole")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_late_batch_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_late_batch_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_batch")),
        sa.UniqueConstraint("sitting_id", "digest", name=op.f("uq_late_batch_sitting_id_digest")),
    )
    op.create_table(
        "paper_delivered",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_paper_delivered_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_paper_delivered")),
    )
    op.create_table(
        "passed_over_prompt",
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["passed_by_id"], ["person.id"], name=op.f("fk_passed_over_prompt_passed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["prompt_id"],
            ["drawn_prompt.id"],
            name=op.f("fk_passed_over_prompt_prompt_id_drawn_prompt"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_over_prompt")),
        sa.UniqueConstraint("prompt_id", name=op.f("uq_passed_over_prompt_prompt_id")),
    )
    op.create_table(
        "receipt",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("log_digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_receipt_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("sitting_id", "version", name=op.f("uq_receipt_sitting_id_version")),
    )
    op.create_table(
        "sitting_device",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_device_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "number", name=op.f("pk_sitting_device")),
        sa.UniqueConstraint("sitting_id", "token", name=op.f("uq_sitting_device_sitting_id_token")),
    )
    op.create_table(
        "sitting_event",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "issue",
                "check_identity",
                "unlock",
                "start",
                "pause",
                "resume",
                "extend",
                "allow_device",
                "take_over",
                "hand_in",
                "run_out",
                "mark",
                "void",
                "accept_late",
                "refuse_late",
                name="sittingstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_sitting_event_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_event_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_event")),
    )
    with op.batch_alter_table("sitting_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitting_event_sitting_id"), ["sitting_id"], unique=False
        )

    op.create_table(
        "answer_edit",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("device", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_grace", sa.Boolean(), nullable=False),
        sa.Column("late_batch_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["late_batch_id"],
            ["late_batch.id"],
            name=op.f("fk_answer_edit_late_batch_id_late_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_answer_edit_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint(
            "sitting_id", "number", "device", "sequence", name=op.f("pk_answer_edit")
        ),
    )
    op.create_table(
        "choice_mark",
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_choice_mark_receipt_id_receipt")
        ),
        sa.PrimaryKeyConstraint("receipt_id", "number", name=op.f("pk_choice_mark")),
    )
    with op.batch_alter_table("asked_question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prompt_reference", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("prompt_version", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_asked_question_prompt_whole"),
            "(prompt_reference IS NULL) = (prompt_version IS NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("asked_question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_asked_question_prompt_whole"), type_="check")
        batch_op.drop_column("prompt_version")
        batch_op.drop_column("prompt_reference")

    op.drop_table("choice_mark")
    op.drop_table("answer_edit")
    with op.batch_alter_table("sitting_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_event_sitting_id"))

    op.drop_table("sitting_event")
    op.drop_table("sitting_device")
    op.drop_table("receipt")
    op.drop_table("passed_over_prompt")
    op.drop_table("paper_delivered")
    op.drop_table("late_batch")
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heartbeat_sitting_id"))

    op.drop_table("heartbeat")
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sitting_one_an_attempt",
            sqlite_where=sa.text("state != 'voided'"),
            postgresql_where=sa.text("state != 'voided'"),
        )
        batch_op.drop_index(
            "ix_sitting_running",
            sqlite_where=sa.text("state IN ('in_progress', 'paused')"),
            postgresql_where=sa.text("state IN ('in_progress', 'paused')"),
        )
        batch_op.drop_index(batch_op.f("ix_sitting_candidate_id"))

    op.drop_table("sitting")
    with op.batch_alter_table("script_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_script_mark_version_id"))

    op.drop_table("script_mark")
    op.drop_table("item_measure")
    with op.batch_alter_table("drawn_prompt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drawn_prompt_version_id"))

    op.drop_table("drawn_prompt")
    op.drop_table("script")
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_file_paper_id"))

    op.drop_table("answer_file")
    op.drop_table("upkeep_done")
    with op.batch_alter_table("timetable_block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timetable_block_review_id"))

    op.drop_table("timetable_block")
    with op.batch_alter_table("section_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_section_task_review_id"))
        batch_op.drop_index("ix_section_task_owner")

    op.drop_table("section_task")
    with op.batch_alter_table("review_step", schema=None) as batch_op:
        batch_op.drop_index("ix_review_step_review")

    op.drop_table("review_step")
    with op.batch_alter_table("review_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_objection_review_id"))

    op.drop_table("review_objection")
    with op.batch_alter_table("review_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_review_evidence_review")

    op.drop_table("review_evidence")
    op.drop_table("review_certificate")
    with op.batch_alter_table("review_assessor", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_assessor_current",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_review_assessor_person_id"))

    op.drop_table("review_assessor")
    op.drop_table("report_text")
    with op.batch_alter_table("moderation_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_remark_review_id"))

    op.drop_table("moderation_remark")
    op.drop_table("issued_report")
    with op.batch_alter_table("interview_held", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_held_review_id"))

    op.drop_table("interview_held")
    with op.batch_alter_table("improvement_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_improvement_action_review_id"))

    op.drop_table("improvement_action")
    with op.batch_alter_table("feedback_given", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_given_review_id"))

    op.drop_table("feedback_given")
    op.drop_table("criterion_rating")
    op.drop_table("criterion_note")
    with op.batch_alter_table("client_sample", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_sample_records_id"))

    op.drop_table("client_sample")
    with op.batch_alter_table("provider_review", schema=None) as batch_op:
        batch_op.drop_index("ix_provider_review_provider")
        batch_op.drop_index(batch_op.f("ix_provider_review_organisation_id"))

    op.drop_table("provider_review")
    with op.batch_alter_table("client_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_records_epao_id"))

    op.drop_table("client_records")
