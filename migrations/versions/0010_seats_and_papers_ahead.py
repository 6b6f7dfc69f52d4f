"""How far a device counted stands with its edits; where a test is heard from, and what moved."""

import sqlalchemy as sa
from alembic import op

revision = "0010_seats_and_papers_ahead"
down_revision = "0009_feedback_seeds_corrections"
branch_labels = None
depends_on = None


_KINDS = ("left", "back", "copied", "pasted", "second")


def upgrade() -> None:
    with op.batch_alter_table("answer_edit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_answer_edit_counted", ["sitting_id", "device", "sequence"], unique=False
        )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heard_from", sa.String(length=64), nullable=True))
        batch_op.drop_column("last_sequence")
    _allow_kinds((*_KINDS, "moved"))


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    """Let these things be noticed during a test and no other."""
    allowed = ", ".join(f"'{one}'" for one in kinds)
    with op.batch_alter_table("integrity_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_integrity_event_integritykind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_integrity_event_integritykind"), f"kind IN ({allowed})"
        )


def downgrade() -> None:
    op.execute("DELETE FROM integrity_event WHERE kind = 'moved'")
    _allow_kinds(_KINDS)
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("last_sequence", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.drop_column("heard_from")
    op.execute(
        "UPDATE sitting SET last_sequence = coalesce((SELECT max(sequence) FROM answer_edit"
        " WHERE answer_edit.sitting_id = sitting.id AND answer_edit.device = sitting.device), 0)"
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.alter_column("last_sequence", server_default=None)
    with op.batch_alter_table("answer_edit", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_edit_counted")
