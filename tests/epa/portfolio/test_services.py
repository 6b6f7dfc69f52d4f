import pytest

from epa.audit.models import AuditEntry
from epa.errors import Conflict, RuleBroken
from epa.lifecycle.rules import Stage
from epa.people.rules import Permission, Role
from epa.portfolio import queries, services
from epa.portfolio.comparing import compared
from epa.portfolio.models import EvidencePiece, PortfolioVersion
from epa.portfolio.rules import PieceKind, PortfolioStatus

VIEW = Permission.VIEW_PORTFOLIO


@pytest.fixture
def mine(make):
    return make.assessment()


@pytest.fixture
def sam(mine):
    return mine.apprenticeship.person


@pytest.fixture
def admin(make, mine):
    return make.person(Role.ADMINISTRATOR, organisation=mine.epao)


def actions(session):
    return sorted(entry.action for entry in session.query(AuditEntry))


def test_it_opens_one_version_and_gives_it_again(session, mine, sam, at):
    version = services.open_portfolio(mine, actor=sam, at=at)
    assert services.open_portfolio(mine, actor=sam, at=at) is version
    assert (version.number, version.status) == (1, PortfolioStatus.DRAFT)
    assert queries.current_version(mine) is version


def test_it_numbers_pieces_and_reuses_no_number_while_a_removed_one_may_come_back(
    session, make, mine, sam, at
):
    version = services.open_portfolio(mine, actor=sam, at=at)
    first = services.add_piece(version, make.piece_fields(), actor=sam, at=at)
    second = services.add_piece(version, make.piece_fields(), actor=sam, at=at)
    services.remove_piece(second, actor=sam, at=at)
    third = services.add_piece(version, make.piece_fields(), actor=sam, at=at)
    assert [piece.number for piece in version.pieces] == [1, 3]
    services.put_piece_back(second, actor=sam, at=at)
    assert version.pieces == [first, second, third]
    session.commit()
    assert actions(session) == [
        "portfolio opened",
        "portfolio piece added",
        "portfolio piece added",
        "portfolio piece added",
        "portfolio piece put back",
        "portfolio piece removed",
    ]


@pytest.mark.parametrize(
    ("fields", "code_and_field"),
    [
        ({"title": "  "}, ("piece-title", "title")),
        ({"text": None}, ("piece-matter", "file")),
        ({"text": " \n"}, ("piece-matter", "file")),
        ({"link": "javascript:alert(1)"}, ("piece-link", "link")),
        ({"is_own_work": False}, ("piece-own-work", "is_own_work")),
        ({"service_user": 0}, ("piece-service-user", "service_user")),
        ({"activities": ()}, ("piece-activities", "activities")),
        ({"activities": ("dancing",)}, ("piece-activities", "activities")),
        ({"ksbs": ()}, ("piece-ksbs", "ksbs")),
        ({"ksbs": ("K99",)}, ("piece-ksbs", "ksbs")),
    ],
)
def test_it_refuses_a_piece_that_will_not_do(make, mine, sam, at, fields, code_and_field):
    version = services.open_portfolio(mine, actor=sam, at=at)
    with pytest.raises(RuleBroken) as broken:
        services.add_piece(version, make.piece_fields(**fields), actor=sam, at=at)
    assert (broken.value.code, broken.value.field) == code_and_field
    assert version.pieces == []


def test_it_takes_research_without_service_user_and_activity(session, make, mine, sam, at):
    version = services.open_portfolio(mine, actor=sam, at=at)
    fields = make.piece_fields(
        service_user=None, activities=(), text=None, link="https://example.org/study"
    )
    piece = services.add_piece(version, fields, actor=sam, at=at)
    assert (piece.service_user, piece.link) == (None, "https://example.org/study")


