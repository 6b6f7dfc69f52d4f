from datetime import date, timedelta

import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.errors import NotAllowed, RuleBroken
from epa.people import queries, services
from epa.people.rules import ConflictKind, OrganisationKind, Permission, Role
from epa.people.services import Declaration, OrganisationFields, PersonFields

MANAGE = Permission.MANAGE_PEOPLE
KIND = OrganisationKind
NAMES = [
    ("Seán", "O'Neill"),
    ("Thị", "Nguyễn"),
    ("小龙", "李"),
    ("X", "Æ"),
    ("J" * 100, "ß" * 100),
]


@pytest.fixture
def epao(make):
    return make.organisation(KIND.EPAO, name="Calder Vale")


@pytest.fixture
def admin(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def assessor(make, epao):
    return make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao)


def found(session, person, **by):
    query = queries.narrowed(queries.people(person, MANAGE), queries.PeopleFilter(**by))
    return set(session.scalars(query))


class TestOrganisations:
    def test_it_adds_one_of_several_kinds(self, admin, at):
        kinds = frozenset({KIND.EMPLOYER, KIND.TRAINING_PROVIDER})
        fields = OrganisationFields("Tidewell Housing", kinds, "10012345")
        row = services.add_organisation(fields, actor=admin, at=at)
        assert row.kinds == kinds

    @pytest.mark.parametrize(
        ("kinds", "ukprn", "field"),
        [
            (frozenset(), None, "kinds"),
            (frozenset({KIND.EMPLOYER}), "123", "ukprn"),
            (frozenset({KIND.EMPLOYER}), "10012345", "ukprn"),
        ],
    )
    def test_it_refuses_no_kind_and_a_wrong_or_taken_ukprn(self, admin, at, kinds, ukprn, field):
        first = OrganisationFields("First", frozenset({KIND.EMPLOYER}), "10012345")
        services.add_organisation(first, actor=admin, at=at)
        with pytest.raises(RuleBroken) as broken:
            services.add_organisation(
                OrganisationFields("Second", kinds, ukprn), actor=admin, at=at
            )
        assert broken.value.field == field

    def test_it_keeps_its_own_ukprn_when_it_is_changed(self, admin, at, session):
        fields = OrganisationFields("First", frozenset({KIND.EMPLOYER}), "10012345")
        row = services.add_organisation(fields, actor=admin, at=at)
        changed = OrganisationFields("Renamed", frozenset({KIND.TRAINING_PROVIDER}), "10012345")
        services.edit_organisation(row, changed, actor=admin, at=at)
        session.commit()
        assert (row.name, row.kinds) == ("Renamed", changed.kinds)

    def test_it_keeps_a_kind_that_somebodys_role_needs(self, make, admin, at):
        row = make.organisation(KIND.EMPLOYER)
        make.person(Role.EMPLOYER, organisation=row)
        fields = OrganisationFields(row.name, frozenset({KIND.TRAINING_PROVIDER}))
        with pytest.raises(RuleBroken, match="Employer"):
            services.edit_organisation(row, fields, actor=admin, at=at)

    def test_clients_are_shared_and_other_epaos_are_not_there(self, make, session, admin, epao):
        client = make.organisation(KIND.EMPLOYER)
        both = make.organisation(KIND.EPAO, KIND.TRAINING_PROVIDER)
        other = make.organisation(KIND.EPAO)
        reached = set(session.scalars(queries.organisations(admin, MANAGE)))
        assert {epao, client, both} <= reached
        assert other not in reached
        assert queries.our_organisation_for(admin, MANAGE, both.id) is None
        assert queries.our_organisation_for(admin, MANAGE, client.id) is client


