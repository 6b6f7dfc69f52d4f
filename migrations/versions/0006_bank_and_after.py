"""the question bank; adjustments, material, re-sits, files in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0006_bank_and_after"
down_revision = "0005_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partial_upload",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_partial_upload_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partial_upload")),
    )
    with op.batch_alter_table("partial_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partial_upload_last_at"), ["last_at"], unique=False)
        batch_op.create_index("ix_partial_upload_own", ["person_id", "used_at"], unique=False)

    op.create_table(
        "question_bank",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("framework_code", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_question_bank_epao_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_bank")),
        sa.UniqueConstraint("code", name=op.f("uq_question_bank_code")),
    )
    with op.batch_alter_table("question_bank", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_bank_epao_id"), ["epao_id"], unique=False)

    op.create_table(
        "bank_export",
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "qti3",
                "qti2",
                "moodle-xml",
                "gift",
                "csv",
                "xlsx",
                name="exportformat",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "approved",
                "refused",
                name="exportstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_bank_export_decided_whole")
        ),
        sa.CheckConstraint(
            "decided_by_id != asked_by_id", name=op.f("ck_bank_export_decided_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_bank_export_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["question_bank.id"], name=op.f("fk_bank_export_bank_id_question_bank")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_bank_export_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_export")),
        sa.UniqueConstraint("bank_id", "number", name=op.f("uq_bank_export_bank_id_number")),
    )
    op.create_table(
        "bank_item",
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "multiple_choice",
                "short_answer",
                "observation_prompt",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["question_bank.id"], name=op.f("fk_bank_item_bank_id_question_bank")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_item")),
        sa.UniqueConstraint("bank_id", "reference", name=op.f("uq_bank_item_bank_id_reference")),
    )
    with op.batch_alter_table("bank_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bank_item_review_due_on"), ["review_due_on"], unique=False
        )

    op.create_table(
        "held_file",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "released_at IS NULL OR found_at IS NULL", name=op.f("ck_held_file_released_or_found")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_held_file_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_held_file_file_id")),
    )
    op.create_table(
        "item_file",
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Uuid(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["question_bank.id"], name=op.f("fk_item_file_bank_id_question_bank")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["person.id"], name=op.f("fk_item_file_read_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_file")),
    )
    with op.batch_alter_table("item_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_file_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "practice",
                "live",
                name="paperpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("blueprint", sa.JSON(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["question_bank.id"], name=op.f("fk_paper_bank_id_question_bank")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name=op.f("fk_paper_candidate_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["person.id"], name=op.f("fk_paper_drawn_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("bank_id", "number", name=op.f("uq_paper_bank_id_number")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index("ix_paper_candidate", ["candidate_id"], unique=False)

    op.create_table(
        "paper_blueprint",
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["question_bank.id"], name=op.f("fk_paper_blueprint_bank_id_question_bank")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_paper_blueprint_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_blueprint")),
        sa.UniqueConstraint("bank_id", "name", name=op.f("uq_paper_blueprint_bank_id_name")),
    )
    op.create_table(
        "upload_part",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["partial_upload.id"],
            name=op.f("fk_upload_part_upload_id_partial_upload"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_part")),
        sa.UniqueConstraint("upload_id", "offset", name=op.f("uq_upload_part_upload_id_offset")),
    )
    op.create_table(
        "adjustment_request",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "asked_as",
            sa.Enum(
                "apprentice",
                "employer",
                "training_provider",
                name="askedas",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("help_wanted", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_adjustment_request_withdrawn_whole"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR decided_at IS NULL",
            name=op.f("ck_adjustment_request_withdrawn_before_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_adjustment_request_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["person.id"],
            name=op.f("fk_adjustment_request_requested_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["person.id"],
            name=op.f("fk_adjustment_request_withdrawn_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_request")),
        sa.UniqueConstraint(
            "assessment_id", "number", name=op.f("uq_adjustment_request_assessment_id_number")
        ),
    )
    with op.batch_alter_table("adjustment_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adjustment_request_requested_at"), ["requested_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_adjustment_request_requested_by_id"), ["requested_by_id"], unique=False
        )

    op.create_table(
        "closing",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_closing_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_closing_closed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_closing_assessment_id")),
    )
    op.create_table(
        "earlier_start",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_earlier_start_decided_whole"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_agreed IS NULL)",
            name=op.f("ck_earlier_start_decided_somehow"),
        ),
        sa.CheckConstraint(
            "decided_by_id != proposed_by_id", name=op.f("ck_earlier_start_decided_by_another")
        ),
        sa.CheckConstraint("to_on < from_on", name=op.f("ck_earlier_start_earlier")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR decided_at IS NULL",
            name=op.f("ck_earlier_start_withdrawn_or_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_earlier_start_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_earlier_start_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_earlier_start_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_start")),
    )
    with op.batch_alter_table("earlier_start", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_earlier_start_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "enemy_pair",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("enemy_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("item_id < enemy_id", name=op.f("ck_enemy_pair_in_order")),
        sa.ForeignKeyConstraint(
            ["enemy_id"], ["bank_item.id"], name=op.f("fk_enemy_pair_enemy_id_bank_item")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["bank_item.id"], name=op.f("fk_enemy_pair_item_id_bank_item")
        ),
        sa.PrimaryKeyConstraint("item_id", "enemy_id", name=op.f("pk_enemy_pair")),
    )
    with op.batch_alter_table("enemy_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enemy_pair_enemy_id"), ["enemy_id"], unique=False)

    op.create_table(
        "file_entry",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "ready",
                "draft",
                "refused",
                "duplicate",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["item_file.id"], name=op.f("fk_file_entry_file_id_item_file")
        ),
        sa.PrimaryKeyConstraint("file_id", "place", name=op.f("pk_file_entry")),
    )
    op.create_table(
        "item_version",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "approved",
                "retired",
                name="itemstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=True),
        sa.Column("marks", sa.Double(), nullable=True),
        sa.Column("keep_order", sa.Boolean(), nullable=False),
        sa.Column("model_answer", sa.Text(), nullable=False),
        sa.Column("ksb", sa.String(length=20), nullable=True),
        sa.Column("other_ksbs", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("facility", sa.Double(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("came_as", sa.String(length=64), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "facility >= 0 AND facility <= 1", name=op.f("ck_item_version_facility_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["bank_item.id"], name=op.f("fk_item_version_item_id_bank_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_version_came_as"), ["came_as"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_item_version_fingerprint"), ["fingerprint"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_item_version_ksb"), ["ksb"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_version_status"), ["status"], unique=False)
        batch_op.create_index(
            "uq_item_version_approved",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("status = 'approved'"),
            postgresql_where=sa.text("status = 'approved'"),
        )
        batch_op.create_index(
            "uq_item_version_open",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('draft', 'in_review')"),
            postgresql_where=sa.text("status IN ('draft', 'in_review')"),
        )

    op.create_table(
        "reasonable_adjustment",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("method_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("extra_percent", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "break_minutes >= 0", name=op.f("ck_reasonable_adjustment_breaks_not_negative")
        ),
        sa.CheckConstraint(
            "extra_percent >= 0", name=op.f("ck_reasonable_adjustment_never_less_time")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_reasonable_adjustment_number_from_one")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_reasonable_adjustment_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_reasonable_adjustment_decided_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasonable_adjustment")),
        sa.UniqueConstraint(
            "assessment_id",
            "method_code",
            "number",
            name=op.f("uq_reasonable_adjustment_assessment_id_method_code_number"),
        ),
    )
    op.create_table(
        "supporting_material",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "asked_of",
            sa.Enum(
                "apprentice",
                "employer",
                "training_provider",
                name="supplier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(dropped_at IS NULL) = (dropped_by_id IS NULL)",
            name=op.f("ck_supporting_material_dropped_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_supporting_material_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_supporting_material_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["dropped_by_id"],
            ["person.id"],
            name=op.f("fk_supporting_material_dropped_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporting_material")),
    )
    with op.batch_alter_table("supporting_material", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supporting_material_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "adjustment_decision",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("adjustment_id", sa.Uuid(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adjustment_id"],
            ["reasonable_adjustment.id"],
            name=op.f("fk_adjustment_decision_adjustment_id_reasonable_adjustment"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_adjustment_decision_decided_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["adjustment_request.id"],
            name=op.f("fk_adjustment_decision_request_id_adjustment_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_decision")),
        sa.UniqueConstraint("adjustment_id", name=op.f("uq_adjustment_decision_adjustment_id")),
    )
    with op.batch_alter_table("adjustment_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adjustment_decision_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "adjustment_evidence",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_adjustment_evidence_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_adjustment_evidence_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["adjustment_request.id"],
            name=op.f("fk_adjustment_evidence_request_id_adjustment_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_evidence")),
    )
    with op.batch_alter_table("adjustment_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adjustment_evidence_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "guide_point",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_guide_point_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_point")),
    )
    with op.batch_alter_table("guide_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guide_point_version_id"), ["version_id"], unique=False)

    op.create_table(
        "item_event",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "drafted",
                "imported",
                "edited",
                "submitted",
                "taken_back",
                "returned",
                "approved",
                "replaced",
                "retired",
                "commented",
                "kept",
                name="itemstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_item_event_by_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_item_event_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_event")),
    )
    with op.batch_alter_table("item_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_event_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_event_version_id"), ["version_id"], unique=False)

    op.create_table(
        "item_option",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_item_option_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_option")),
    )
    with op.batch_alter_table("item_option", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_option_version_id"), ["version_id"], unique=False)

    op.create_table(
        "item_picture",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_item_picture_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
            name=op.f("fk_item_picture_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_picture")),
        sa.UniqueConstraint("version_id", "name", name=op.f("uq_item_picture_version_id_name")),
    )
    op.create_table(
        "material_delivery",
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("supplied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supplied_by_id", sa.Uuid(), nullable=False),
        sa.Column("allowed_late_by_id", sa.Uuid(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(allowed_late_by_id IS NULL) = (late_reason IS NULL)",
            name=op.f("ck_material_delivery_late_whole"),
        ),
        sa.CheckConstraint(
            "file_id IS NOT NULL OR note IS NOT NULL", name=op.f("ck_material_delivery_has_matter")
        ),
        sa.ForeignKeyConstraint(
            ["allowed_late_by_id"],
            ["person.id"],
            name=op.f("fk_material_delivery_allowed_late_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_material_delivery_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["supporting_material.id"],
            name=op.f("fk_material_delivery_material_id_supporting_material"),
        ),
        sa.ForeignKeyConstraint(
            ["supplied_by_id"],
            ["person.id"],
            name=op.f("fk_material_delivery_supplied_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_delivery")),
        sa.UniqueConstraint(
            "material_id", "version", name=op.f("uq_material_delivery_material_id_version")
        ),
    )
    op.create_table(
        "paper_item",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_item_paper_id_paper")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_paper_item_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("paper_id", "position", name=op.f("pk_paper_item")),
    )
    with op.batch_alter_table("paper_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_item_version_id"), ["version_id"], unique=False)

    op.create_table(
        "resit_request",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "first",
                "resit",
                "retake",
                name="attemptkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "agreed",
                "opened",
                "declined",
                "refused",
                "withdrawn",
                name="resitstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("circumstances", sa.Text(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("circumstances_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("circumstances_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("new_attempt_id", sa.Uuid(), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'opened') = (new_attempt_id IS NOT NULL)",
            name=op.f("ck_resit_request_opened_whole"),
        ),
        sa.CheckConstraint("kind != 'first'", name=op.f("ck_resit_request_not_a_first_attempt")),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (agreed_by_id IS NULL)",
            name=op.f("ck_resit_request_agreed_whole"),
        ),
        sa.CheckConstraint(
            "(circumstances IS NULL) = (circumstances_by_id IS NULL)",
            name=op.f("ck_resit_request_reason_by_somebody"),
        ),
        sa.CheckConstraint(
            "(circumstances IS NULL) = (closes_on IS NULL)",
            name=op.f("ck_resit_request_day_with_reason"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_resit_request_ended_whole")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_resit_request_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_resit_request_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_resit_request_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["circumstances_by_id"],
            ["person.id"],
            name=op.f("fk_resit_request_circumstances_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_resit_request_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["new_attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_resit_request_new_attempt_id_method_attempt"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resit_request")),
        sa.UniqueConstraint(
            "attempt_id", "number", name=op.f("uq_resit_request_attempt_id_number")
        ),
        sa.UniqueConstraint("new_attempt_id", name=op.f("uq_resit_request_new_attempt_id")),
    )
    with op.batch_alter_table("resit_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resit_request_status"), ["status"], unique=False)

    op.create_table(
        "planned_action",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ksb_code", sa.String(length=10), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum(
                "apprentice",
                "employer",
                "training_provider",
                name="actionowner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_planned_action_done_whole")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_planned_action_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_planned_action_done_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["resit_request.id"],
            name=op.f("fk_planned_action_request_id_resit_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_action")),
        sa.UniqueConstraint(
            "request_id", "number", name=op.f("uq_planned_action_request_id_number")
        ),
    )
    with op.batch_alter_table("evidence_piece", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follows_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("to_put_right", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_evidence_piece_follows_id_evidence_piece"),
            "evidence_piece",
            ["follows_id"],
            ["id"],
        )

    with op.batch_alter_table("method_attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closes_on", sa.Date(), nullable=True))

    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_role_assignment_person_id_organisation_id",
            ["person_id", "organisation_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_role_assignment_person_id_organisation_id")

    with op.batch_alter_table("method_attempt", schema=None) as batch_op:
        batch_op.drop_column("closes_on")

    with op.batch_alter_table("evidence_piece", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_evidence_piece_follows_id_evidence_piece"), type_="foreignkey"
        )
        batch_op.drop_column("to_put_right")
        batch_op.drop_column("follows_id")

    op.drop_table("planned_action")
    with op.batch_alter_table("resit_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resit_request_status"))

    op.drop_table("resit_request")
    with op.batch_alter_table("paper_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_item_version_id"))

    op.drop_table("paper_item")
    op.drop_table("material_delivery")
    op.drop_table("item_picture")
    with op.batch_alter_table("item_option", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_option_version_id"))

    op.drop_table("item_option")
    with op.batch_alter_table("item_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_event_version_id"))
        batch_op.drop_index(batch_op.f("ix_item_event_by_id"))

    op.drop_table("item_event")
    with op.batch_alter_table("guide_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guide_point_version_id"))

    op.drop_table("guide_point")
    with op.batch_alter_table("adjustment_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustment_evidence_request_id"))

    op.drop_table("adjustment_evidence")
    with op.batch_alter_table("adjustment_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustment_decision_request_id"))

    op.drop_table("adjustment_decision")
    with op.batch_alter_table("supporting_material", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supporting_material_assessment_id"))

    op.drop_table("supporting_material")
    op.drop_table("reasonable_adjustment")
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_item_version_open",
            sqlite_where=sa.text("status IN ('draft', 'in_review')"),
            postgresql_where=sa.text("status IN ('draft', 'in_review')"),
        )
        batch_op.drop_index(
            "uq_item_version_approved",
            sqlite_where=sa.text("status = 'approved'"),
            postgresql_where=sa.text("status = 'approved'"),
        )
        batch_op.drop_index(batch_op.f("ix_item_version_status"))
        batch_op.drop_index(batch_op.f("ix_item_version_ksb"))
        batch_op.drop_index(batch_op.f("ix_item_version_fingerprint"))
        batch_op.drop_index(batch_op.f("ix_item_version_came_as"))

    op.drop_table("item_version")
    op.drop_table("file_entry")
    with op.batch_alter_table("enemy_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enemy_pair_enemy_id"))

    op.drop_table("enemy_pair")
    with op.batch_alter_table("earlier_start", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earlier_start_assessment_id"))

    op.drop_table("earlier_start")
    op.drop_table("closing")
    with op.batch_alter_table("adjustment_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustment_request_requested_by_id"))
        batch_op.drop_index(batch_op.f("ix_adjustment_request_requested_at"))

    op.drop_table("adjustment_request")
    op.drop_table("upload_part")
    op.drop_table("paper_blueprint")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_candidate")

    op.drop_table("paper")
    with op.batch_alter_table("item_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_file_bank_id"))

    op.drop_table("item_file")
    op.drop_table("held_file")
    with op.batch_alter_table("bank_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_item_review_due_on"))

    op.drop_table("bank_item")
    op.drop_table("bank_export")
    with op.batch_alter_table("question_bank", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_bank_epao_id"))

    op.drop_table("question_bank")
    with op.batch_alter_table("partial_upload", schema=None) as batch_op:
        batch_op.drop_index("ix_partial_upload_own")
        batch_op.drop_index(batch_op.f("ix_partial_upload_last_at"))

    op.drop_table("partial_upload")