def test_it_takes_no_piece_more_than_the_plan_allows(session, make, mine, sam, at):
    version = make.portfolio(mine, pieces=36)
    with pytest.raises(RuleBroken, match="36 of at most 36"):
        services.add_piece(version, make.piece_fields(), actor=sam, at=at)
    services.remove_piece(version.pieces[0], actor=sam, at=at)
    services.add_piece(version, make.piece_fields(), actor=sam, at=at)
    with pytest.raises(RuleBroken, match="36 of at most 36"):
        services.put_piece_back(version.removed_pieces[0], actor=sam, at=at)


def test_it_freezes_a_version_that_is_submitted(session, make, mine, sam, at):
    version = make.portfolio(mine)
    services.submit(version, actor=sam, at=at)
    assert (version.status, version.submitted_at) == (PortfolioStatus.SUBMITTED, at)
    piece = version.pieces[0]
    for change in (
        lambda: services.add_piece(version, make.piece_fields(), actor=sam, at=at),
        lambda: services.change_piece(piece, make.piece_fields(), actor=sam, at=at),
        lambda: services.remove_piece(piece, actor=sam, at=at),
        lambda: services.put_piece_back(piece, actor=sam, at=at),
        lambda: services.submit(version, actor=sam, at=at),
    ):
        with pytest.raises(RuleBroken, match="can no longer be changed"):
            change()


def test_it_numbers_the_pieces_without_gaps_when_it_is_submitted(session, make, mine, sam, at):
    version = make.portfolio(mine, pieces=30)
    for number in (1, 7, 30):
        piece = next(one for one in version.pieces if one.number == number)
        services.remove_piece(piece, actor=sam, at=at)
    titles = [piece.title for piece in version.pieces]
    services.submit(version, actor=sam, at=at)
    session.commit()
    session.expire_all()
    assert [piece.number for piece in version.pieces] == list(range(1, 28))
    assert [piece.title for piece in version.pieces] == titles
    assert session.query(EvidencePiece).count() == 27


def test_it_refuses_to_submit_what_keeps_no_limit_and_says_by_how_much(
    session, make, mine, sam, at
):
    version = make.portfolio(mine, pieces=22)
    with pytest.raises(RuleBroken, match="22 of 24 pieces; 2 more needed") as broken:
        services.submit(version, actor=sam, at=at)
    assert broken.value.code == "portfolio-limits"
    assert version.status is PortfolioStatus.DRAFT


def test_it_returns_a_version_and_opens_the_next_as_a_copy(session, make, mine, sam, admin, at):
    version = make.portfolio(mine, submitted=True)
    draft = services.return_for(version, " Piece 3 names a person. ", actor=admin, at=at)
    session.commit()
    assert (version.status, version.reason) == (
        PortfolioStatus.RETURNED,
        "Piece 3 names a person.",
    )
    assert (draft.number, draft.status) == (2, PortfolioStatus.DRAFT)
    assert [piece.title for piece in draft.pieces] == [piece.title for piece in version.pieces]
    services.remove_piece(draft.pieces[0], actor=sam, at=at)
    assert len(version.pieces) == len(draft.pieces) + 1
    services.submit(draft, actor=sam, at=at)
    services.accept(draft, actor=admin, at=at)
    assert queries.accepted_version(mine) is draft
    with pytest.raises(RuleBroken, match="can no longer be changed"):
        services.open_portfolio(mine, actor=sam, at=at)


def test_it_decides_only_on_what_was_submitted_and_never_twice(session, make, mine, sam, admin, at):
    version = make.portfolio(mine)
    with pytest.raises(RuleBroken, match="nothing to decide"):
        services.accept(version, actor=admin, at=at)
    services.submit(version, actor=sam, at=at)
    with pytest.raises(RuleBroken, match="put right"):
        services.return_for(version, "  ", actor=admin, at=at)
    services.accept(version, actor=admin, at=at)
    with pytest.raises(RuleBroken, match="nothing to decide"):
        services.return_for(version, "Too late.", actor=admin, at=at)