class TestPeople:
    @pytest.mark.parametrize(("given", "family"), NAMES)
    def test_it_keeps_names_exact_and_finds_them(self, session, admin, epao, at, given, family):
        fields = PersonFields(given, family, f"{len(given)}@example.org")
        row = services.add_person(fields, role=Role.MARKER, organisation=epao, actor=admin, at=at)
        session.commit()
        session.expire_all()
        assert (row.given_names, row.family_name) == (given, family)
        assert row in found(session, admin, words=family.upper())

    def test_it_finds_by_parts_of_names_and_address_in_any_order(self, make, session, admin, epao):
        row = make.person(
            Role.MARKER, organisation=epao, given="Zo\u00eb", family="McTavish", email="zm@x.org"
        )
        for words in ("mctav ZOE\u0308", "ZM@X", "zoë"):
            assert found(session, admin, words=words) == {row}
        for words in ("%", "_", "\\", "zoe mactavish"):
            assert row not in found(session, admin, words=words)

    @pytest.mark.parametrize("email", ["ruth@example.org", "RUTH@Example.org"])
    def test_an_address_belongs_to_one_person(self, make, admin, epao, at, email):
        make.person(Role.MARKER, organisation=epao, email="ruth@example.org")
        with pytest.raises(RuleBroken) as broken:
            services.add_person(
                PersonFields("Ruth", "Two", email),
                role=Role.MARKER,
                organisation=epao,
                actor=admin,
                at=at,
            )
        assert broken.value.field == "email"

    def test_it_stores_nothing_when_the_role_does_not_belong_there(self, make, session, admin, at):
        employer = make.organisation(KIND.EMPLOYER)
        session.commit()
        with pytest.raises(RuleBroken, match="cannot be held"):
            services.add_person(
                PersonFields("Ruth", "Two", "new@example.org"),
                role=Role.MARKER,
                organisation=employer,
                actor=admin,
                at=at,
            )
        session.rollback()
        assert queries.person_with_email_key("new@example.org") is None

    def test_it_filters_by_role_kind_and_state(self, make, session, admin, epao, at):
        marker = make.person(Role.MARKER, organisation=epao)
        contact = make.person(Role.EMPLOYER)
        services.disable(marker, actor=admin, at=at)
        assert found(session, admin, role=Role.EMPLOYER) == {contact}
        assert found(session, admin, kind=KIND.EMPLOYER) == {contact}
        assert found(session, admin, is_disabled=True) == {marker}
        assert marker not in found(session, admin, is_disabled=False)

    def test_people_of_another_epao_are_not_there(self, make, session, admin, epao):
        theirs = make.person(Role.MARKER)
        contact = make.person(Role.EMPLOYER)
        shared = make.person(Role.MARKER, organisation=epao)
        other = make.organisation(KIND.EPAO)
        make.role(shared, Role.MARKER, other)
        make.role(contact, Role.MARKER, other)
        reached = found(session, admin)
        assert theirs not in reached
        assert contact not in reached
        assert shared in reached
        assert queries.ours_for(admin, MANAGE, shared.id) is None
        assert queries.ours_for(admin, MANAGE, theirs.id) is None

    def test_somebody_without_the_permission_reaches_nobody(self, session, assessor):
        assert found(session, assessor) == set()

    def test_an_administrator_gives_no_role_at_another_epao(self, make, admin, assessor, at):
        with pytest.raises(NotAllowed):
            services.grant_role(
                assessor,
                Role.ADMINISTRATOR,
                organisation=make.organisation(KIND.EPAO),
                actor=admin,
                at=at,
            )

    def test_a_role_is_given_once_and_may_be_given_again_after_its_end(
        self, session, admin, epao, assessor, at
    ):
        held = assessor.current_roles[0]
        give = {"organisation": epao, "actor": admin, "at": at}
        with pytest.raises(RuleBroken, match="already"):
            services.grant_role(assessor, Role.INDEPENDENT_ASSESSOR, **give)
        services.end_role(held, actor=admin, at=at)
        services.grant_role(assessor, Role.INDEPENDENT_ASSESSOR, **give)
        session.commit()
        assert len(assessor.current_roles) == 1

    def test_nobody_disables_themselves_or_ends_their_own_administration(self, admin, at):
        with pytest.raises(RuleBroken, match="Another administrator"):
            services.disable(admin, actor=admin, at=at)
        with pytest.raises(RuleBroken, match="Another administrator"):
            services.end_role(admin.current_roles[0], actor=admin, at=at)

    def test_the_last_administrator_stays(self, make, admin, epao, at):
        elsewhere = make.person(Role.ADMINISTRATOR)
        for act in (
            lambda: services.disable(admin, actor=elsewhere, at=at),
            lambda: services._check_not_last(admin.current_roles[0]),
        ):
            with pytest.raises(RuleBroken, match="last administrator"):
                act()
        disabled = make.person(Role.ADMINISTRATOR, organisation=epao)
        services.disable(disabled, actor=admin, at=at)
        with pytest.raises(RuleBroken, match="last administrator"):
            services.disable(admin, actor=elsewhere, at=at)

    def test_every_change_is_in_the_log(self, session, admin, epao, at):
        row = services.add_person(
            PersonFields("A", "B", "ab@example.org"),
            role=Role.MARKER,
            organisation=epao,
            actor=admin,
            at=at,
        )
        services.edit_person(row, PersonFields("A", "C", "ac@example.org"), actor=admin, at=at)
        services.disable(row, actor=admin, at=at)
        services.enable(row, actor=admin, at=at)
        session.commit()
        entries = session.scalars(select(AuditEntry)).all()
        assert {one.action for one in entries} == {
            "person added",
            "role granted",
            "person changed",
            "person disabled",
            "person enabled",
        }
        assert not any("example.org" in str(one.details) for one in entries)


