"""the assessor's day: clocks, questions, recordings, corrections, wording packs."""

import sqlalchemy as sa
from alembic import op

revision = "0005_day"
down_revision = "0004_diary"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wording_pack",
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("framework_code", sa.String(length=40), nullable=False),
        sa.Column("framework_version", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_wording_pack_ended_whole")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_wording_pack_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_wording_pack_epao_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["loaded_by_id"], ["person.id"], name=op.f("fk_wording_pack_loaded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_pack")),
    )
    with op.batch_alter_table("wording_pack", schema=None) as batch_op:
        batch_op.create_index(
            "ix_wording_pack_shown",
            ["epao_id", "framework_code", "framework_version"],
            unique=False,
        )

    op.create_table(
        "asked_question",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("follow_up", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ksbs", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("follow_up >= 0", name=op.f("ck_asked_question_follow_up_from_nought")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_asked_question_number_from_one")),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_asked_question_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_asked_question_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_question")),
        sa.UniqueConstraint(
            "attempt_id",
            "number",
            "follow_up",
            "version",
            name=op.f("uq_asked_question_attempt_id_number_follow_up_version"),
        ),
        sa.UniqueConstraint("attempt_id", "token", name=op.f("uq_asked_question_attempt_id_token")),
    )
    op.create_table(
        "day_recording",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attached_by_id"], ["person.id"], name=op.f("fk_day_recording_attached_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_day_recording_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_day_recording_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_recording")),
        sa.UniqueConstraint(
            "attempt_id", "number", name=op.f("uq_day_recording_attempt_id_number")
        ),
    )
    op.create_table(
        "timer_entry",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "start",
                "pause",
                "resume",
                "end",
                "extend",
                name="timeraction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "break",
                "employer",
                "moving",
                "interrupted",
                "other",
                name="pausereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(action = 'pause') = (reason IS NOT NULL)",
            name=op.f("ck_timer_entry_pause_with_reason"),
        ),
        sa.CheckConstraint(
            "received_at >= happened_at", name=op.f("ck_timer_entry_received_after")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_timer_entry_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_timer_entry_entered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer_entry")),
        sa.UniqueConstraint(
            "attempt_id", "sequence", name=op.f("uq_timer_entry_attempt_id_sequence")
        ),
        sa.UniqueConstraint("attempt_id", "token", name=op.f("uq_timer_entry_attempt_id_token")),
    )
    op.create_table(
        "correction_decision",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "is_approved OR reason IS NOT NULL",
            name=op.f("ck_correction_decision_refused_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_correction_decision_decided_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheet.id"], name=op.f("fk_correction_decision_sheet_id_mark_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_decision")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_correction_decision_sheet_id")),
    )
    with op.batch_alter_table("evidence_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ksbs", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("piece", sa.Integer(), nullable=True))
        batch_op.drop_constraint(
            batch_op.f("uq_evidence_note_sheet_id_ksb_code_sequence"), type_="unique"
        )
    _number_notes_by_sheet()
    with op.batch_alter_table("evidence_note", schema=None) as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("ksbs", existing_type=sa.JSON(), nullable=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_evidence_note_sheet_id_sequence"), ["sheet_id", "sequence"]
        )
        batch_op.create_check_constraint(
            op.f("ck_evidence_note_later_ones_replace"), "(version = 1) = (replaces_id IS NULL)"
        )
        batch_op.drop_column("ksb_code")

    with op.batch_alter_table("mark_sheet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording_pack_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("wording_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("corrects_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))
    _link_later_sheets()
    with op.batch_alter_table("mark_sheet", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_mark_sheet_wording_pack_id_wording_pack"),
            "wording_pack",
            ["wording_pack_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_mark_sheet_corrects_id_mark_sheet"),
            "mark_sheet",
            ["corrects_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_mark_sheet_later_ones_correct"), "(version = 1) = (corrects_id IS NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_mark_sheet_corrects_with_reason"), "(corrects_id IS NULL) = (reason IS NULL)"
        )
    # Whoever was allocated before duties had to be accepted has been asked already.
    op.execute("UPDATE allocation SET accepted_at = allocated_at WHERE accepted_at IS NULL")


_SHEET = sa.table(
    "mark_sheet",
    sa.column("id", sa.Uuid()),
    sa.column("attempt_id", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("corrects_id", sa.Uuid()),
    sa.column("reason", sa.Text()),
)


def _link_later_sheets() -> None:
    """Corrections of a database that was taken back before this step: which sheet each corrects."""
    before = _SHEET.alias()
    corrected = (
        sa.select(before.c.id)
        .where(before.c.attempt_id == _SHEET.c.attempt_id, before.c.version == _SHEET.c.version - 1)
        .scalar_subquery()
    )
    op.execute(
        sa.update(_SHEET)
        .where(_SHEET.c.version > 1)
        .values(
            corrects_id=corrected,
            reason="The reason was lost when the database was taken back to an older release.",
        )
    )


_NOTE = sa.table(
    "evidence_note",
    sa.column("id", sa.Uuid()),
    sa.column("sheet_id", sa.Uuid()),
    sa.column("replaces_id", sa.Uuid()),
    sa.column("noted_at", sa.DateTime()),
    sa.column("sequence", sa.Integer()),
    sa.column("version", sa.Integer()),
    sa.column("ksb_code", sa.String()),
    sa.column("ksbs", sa.JSON()),
)


def _number_notes_by_sheet() -> None:
    """One KSB becomes a list of one; notes count through their sheet, versions through a note."""
    note, connection = _NOTE.c, op.get_bind()
    in_order = sa.select(note.id, note.sheet_id, note.replaces_id, note.ksb_code).order_by(
        note.noted_at, note.ksb_code, note.sequence
    )
    last, versions = {}, {}
    for row in connection.execute(in_order).all():
        last[row.sheet_id] = last.get(row.sheet_id, 0) + 1
        versions[row.id] = versions.get(row.replaces_id, 0) + 1
        connection.execute(
            sa.update(_NOTE)
            .where(note.id == row.id)
            .values(
                sequence=last[row.sheet_id],
                version=versions[row.id],
                ksbs=[row.ksb_code] if row.ksb_code else [],
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("mark_sheet", schema=None) as batch_op:
        for name in ("later_ones_correct", "corrects_with_reason"):
            batch_op.drop_constraint(op.f(f"ck_mark_sheet_{name}"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_mark_sheet_corrects_id_mark_sheet"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_mark_sheet_wording_pack_id_wording_pack"), type_="foreignkey"
        )
        batch_op.drop_column("reason")
        batch_op.drop_column("corrects_id")
        batch_op.drop_column("wording_digest")
        batch_op.drop_column("wording_pack_id")

    with op.batch_alter_table("evidence_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ksb_code", sa.String(length=10), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_evidence_note_sheet_id_sequence"), type_="unique")
        batch_op.drop_constraint(op.f("ck_evidence_note_later_ones_replace"), type_="check")
    connection = op.get_bind()
    for row in connection.execute(sa.select(_NOTE.c.id, _NOTE.c.ksbs)).all():
        code = row.ksbs[0] if row.ksbs else ""
        connection.execute(sa.update(_NOTE).where(_NOTE.c.id == row.id).values(ksb_code=code))
    with op.batch_alter_table("evidence_note", schema=None) as batch_op:
        batch_op.alter_column("ksb_code", existing_type=sa.String(length=10), nullable=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_evidence_note_sheet_id_ksb_code_sequence"),
            ["sheet_id", "ksb_code", "sequence"],
        )
        batch_op.drop_column("piece")
        batch_op.drop_column("ksbs")
        batch_op.drop_column("version")

    op.drop_table("correction_decision")
    op.drop_table("timer_entry")
    op.drop_table("day_recording")
    op.drop_table("asked_question")
    with op.batch_alter_table("wording_pack", schema=None) as batch_op:
        batch_op.drop_index("ix_wording_pack_shown")

    op.drop_table("wording_pack")