def test_it_builds_no_portfolio_after_the_gateway(session, make, at):
    mine = make.assessment_in_epa()
    sam = mine.apprenticeship.person
    with pytest.raises(RuleBroken, match="before the gateway"):
        services.open_portfolio(mine, actor=sam, at=at)
    version = make.portfolio(mine)
    with pytest.raises(RuleBroken, match="before the gateway"):
        services.add_piece(version, make.piece_fields(), actor=sam, at=at)
    mine.stage = Stage.WITHDRAWN
    with pytest.raises(RuleBroken, match="Withdrawn"):
        services.submit(version, actor=sam, at=at)


def test_it_shares_only_an_accepted_version_and_keeps_the_first_date(
    session, make, mine, admin, at
):
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=mine.epao)
    version = make.portfolio(mine, submitted=True)
    with pytest.raises(RuleBroken, match="once it is accepted"):
        services.share_with(version, helen, actor=admin, at=at)
    services.accept(version, actor=admin, at=at)
    assert queries.shared_on(mine, helen) is None
    share = services.share_with(version, helen, actor=admin, at=at)
    assert services.share_with(version, helen, actor=admin, at=at) is share
    assert queries.shared_on(mine, helen).isoformat() == "2026-06-09"
    assert [one.person for one in queries.shares_of(version)] == [helen]


def test_it_shows_an_assessor_nothing_but_the_shared_version(session, make, admin, at):
    row = make.assessment_in_epa()
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao)
    version = make.portfolio(row, accepted=True)
    session.add(
        PortfolioVersion(assessment=row, number=2, status=PortfolioStatus.DRAFT, created_at=at)
    )
    make.allocate(make.attempt(row, "presentation"), helen)
    piece = version.pieces[0]
    assert queries.assessment_for(helen, VIEW, row.id) is None
    assert queries.piece_for(helen, VIEW, piece.id) is None
    services.share_with(version, helen, actor=admin, at=at)
    assert queries.assessment_for(helen, VIEW, row.id) is row
    assert queries.piece_for(helen, VIEW, piece.id) is piece
    assert queries.versions_seen(helen, row) == [version]
    assert queries.piece_for(helen, Permission.BUILD_PORTFOLIO, piece.id) is None


def test_it_shows_nothing_to_an_assessor_whose_allocation_ended(session, make, admin, at):
    row = make.assessment_in_epa()
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao)
    attempt = make.attempt(row, "presentation")
    make.allocate(attempt, helen)
    version = make.portfolio(row, shared_with=helen)
    assert queries.piece_for(helen, VIEW, version.pieces[0].id)
    make.allocate(attempt, make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao))
    assert queries.piece_for(helen, VIEW, version.pieces[0].id) is None


def test_it_shows_every_version_to_those_who_oversee_and_none_to_employer_and_provider(
    session, make, mine, sam, admin, at
):
    version = make.portfolio(mine)
    piece = version.pieces[0]
    staff = [
        make.person(role, organisation=mine.epao)
        for role in (Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR)
    ]
    for person in (sam, admin, *staff):
        assert queries.assessment_for(person, VIEW, mine.id) is mine
        assert queries.piece_for(person, VIEW, piece.id) is piece
        assert queries.versions_seen(person, mine) == [version]
    outside = (
        make.person(Role.EMPLOYER, organisation=mine.apprenticeship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=mine.apprenticeship.provider),
        make.assessment().apprenticeship.person,
        make.person(Role.ADMINISTRATOR),
    )
    for person in outside:
        assert queries.assessment_for(person, VIEW, mine.id) is None
        assert queries.piece_for(person, VIEW, piece.id) is None


