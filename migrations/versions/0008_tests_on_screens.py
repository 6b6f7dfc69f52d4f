"""Windows of sessions on screens, what a page tells of itself, marks by people; tables forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0008_tests_on_screens"
down_revision = "0007_quality_and_sittings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marking_order",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_marking_order_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
            name=op.f("fk_marking_order_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint("person_id", "version_id", name=op.f("pk_marking_order")),
    )
    op.create_table(
        "integrity_event",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "left",
                "back",
                "copied",
                "pasted",
                "second",
                name="integritykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_integrity_event_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_integrity_event_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_event")),
        sa.UniqueConstraint("sitting_id", "name", name=op.f("uq_integrity_event_sitting_id_name")),
    )
    op.create_table(
        "integrity_finding",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column(
            "disposition",
            sa.Enum(
                "no_action",
                "look_into",
                name="disposition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("events >= 1", name=op.f("ck_integrity_finding_something_to_find")),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["event_candidate.id"],
            name=op.f("fk_integrity_finding_candidate_id_event_candidate"),
        ),
        sa.ForeignKeyConstraint(
            ["found_by_id"], ["person.id"], name=op.f("fk_integrity_finding_found_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_finding")),
    )
    with op.batch_alter_table("integrity_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_integrity_finding_candidate_id"), ["candidate_id"], unique=False
        )

    op.create_table(
        "paper_to_mark",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (total IS NULL)",
            name=op.f("ck_paper_to_mark_settled_with_total"),
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_paper_to_mark_receipt_id_receipt")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_paper_to_mark_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_to_mark")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_paper_to_mark_sitting_id")),
    )
    op.create_table(
        "answer_to_mark",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("marks_max", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "first",
                "second",
                "third",
                "settled",
                "withdrawn",
                name="answerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("twice_for", sa.JSON(), nullable=False),
        sa.Column("first_mark", sa.Integer(), nullable=True),
        sa.Column("first_by_id", sa.Uuid(), nullable=True),
        sa.Column("second_mark", sa.Integer(), nullable=True),
        sa.Column("second_by_id", sa.Uuid(), nullable=True),
        sa.Column("third_mark", sa.Integer(), nullable=True),
        sa.Column("third_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("marks_max > 0", name=op.f("ck_answer_to_mark_gives_marks")),
        sa.CheckConstraint(
            "second_by_id != first_by_id", name=op.f("ck_answer_to_mark_second_by_another")
        ),
        sa.CheckConstraint(
            "second_mark IS NULL OR first_mark IS NOT NULL",
            name=op.f("ck_answer_to_mark_first_comes_first"),
        ),
        sa.CheckConstraint(
            "third_by_id != first_by_id AND third_by_id != second_by_id",
            name=op.f("ck_answer_to_mark_third_by_another"),
        ),
        sa.CheckConstraint(
            "third_mark IS NULL OR second_mark IS NOT NULL",
            name=op.f("ck_answer_to_mark_third_comes_last"),
        ),
        sa.ForeignKeyConstraint(
            ["first_by_id"], ["person.id"], name=op.f("fk_answer_to_mark_first_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["paper_to_mark.id"],
            name=op.f("fk_answer_to_mark_paper_id_paper_to_mark"),
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["person.id"], name=op.f("fk_answer_to_mark_second_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["third_by_id"], ["person.id"], name=op.f("fk_answer_to_mark_third_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
            name=op.f("fk_answer_to_mark_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_to_mark")),
    )
    with op.batch_alter_table("answer_to_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_to_mark_first_by_id"), ["first_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_answer_to_mark_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_answer_to_mark_second_by_id"), ["second_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_answer_to_mark_version_id_state", ["version_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_answer_to_mark_one_a_question",
            ["paper_id", "number"],
            unique=True,
            sqlite_where=sa.text("state != 'withdrawn'"),
            postgresql_where=sa.text("state != 'withdrawn'"),
        )

    op.create_table(
        "given_mark",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "provisional",
                "final",
                "taken_back",
                name="markkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "turn",
            sa.Enum(
                "first",
                "second",
                "third",
                "settled",
                "withdrawn",
                name="answerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("ticks", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("with_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'taken_back') = (mark IS NULL)",
            name=op.f("ck_given_mark_mark_unless_taken_back"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer_to_mark.id"],
            name=op.f("fk_given_mark_answer_id_answer_to_mark"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_given_mark_by_id_person")),
        sa.ForeignKeyConstraint(
            ["with_id"], ["given_mark.id"], name=op.f("fk_given_mark_with_id_given_mark")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_mark")),
        sa.UniqueConstraint("answer_id", "place", name=op.f("uq_given_mark_answer_id_place")),
    )
    with op.batch_alter_table("given_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_mark_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_given_mark_with_id"), ["with_id"], unique=False)

    with op.batch_alter_table("apprentice_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("file_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_apprentice_import_file_until_forgotten"),
            "(file_id IS NULL) = (forgotten_at IS NOT NULL)",
        )

    with op.batch_alter_table("invigilated_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("admits_until", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("hand_answered_at", sa.DateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_column("hand_answered_at")

    with op.batch_alter_table("invigilated_event", schema=None) as batch_op:
        batch_op.drop_column("admits_until")
        batch_op.drop_column("closes_at")

    # The release before knows no import without its table.
    op.execute("DELETE FROM apprentice_import WHERE file_id IS NULL")
    with op.batch_alter_table("apprentice_import", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_apprentice_import_file_until_forgotten"), type_="check")
        batch_op.alter_column("file_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("forgotten_at")

    with op.batch_alter_table("given_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_given_mark_with_id"))
        batch_op.drop_index(batch_op.f("ix_given_mark_by_id"))

    op.drop_table("given_mark")
    with op.batch_alter_table("answer_to_mark", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_answer_to_mark_one_a_question",
            sqlite_where=sa.text("state != 'withdrawn'"),
            postgresql_where=sa.text("state != 'withdrawn'"),
        )
        batch_op.drop_index("ix_answer_to_mark_version_id_state")
        batch_op.drop_index(batch_op.f("ix_answer_to_mark_second_by_id"))
        batch_op.drop_index(batch_op.f("ix_answer_to_mark_paper_id"))
        batch_op.drop_index(batch_op.f("ix_answer_to_mark_first_by_id"))

    op.drop_table("answer_to_mark")
    op.drop_table("paper_to_mark")
    with op.batch_alter_table("integrity_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_integrity_finding_candidate_id"))

    op.drop_table("integrity_finding")
    op.drop_table("integrity_event")
    op.drop_table("marking_order")
