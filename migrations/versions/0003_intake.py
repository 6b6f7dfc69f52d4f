"""imports, and changes of an apprenticeship."""

import sqlalchemy as sa
from alembic import op

revision = "0003_intake"
down_revision = "0002_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "apprentice_import",
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stored_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(stored_at IS NULL) = (stored_by_id IS NULL)",
            name=op.f("ck_apprentice_import_stored_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_apprentice_import_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_apprentice_import_epao_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_apprentice_import_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["stored_by_id"], ["person.id"], name=op.f("fk_apprentice_import_stored_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apprentice_import")),
    )
    with op.batch_alter_table("apprentice_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_apprentice_import_epao_id"), ["epao_id"], unique=False)

    op.create_table(
        "apprenticeship_change",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "withdrawn",
                "paused",
                "reinstated",
                "employer",
                "provider",
                "name",
                "uln",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_apprenticeship_change_number_from_one")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_apprenticeship_change_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_apprenticeship_change_changed_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apprenticeship_change")),
        sa.UniqueConstraint(
            "assessment_id", "number", name=op.f("uq_apprenticeship_change_assessment_id_number")
        ),
    )
    op.create_table(
        "import_line",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=201), nullable=False),
        sa.Column(
            "fate",
            sa.Enum(
                "created",
                "updated",
                "unchanged",
                "rejected",
                name="fate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("is_to_look_at", sa.Boolean(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["end_point_assessment.id"],
            name=op.f("fk_import_line_assessment_id_end_point_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["apprentice_import.id"],
            name=op.f("fk_import_line_import_id_apprentice_import"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_line")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_import_line_import_id_row")),
    )
    with op.batch_alter_table("apprenticeship", schema=None) as batch_op:
        batch_op.add_column(sa.Column("planned_gateway_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("apprenticeship", schema=None) as batch_op:
        batch_op.drop_column("planned_gateway_on")

    op.drop_table("import_line")
    op.drop_table("apprenticeship_change")
    with op.batch_alter_table("apprentice_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_apprentice_import_epao_id"))

    op.drop_table("apprentice_import")