class TestIntake:
    """Reasons piece by piece: noted, sent back with the portfolio, read in the next draft."""

    def test_it_keeps_reasons_until_they_are_taken_out(self, session, make, mine, admin, at):
        version = make.portfolio(mine, submitted=True)
        services.note_intake(version, {3: " It names a person. ", 5: " "}, actor=admin, at=at)
        noted = {piece.number: piece.to_put_right for piece in version.pieces if piece.to_put_right}
        assert noted == {3: "It names a person."}
        with pytest.raises(RuleBroken, match="Piece 3 has to be put right"):
            services.accept(version, actor=admin, at=at)
        services.note_intake(version, {}, actor=admin, at=at)
        services.accept(version, actor=admin, at=at)
        session.commit()
        told = str([entry.details for entry in session.query(AuditEntry)])
        assert "names a person" not in told

    def test_the_second_of_two_is_told(self, session, make, mine, admin, at):
        version = make.portfolio(mine, submitted=True)
        session.refresh(version)
        seen = version.lock_version
        services.note_intake(version, {3: "A name."}, actor=admin, at=at, seen=seen)
        with pytest.raises(Conflict, match="Somebody else looked"):
            services.note_intake(version, {4: "A face."}, actor=admin, at=at, seen=seen)
        services.note_intake(version, {4: "A face."}, actor=admin, at=at, seen=version.lock_version)
        assert [one.number for one in version.pieces if one.to_put_right] == [4]

    def test_it_looks_over_only_what_was_submitted(self, make, mine, admin, at):
        with pytest.raises(RuleBroken, match="nothing to decide"):
            services.note_intake(make.portfolio(mine), {1: "A name."}, actor=admin, at=at)

    def test_reasons_stay_with_the_returned_version(self, session, make, mine, admin, at):
        version = make.portfolio(mine, submitted=True)
        services.note_intake(version, {3: "A name."}, actor=admin, at=at)
        draft = services.return_for(version, "See piece 3.", actor=admin, at=at)
        session.commit()
        assert version.pieces[2].to_put_right == "A name."
        assert [piece.to_put_right for piece in draft.pieces] == [None] * len(draft.pieces)
        assert draft.pieces[2].follows_id == version.pieces[2].id


class TestComparing:
    """Two versions, held against each other by the piece and not by its number."""

    @pytest.fixture
    def versions(self, make, mine, sam, admin, at):
        """The first version, and a draft in which pieces were added, taken out and changed."""
        first = make.portfolio(mine, submitted=True)
        first.pieces[4].file = make.stored_file(sam, name="Plan.pdf")
        draft = services.return_for(first, "See piece 3.", actor=admin, at=at)
        again = make.stored_file(sam, name="Plan.pdf", content=b"%PDF-1.7\nanother\n%%EOF\n")
        draft.pieces[4].file = again
        services.change_piece(
            draft.pieces[2],
            make.piece_fields(title="Piece 3", kind=PieceKind.WORK_PRODUCT, service_user=2),
            actor=sam,
            at=at,
        )
        services.remove_piece(draft.pieces[0], actor=sam, at=at)
        services.add_piece(draft, make.piece_fields(title="New"), actor=sam, at=at)
        return first, draft

    def test_it_names_what_was_added_taken_out_and_changed(self, session, versions, sam, at):
        first, draft = versions
        found = compared(first, draft)
        assert [piece.title for piece in found.added] == ["New"]
        assert [piece.title for piece in found.removed] == ["Piece 1"]
        assert [one.after.number for one in found.changed] == [3, 5]
        assert found.same == 25
        services.submit(draft, actor=sam, at=at)  # renumbers, which changes no piece
        session.expire_all()
        again = compared(first, draft)
        assert [one.before.number for one in again.changed] == [3, 5]
        assert [one.after.number for one in again.changed] == [2, 4]
        assert again.same == 25

    def test_it_tells_files_of_one_name_apart_by_their_digest(self, versions):
        first, draft = versions
        changed = compared(first, draft).changed[1]
        (file,) = changed.differences
        assert file.what == "File"
        assert first.pieces[4].file.sha256 in file.before
        assert changed.after.file.sha256 in file.after
        assert file.before != file.after

    def test_it_follows_a_piece_through_several_versions(self, make, versions, sam, admin, at):
        first, draft = versions
        services.submit(draft, actor=sam, at=at)
        third = services.return_for(draft, "Once more.", actor=admin, at=at)
        found = compared(first, third)
        assert (len(found.added), len(found.removed), found.same) == (1, 1, 25)
        nothing = compared(draft, third)
        assert (nothing.added, nothing.removed, nothing.changed) == ((), (), ())
