"""A definition loads whole, or every fault is named and nothing loads."""

import hashlib

import pytest
from pydantic import ValidationError

import frameworks
from frameworks import (
    AssessmentPlan,
    DefinitionFaults,
    Framework,
    available_frameworks,
    load_file,
    load_framework,
    load_plan,
    load_quality_framework,
)
from frameworks.checking import SCHEME_CHECKS
from frameworks.loading import DEFINITIONS, LARGEST_DEFINITION_BYTES, MODELS, version_order
from frameworks.scoring import SCHEMES


def faults_of(load, *arguments, **options):
    with pytest.raises(DefinitionFaults) as caught:
        load(*arguments, **options)
    return {fault.where: fault.problem for fault in caught.value.faults}


class TestPublished:
    def test_it_never_edits_a_published_version(self):
        lines = (DEFINITIONS / "PUBLISHED.sha256").read_text("utf-8").splitlines()
        published = {name: digest for digest, name in (line.split("  ") for line in lines)}
        actual = {
            f"{one.code}/{one.version}.toml": hashlib.sha256(one.path.read_bytes()).hexdigest()
            for one in available_frameworks()
        }
        assert actual == published

    def test_it_loads_every_published_definition(self):
        for one in available_frameworks():
            assert load_framework(one.code, one.version).code == one.code
            assert len(one.digest()) == 64


class TestFinding:
    def test_it_loads_the_newest_version_unless_told(self, own_folder, write):
        write(version="2022.10")
        write(version="2022.2")
        assert load_framework("st0663").version == "2022.1"
        assert load_framework("st0663", directories=[own_folder]).version == "2022.10"
        assert load_framework("st0663", "2022.2", [own_folder]).version == "2022.2"
        versions = [
            one.version for one in available_frameworks([own_folder]) if one.code == "st0663"
        ]
        assert versions == ["2022.1", "2022.2", "2022.10"]

    def test_it_orders_versions_as_people_count(self):
        versions = ["2022.10", "2022.1-own.2", "2022.2", "2022.1", "2022.1-own.10", "2021"]
        expected = ["2021", "2022.1", "2022.1-own.2", "2022.1-own.10", "2022.2", "2022.10"]
        assert sorted(versions, key=version_order) == expected

    def test_it_says_which_frameworks_and_versions_there_are(self):
        codes = "there is: iep_qif, matrix, scottish_standards, seqf, st0663"
        assert codes in faults_of(load_framework, "nonsense")["framework"]
        assert "there is: 2022.1" in faults_of(load_framework, "st0663", "1.0")["version"]

    def test_it_finds_nothing_in_a_folder_that_is_not_there(self, tmp_path):
        assert len(available_frameworks([tmp_path / "nowhere"])) == len(available_frameworks())

    def test_it_takes_the_same_words_in_two_folders_for_one(self, own_folder, text):
        path = own_folder / "st0663" / "2022.1.toml"
        path.parent.mkdir()
        path.write_text(text, "utf-8")
        assert load_framework("st0663", "2022.1", [own_folder]).version == "2022.1"

    def test_it_refuses_two_meanings_of_one_version(self, own_folder, write):
        write(("pieces_max = 36", "pieces_max = 40"), version="2022.1")
        faults = faults_of(load_framework, "st0663", "2022.1", [own_folder])
        assert "other words" in faults["version"]

    def test_it_refuses_a_folder_in_the_place_of_a_file(self, own_folder):
        (own_folder / "st0663" / "2022.1.toml").mkdir(parents=True)
        faults = faults_of(load_framework, "st0663", "2022.1", [own_folder])
        assert "other words" in faults["version"]

    def test_it_refuses_a_definition_in_the_wrong_place(self, own_folder, write):
        path = write()
        path.rename(path.with_name("3.0.toml"))
        path.parent.rename(own_folder / "other")
        faults = faults_of(load_framework, "other", "3.0", [own_folder])
        assert set(faults) == {"code", "version"}

    def test_it_gives_a_plan_only_where_there_is_one(self, plan):
        assert load_plan("st0663") is plan
        assert faults_of(load_plan, "seqf") == {"scheme": "seqf is no end-point assessment plan"}

    def test_it_gives_a_quality_framework_only_where_there_is_one(self):
        assert load_quality_framework("seqf").code == "seqf"
        faults = faults_of(load_quality_framework, "st0663")
        assert faults == {"scheme": "st0663 is no quality framework"}


