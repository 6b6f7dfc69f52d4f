"""bookings in states, rooms, assessors, test sessions, feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0004_diary"
down_revision = "0003_intake"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "availability_slot",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hours",
                "away",
                name="availabilitykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'hours') = (weekday IS NOT NULL AND starts IS NOT NULL AND ends IS NOT NULL)",
            name=op.f("ck_availability_slot_hours_whole"),
        ),
        sa.CheckConstraint(
            "kind = 'hours' OR last_on IS NOT NULL",
            name=op.f("ck_availability_slot_away_until_a_day"),
        ),
        sa.CheckConstraint(
            "last_on >= first_on", name=op.f("ck_availability_slot_ends_after_start")
        ),
        sa.CheckConstraint(
            "weekday BETWEEN 0 AND 6", name=op.f("ck_availability_slot_day_of_a_week")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_availability_slot_given_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_availability_slot_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_slot")),
    )
    with op.batch_alter_table("availability_slot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_availability_slot_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(
            "uq_calendar_feed_one_open",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "competence",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("framework_code", sa.String(length=40), nullable=False),
        sa.Column("competent_from", sa.Date(), nullable=False),
        sa.Column("competent_until", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "competent_until >= competent_from", name=op.f("ck_competence_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_competence_epao_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_competence_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_competence_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence")),
    )
    with op.batch_alter_table("competence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competence_epao_id"), ["epao_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_competence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=180), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_room_takes_somebody")),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_room_epao_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("epao_id", "name", name=op.f("uq_room_epao_id_name")),
    )
    op.create_table(
        "standardisation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("framework_code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "before_first",
                "annual",
                "plan_changed",
                name="standardisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attended_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_standardisation_epao_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_standardisation_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_standardisation_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standardisation")),
    )
    with op.batch_alter_table("standardisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standardisation_epao_id"), ["epao_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_standardisation_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "invigilated_event",
        sa.Column("epao_id", sa.Uuid(), nullable=False),
        sa.Column("framework_code", sa.String(length=40), nullable=False),
        sa.Column("method_code", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "delivery",
            sa.Enum(
                "paper",
                "online",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "closed",
                "cancelled",
                name="eventstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("is_suitable", sa.Boolean(), nullable=True),
        sa.Column("room_findings", sa.Text(), nullable=True),
        sa.Column("room_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("room_checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'planned') = (ended_at IS NULL)",
            name=op.f("ck_invigilated_event_ended_with_time"),
        ),
        sa.CheckConstraint(
            "(is_suitable IS NULL) = (room_checked_at IS NULL) AND (is_suitable IS NULL) = (room_checked_by_id IS NULL)",
            name=op.f("ck_invigilated_event_room_check_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["epao_id"], ["organisation.id"], name=op.f("fk_invigilated_event_epao_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["person.id"], name=op.f("fk_invigilated_event_planned_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["room_checked_by_id"],
            ["person.id"],
            name=op.f("fk_invigilated_event_room_checked_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_invigilated_event_room_id_room")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invigilated_event")),
    )
    with op.batch_alter_table("invigilated_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invigilated_event_epao_id"), ["epao_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invigilated_event_starts_at"), ["starts_at"], unique=False
        )

    op.create_table(
        "event_shift",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_event_shift_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["invigilated_event.id"],
            name=op.f("fk_event_shift_event_id_invigilated_event"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_event_shift_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_shift")),
        sa.UniqueConstraint(
            "event_id", "person_id", name=op.f("uq_event_shift_event_id_person_id")
        ),
    )
    with op.batch_alter_table("event_shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_shift_person_id"), ["person_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "requested",
                "held",
                "lapsed",
                "confirmed",
                "cancelled",
                "no_show",
                name="bookingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wished_from", sa.Date(), nullable=True),
        sa.Column("wished_to", sa.Date(), nullable=True),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'held') = (held_until IS NOT NULL)", name=op.f("ck_booking_hold_has_an_end")
        ),
        sa.CheckConstraint(
            "(status IN ('held', 'confirmed')) = (starts_at IS NOT NULL)",
            name=op.f("ck_booking_time_when_set"),
        ),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (agreed_by_id IS NULL)", name=op.f("ck_booking_agreement_whole")
        ),
        sa.CheckConstraint(
            "(starts_at IS NULL) = (place IS NULL)", name=op.f("ck_booking_time_with_place")
        ),
        sa.CheckConstraint(
            "wished_to >= wished_from", name=op.f("ck_booking_wish_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_booking_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["method_attempt.id"], name=op.f("fk_booking_attempt_id_method_attempt")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_booking_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_booking_attempt_id")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_status"), ["status"], unique=False)

    op.create_table(
        "declined_allocation",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "assessor",
                "invigilator",
                "first_marker",
                "second_marker",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_declined_allocation_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_declined_allocation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declined_allocation")),
    )
    with op.batch_alter_table("declined_allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_declined_allocation_attempt_id"), ["attempt_id"], unique=False
        )

    op.create_table(
        "event_candidate",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "identity_document",
            sa.Enum(
                "passport",
                "driving_licence",
                "identity_card",
                "employee_card",
                name="identitydocument",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("identity_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identity_checked_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "attendance",
            sa.Enum(
                "expected",
                "present",
                "late",
                "left",
                "absent",
                name="attendance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attendance_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(identity_document IS NULL) = (identity_checked_at IS NULL) AND (identity_document IS NULL) = (identity_checked_by_id IS NULL)",
            name=op.f("ck_event_candidate_identity_check_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_event_candidate_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_event_candidate_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["invigilated_event.id"],
            name=op.f("fk_event_candidate_event_id_invigilated_event"),
        ),
        sa.ForeignKeyConstraint(
            ["identity_checked_by_id"],
            ["person.id"],
            name=op.f("fk_event_candidate_identity_checked_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_candidate")),
    )
    with op.batch_alter_table("event_candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_candidate_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            "uq_event_candidate_one_session",
            ["attempt_id"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "joining_instructions",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)",
            name=op.f("ck_joining_instructions_acknowledged_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"],
            ["person.id"],
            name=op.f("fk_joining_instructions_acknowledged_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["method_attempt.id"],
            name=op.f("fk_joining_instructions_attempt_id_method_attempt"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["person.id"], name=op.f("fk_joining_instructions_sent_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining_instructions")),
        sa.UniqueConstraint(
            "attempt_id", "number", name=op.f("uq_joining_instructions_attempt_id_number")
        ),
    )
    op.create_table(
        "event_incident",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "late_start",
                "interruption",
                "illness",
                "suspected_malpractice",
                "other",
                name="eventincidentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["event_candidate.id"],
            name=op.f("fk_event_incident_candidate_id_event_candidate"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["invigilated_event.id"],
            name=op.f("fk_event_incident_event_id_invigilated_event"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_event_incident_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_incident")),
    )
    with op.batch_alter_table("event_incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_incident_event_id"), ["event_id"], unique=False)

    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("booking_change", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "action",
                sa.Enum(
                    "request",
                    "hold",
                    "agree",
                    "object",
                    "confirm",
                    "move",
                    "cancel",
                    "no_show",
                    "lapse",
                    name="bookingaction",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "absent",
                sa.Enum(
                    "apprentice",
                    "assessor",
                    "invigilator",
                    "employer",
                    name="absent",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.alter_column("changed_by_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.drop_constraint(op.f("ck_booking_change_cleared_with_reason"), type_="check")
    # Before there were states, a date was set, which confirmed it, or taken back.
    op.execute(
        "UPDATE booking_change"
        " SET action = CASE WHEN scheduled_at IS NULL THEN 'cancel' ELSE 'confirm' END"
    )
    with op.batch_alter_table("booking_change", schema=None) as batch_op:
        batch_op.alter_column("action", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_booking_change_taken_with_reason"),
            "action NOT IN ('request', 'object', 'move', 'cancel', 'no_show')"
            " OR reason IS NOT NULL",
        )
        batch_op.create_check_constraint(
            op.f("ck_booking_change_no_show_says_who"),
            "(action = 'no_show') = (absent IS NOT NULL)",
        )

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attachment", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("attachment_name", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("attachment_type", sa.String(length=100), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_mail_attachment_whole"),
            "(attachment IS NULL) = (attachment_name IS NULL)"
            " AND (attachment IS NULL) = (attachment_type IS NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_mail_attachment_whole"), type_="check")
        batch_op.drop_column("attachment_type")
        batch_op.drop_column("attachment_name")
        batch_op.drop_column("attachment")

    # Nobody did what the passing of time does: the table of before has no room for it.
    op.execute("DELETE FROM booking_change WHERE changed_by_id IS NULL")
    with op.batch_alter_table("booking_change", schema=None) as batch_op:
        for name in ("taken_with_reason", "no_show_says_who", "bookingaction", "absent"):
            batch_op.drop_constraint(op.f(f"ck_booking_change_{name}"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_booking_change_cleared_with_reason"),
            "scheduled_at IS NOT NULL OR reason IS NOT NULL",
        )
        batch_op.alter_column("changed_by_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("absent")
        batch_op.drop_column("action")

    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_column("accepted_at")

    with op.batch_alter_table("event_incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_incident_event_id"))

    op.drop_table("event_incident")
    op.drop_table("joining_instructions")
    with op.batch_alter_table("event_candidate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_event_candidate_one_session",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_event_candidate_event_id"))

    op.drop_table("event_candidate")
    with op.batch_alter_table("declined_allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declined_allocation_attempt_id"))

    op.drop_table("declined_allocation")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_status"))
        batch_op.drop_index(batch_op.f("ix_booking_starts_at"))
        batch_op.drop_index(batch_op.f("ix_booking_room_id"))

    op.drop_table("booking")
    with op.batch_alter_table("event_shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_shift_person_id"))

    op.drop_table("event_shift")
    with op.batch_alter_table("invigilated_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invigilated_event_starts_at"))
        batch_op.drop_index(batch_op.f("ix_invigilated_event_epao_id"))

    op.drop_table("invigilated_event")
    with op.batch_alter_table("standardisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standardisation_person_id"))
        batch_op.drop_index(batch_op.f("ix_standardisation_epao_id"))

    op.drop_table("standardisation")
    op.drop_table("room")
    with op.batch_alter_table("competence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competence_person_id"))
        batch_op.drop_index(batch_op.f("ix_competence_epao_id"))

    op.drop_table("competence")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_calendar_feed_one_open",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.drop_table("calendar_feed")
    with op.batch_alter_table("availability_slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_availability_slot_person_id"))

    op.drop_table("availability_slot")
