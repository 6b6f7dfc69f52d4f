"""settings, case notes, choices of mails."""

import sqlalchemy as sa
from alembic import op

revision = "0002_desk"
down_revision = "0001_the_way"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint("person_id", "event", name=op.f("uq_mail_choice_person_id_event")),
    )
    op.create_table(
        "setting_version",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_setting_version_version_from_one")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_setting_version_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_version")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_setting_version_name_version")),
    )
    with op.batch_alter_table("setting_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_setting_version_changed_by_id"), ["changed_by_id"], unique=False
        )

    op.create_table(
        "case_note",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "note",
                "phone",
                "email",
                "video",
                "in_person",
                "letter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("with_whom", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_case_note_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["case_note.id"], name=op.f("fk_case_note_corrects_id_case_note")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_case_note_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_case_note_corrects_id")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_note_assessment_id"), ["assessment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_note_written_by_id"), ["written_by_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_written_by_id"))
        batch_op.drop_index(batch_op.f("ix_case_note_assessment_id"))

    op.drop_table("case_note")
    with op.batch_alter_table("setting_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_setting_version_changed_by_id"))

    op.drop_table("setting_version")
    op.drop_table("mail_choice")