class TestReading:
    @pytest.mark.parametrize(
        ("content", "where", "problem"),
        [
            (b"\xff\xfe\x00code", "byte 1", "UTF-8 text was expected"),
            (b"code = ", "", "TOML was expected"),
            (b"", "scheme", "one of grading, weighted_fidelity, "),
            (b"scheme = 3", "scheme", "one of grading, weighted_fidelity, "),
            (b"scheme = {}", "scheme", "one of grading, weighted_fidelity, "),
            (b"a = 1\na = 2", "", "TOML was expected"),
            (b"a = " + b"[" * 5000, "", "TOML was expected"),
            (b"a = " + b"9" * 5000, "", "TOML was expected"),
            (b"#" * (LARGEST_DEFINITION_BYTES + 1), "", "larger than"),
        ],
    )
    def test_it_names_what_is_no_definition(self, tmp_path, content, where, problem):
        path = tmp_path / "broken.toml"
        path.write_bytes(content)
        with pytest.raises(DefinitionFaults) as caught:
            load_file(path)
        (fault,) = caught.value.faults
        assert fault.file == str(path)
        assert fault.where == where
        assert problem in fault.problem

    @pytest.mark.parametrize("name", ["missing.toml", "", "null\0byte.toml"])
    def test_it_names_a_file_it_cannot_read(self, tmp_path, name):
        assert "cannot be read" in faults_of(load_file, f"{tmp_path}/{name}")[""]

    def test_it_lists_every_fault_of_shape_with_its_place(self, write):
        path = write(
            ("pieces_min = 24", 'pieces_min = "many"'),
            ("minutes = 180", "minutes = true"),
            ('title = "Supported Employment"', "title = 7"),
            ('\ncode = "pass"\n', '\ncode = "pass"\ncolour = "green"\n'),
            ("count = 14, ", ""),
            ('kind = "marked"', 'kind = "measured"'),
            ("plan_date = 2022-05-22\n", ""),
            ("K9 = [", "'K 9' = ["),
        )
        faults = faults_of(load_file, path)
        assert faults["portfolio.pieces_min"].endswith("it says 'many'")
        assert faults["methods.observation.parts.observing.minutes"].endswith("it says True")
        assert faults["criteria.K7.title"] == "input should be a valid string; it says 7"
        assert "not permitted" in faults["scale.pass.colour"]
        assert "judged" in faults["methods.knowledge_test"]
        assert faults["source.plan_date"] == "field required"
        assert any(where.startswith("mapping.K 9") for where in faults)
        assert len(faults) == 7

    def test_it_names_a_missing_field_of_a_question_type(self, write):
        path = write(("count = 14, ", ""))
        where = "methods.knowledge_test.question_types.multiple_choice.count"
        assert faults_of(load_file, path) == {where: "field required"}

    def test_it_names_a_part_that_is_no_part(self, write):
        path = write(('kinds = [\n  { code = "resit"', 'kinds = [\n  3, { code = "resit"'))
        assert "resits.kinds.0" in faults_of(load_file, path)

    def test_it_never_loads_half(self, write, own_folder):
        path = write(("pieces_min = 24", "pieces_min = 37"), ("marks_max = 66", "marks_max = 67"))
        assert "portfolio.pieces_min" in faults_of(load_file, path)
        faults = faults_of(load_framework, "st0663", "2022.1-own", [own_folder])
        assert faults["portfolio.pieces_min"] == "it is above pieces_max"
        assert "add up to 66, not 67" in faults["methods.knowledge_test.question_types"]

    def test_it_loads_an_epaos_own_version_beside_ours(self, write, own_folder):
        settled = 'code = "ksb_k3"\nsettled_by = "A. Archer"\nsettled_on = 2026-11-01'
        write(
            ('code = "ksb_k3"', settled + '\nsettled_from = "Trailblazer group"'),
            ('K3 = ["knowledge_test"]', 'K3 = ["presentation"]'),
        )
        own = load_framework("st0663", directories=[own_folder])
        assert own.interpretations_of("K3")[0].settled_by == "A. Archer"
        assert load_framework("st0663").interpretations_of("K3")[0].settled_by is None

    def test_it_is_frozen(self, plan):
        with pytest.raises(ValidationError):
            plan.portfolio.pieces_min = 1


class TestPublicNames:
    def test_it_fetches_each_public_name_from_its_home(self):
        for name in frameworks.__all__:
            frameworks.__dict__.pop(name, None)
            assert getattr(frameworks, name) is not None
        homes = {name for names in frameworks._HOMES.values() for name in names}
        assert homes == set(frameworks.__all__)

    def test_it_has_no_other_names(self):
        with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
            _ = frameworks.nonsense

    def test_it_knows_the_same_schemes_everywhere(self):
        assert set(MODELS) == set(SCHEMES) == set(SCHEME_CHECKS)

    def test_it_makes_a_plan_a_kind_of_framework(self):
        assert issubclass(AssessmentPlan, Framework)
