"""Feedback of assessors, seeds and stops of markers, corrected keys, Safe Exam Browser, packs of reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0009_feedback_seeds_corrections"
down_revision = "0008_tests_on_screens"
branch_labels = None
depends_on = None


_STEPS = (
    *("issue", "check_identity", "unlock", "start", "pause", "resume", "extend", "allow_device"),
    *("take_over", "hand_in", "run_out", "mark", "void", "accept_late", "refuse_late"),
)


def upgrade() -> None:
    _make_tables_of_markers()
    _make_tables_of_corrections()
    _make_feedback()
    _add_columns()
    _allow_steps((*_STEPS, "remark"))


def _allow_steps(steps: tuple[str, ...]) -> None:
    """Let a sitting take these steps and no other."""
    allowed = ", ".join(f"'{one}'" for one in steps)
    with op.batch_alter_table("sitting_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sitting_event_sittingstep"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_sitting_event_sittingstep"), f"step IN ({allowed})"
        )


def _make_tables_of_markers() -> None:
    op.create_table(
        "marker_stop",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seeds", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("sent_back", sa.Integer(), nullable=False),
        sa.Column("let_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("let_on_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(let_on_at IS NULL) = (let_on_by_id IS NULL)", name=op.f("ck_marker_stop_let_on_whole")
        ),
        sa.CheckConstraint(
            "let_on_by_id != person_id", name=op.f("ck_marker_stop_let_on_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_marker_stop_epao_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["let_on_by_id"], ["person.id"], name=op.f("fk_marker_stop_let_on_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_marker_stop_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marker_stop")),
    )
    with op.batch_alter_table("marker_stop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marker_stop_epao_id"), ["epao_id"], unique=False)
        batch_op.create_index(
            "uq_marker_stop_one_at_a_time",
            ["person_id", "epao_id"],
            unique=True,
            sqlite_where=sa.text("let_on_at IS NULL"),
            postgresql_where=sa.text("let_on_at IS NULL"),
        )

    op.create_table(
        "marking_seed",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_marking_seed_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer_to_mark.id"],
            name=op.f("fk_marking_seed_answer_id_answer_to_mark"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marking_seed")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_marking_seed_answer_id")),
    )


def _make_tables_of_corrections() -> None:
    op.create_table(
        "remarking",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("by_version_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.Column("decided_for", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_agreed IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_remarking_decided_whole"),
        ),
        sa.CheckConstraint(
            "decided_by_id != asked_by_id", name=op.f("ck_remarking_decided_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_remarking_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["by_version_id"],
            ["item_version.id"],
            name=op.f("fk_remarking_by_version_id_item_version"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_remarking_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_remarking_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarking")),
    )
    with op.batch_alter_table("remarking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remarking_version_id"), ["version_id"], unique=False)
        batch_op.create_index(
            "uq_remarking_one_open",
            ["version_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "choice_remark",
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("remarking_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_choice_remark_receipt_id_receipt")
        ),
        sa.ForeignKeyConstraint(
            ["remarking_id"], ["remarking.id"], name=op.f("fk_choice_remark_remarking_id_remarking")
        ),
        sa.PrimaryKeyConstraint("receipt_id", "remarking_id", name=op.f("pk_choice_remark")),
    )

    op.create_table(
        "remarked_paper",
        sa.Column("remarking_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark_before", sa.Integer(), nullable=True),
        sa.Column("mark_after", sa.Integer(), nullable=True),
        sa.Column("was_released", sa.Boolean(), nullable=False),
        sa.Column("is_changed", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_changed IS NULL)",
            name=op.f("ck_remarked_paper_decided_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_remarked_paper_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["paper_to_mark.id"],
            name=op.f("fk_remarked_paper_paper_id_paper_to_mark"),
        ),
        sa.ForeignKeyConstraint(
            ["remarking_id"],
            ["remarking.id"],
            name=op.f("fk_remarked_paper_remarking_id_remarking"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarked_paper")),
        sa.UniqueConstraint(
            "remarking_id", "paper_id", name=op.f("uq_remarked_paper_remarking_id_paper_id")
        ),
    )
    with op.batch_alter_table("remarked_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remarked_paper_paper_id"), ["paper_id"], unique=False)


def _make_feedback() -> None:
    op.create_table(
        "sheet_feedback",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("overall", sa.Text(), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=False),
        sa.Column("work_on", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheet.id"], name=op.f("fk_sheet_feedback_sheet_id_mark_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_sheet_feedback_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_feedback")),
        sa.UniqueConstraint("sheet_id", "version", name=op.f("uq_sheet_feedback_sheet_id_version")),
    )


def _add_columns() -> None:
    # What was there before asked for no particular browser.
    with op.batch_alter_table("invigilated_event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("asks_safe_browser", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("provider_review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording_pack_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_provider_review_wording_pack_id_wording_pack"),
            "wording_pack",
            ["wording_pack_id"],
            ["id"],
        )

    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("needs_safe_browser", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    # The release before knows no paper that was opened again.
    op.execute("DELETE FROM sitting_event WHERE step = 'remark'")
    _allow_steps(_STEPS)
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_column("needs_safe_browser")

    with op.batch_alter_table("provider_review", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_provider_review_wording_pack_id_wording_pack"), type_="foreignkey"
        )
        batch_op.drop_column("wording_pack_id")

    with op.batch_alter_table("invigilated_event", schema=None) as batch_op:
        batch_op.drop_column("asks_safe_browser")

    op.drop_table("marking_seed")
    with op.batch_alter_table("remarked_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remarked_paper_paper_id"))

    op.drop_table("remarked_paper")
    op.drop_table("choice_remark")
    op.drop_table("sheet_feedback")
    with op.batch_alter_table("remarking", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_remarking_one_open",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_remarking_version_id"))

    op.drop_table("remarking")
    with op.batch_alter_table("marker_stop", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_marker_stop_one_at_a_time",
            sqlite_where=sa.text("let_on_at IS NULL"),
            postgresql_where=sa.text("let_on_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_marker_stop_epao_id"))

    op.drop_table("marker_stop")