class TestConflicts:
    def declare(self, person, actor, at, **with_whom):
        declared = Declaration(ConflictKind.EMPLOYER, "Worked there until 2023", **with_whom)
        return services.declare_conflict(person, declared, actor=actor, at=at)

    def between(self, person, *, people=(), organisations=(), on=date(2026, 6, 9)):
        return queries.conflicts_between(
            person,
            people_ids=[one.id for one in people],
            organisation_ids=[one.id for one in organisations],
            on=on,
        )

    def test_a_declared_one_blocks_with_its_reason(self, make, assessor, at):
        employer = make.organisation(KIND.EMPLOYER, name="Tidewell")
        conflict = self.declare(assessor, assessor, at, with_organisation=employer)
        (obstacle,) = self.between(assessor, organisations=[employer])
        assert obstacle.conflict is conflict
        assert "Tidewell" in obstacle.reason
        assert self.between(assessor, organisations=[make.organisation(KIND.EMPLOYER)]) == []

    def test_one_with_a_person_blocks_for_that_person(self, make, assessor, at):
        apprentice, another = make.person(Role.APPRENTICE), make.person(Role.APPRENTICE)
        self.declare(assessor, assessor, at, with_person=apprentice)
        assert self.between(assessor, people=[apprentice])
        assert not self.between(assessor, people=[another])

    def test_it_blocks_until_the_day_it_ends(self, make, admin, assessor, at):
        employer = make.organisation(KIND.EMPLOYER)
        conflict = self.declare(assessor, assessor, at, with_organisation=employer)
        services.end_conflict(conflict, on=date(2026, 6, 8), actor=admin, at=at)
        assert self.between(assessor, organisations=[employer], on=date(2026, 6, 7))
        assert not self.between(assessor, organisations=[employer], on=date(2026, 6, 8))

    def test_nobody_ends_or_scrutinises_their_own(self, make, epao, at):
        person = make.person(Role.ADMINISTRATOR, Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
        employer = make.organisation(KIND.EMPLOYER)
        conflict = self.declare(person, person, at, with_organisation=employer)
        with pytest.raises(RuleBroken, match="Somebody else"):
            services.end_conflict(conflict, on=date(2026, 6, 8), actor=person, at=at)
        with pytest.raises(RuleBroken, match="Somebody else"):
            services.scrutinise_conflict(conflict, "Long ago", actor=person, at=at)

    def test_whoever_recorded_it_does_not_scrutinise_it(self, make, assessor, epao, at):
        actor = make.person(Role.ADMINISTRATOR, Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
        employer = make.organisation(KIND.EMPLOYER)
        conflict = self.declare(assessor, actor, at, with_organisation=employer)
        with pytest.raises(RuleBroken, match="Somebody else"):
            services.scrutinise_conflict(conflict, "Long ago", actor=actor, at=at)

    def test_a_scrutinised_one_no_longer_blocks(self, make, session, assessor, epao, at):
        iqa = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
        employer = make.organisation(KIND.EMPLOYER)
        conflict = self.declare(assessor, assessor, at, with_organisation=employer)
        services.scrutinise_conflict(conflict, "Left in 2019", actor=iqa, at=at)
        session.commit()
        assert not self.between(assessor, organisations=[employer])
        with pytest.raises(RuleBroken, match="already"):
            services.scrutinise_conflict(conflict, "Again", actor=iqa, at=at)

    def test_a_role_at_the_employer_blocks_undeclared(self, make, session, assessor, admin, at):
        employer = make.organisation(KIND.EMPLOYER, name="Tidewell")
        held = make.role(assessor, Role.EMPLOYER, employer)
        (obstacle,) = self.between(assessor, organisations=[employer])
        assert obstacle.conflict is None
        assert obstacle.reason == "Has a role at Tidewell"
        services.end_role(held, actor=admin, at=at)
        assert not self.between(assessor, organisations=[employer])

    def test_nobody_assesses_themselves(self, assessor):
        assert self.between(assessor, people=[assessor])

    def test_it_is_declared_once_and_again_after_its_end(self, make, assessor, admin, at):
        employer = make.organisation(KIND.EMPLOYER)
        first = self.declare(assessor, assessor, at, with_organisation=employer)
        with pytest.raises(RuleBroken, match="already"):
            self.declare(assessor, assessor, at, with_organisation=employer)
        services.end_conflict(first, on=date(2026, 6, 8), actor=admin, at=at)
        self.declare(assessor, assessor, at + timedelta(days=1), with_organisation=employer)

    def test_it_is_with_one_other(self, make, assessor, at):
        employer, person = make.organisation(KIND.EMPLOYER), make.person(Role.APPRENTICE)
        for with_whom in (
            {},
            {"with_person": person, "with_organisation": employer},
            {"with_person": assessor},
        ):
            with pytest.raises(RuleBroken):
                self.declare(assessor, assessor, at, **with_whom)

    def test_one_sees_ones_own_and_those_one_oversees(self, make, session, assessor, admin, at):
        employer = make.organisation(KIND.EMPLOYER)
        mine = self.declare(assessor, assessor, at, with_organisation=employer)
        another = make.person(Role.INDEPENDENT_ASSESSOR)
        theirs = self.declare(another, another, at, with_organisation=employer)
        assert session.scalars(queries.conflicts(assessor)).all() == [mine]
        assert session.scalars(queries.conflicts(admin)).all() == [mine]
        assert queries.open_conflict_for(admin, MANAGE, theirs.id) is None
        assert queries.open_conflict_for(admin, MANAGE, mine.id) is mine
