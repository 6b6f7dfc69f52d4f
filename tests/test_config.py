"""Settings: what they become, and one clear message for each that cannot be used."""

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

import config
from config import Config, DevelopmentConfig, ProductionConfig, SettingsFault, from_environment
from epa import cli
from epa.app import create_app
from epa.keys import read_or_make_key

KEYS = {"SECRET_KEY": "s" * 64, "AUDIT_KEY": "a" * 64}


@pytest.fixture
def env(tmp_path):
    return {"PLUMBLINE_DATA": str(tmp_path / "data")}


class TestKeys:
    @pytest.mark.parametrize("missing", list(KEYS))
    def test_it_does_not_start_in_production_without_a_key(self, env, missing, tmp_path):
        given = {name: value for name, value in KEYS.items() if name != missing}
        with pytest.raises(SettingsFault, match=f"^{missing} is not set"):
            ProductionConfig({**env, **given})
        assert not (tmp_path / "data" / "keys").exists()

    def test_it_makes_keys_once_elsewhere_for_the_owner_alone(self, env, tmp_path):
        first, second = DevelopmentConfig(env), DevelopmentConfig(env)
        assert first.SECRET_KEY == second.SECRET_KEY
        assert first.AUDIT_KEY == second.AUDIT_KEY
        assert first.SECRET_KEY != first.AUDIT_KEY
        keys = tmp_path / "data" / "keys"
        assert sorted(path.name for path in keys.iterdir()) == ["audit_key", "secret_key"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
        assert stat.S_IMODE(keys.stat().st_mode) == 0o700

    def test_it_prefers_the_key_it_is_given(self, env, tmp_path):
        assert KEYS["AUDIT_KEY"] == Config({**env, **KEYS}).AUDIT_KEY
        assert not (tmp_path / "data" / "keys").exists()

    def test_it_agrees_on_one_key_when_processes_start_together(self, tmp_path):
        with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as together:
            made = list(together.map(read_or_make_key, [tmp_path / "keys"] * 40, ["audit"] * 40))
        assert {len(key) for key in made} == {64}
        assert len(set(made)) == 1
        assert [path.name for path in (tmp_path / "keys").iterdir()] == ["audit"]


class TestPublicFace:
    def test_it_trusts_its_own_machine_outside_production(self, env):
        made = Config({**env, "PUBLIC_URL": "https://epa.example.org"})
        assert made.TRUSTED_HOSTS == ["epa.example.org", "127.0.0.1", "localhost"]

    def test_it_trusts_its_public_name_alone_in_production(self, env):
        made = ProductionConfig({**env, **KEYS, "PUBLIC_URL": "https://epa.example.org/"})
        assert made.TRUSTED_HOSTS == ["epa.example.org"]
        assert made.PUBLIC_URL == "https://epa.example.org"
        assert made.REQUIRE_TOTP

    @pytest.mark.parametrize(
        ("url", "name", "secure"),
        [
            ("https://epa.example.org", "__Host-plumbline", True),
            ("http://127.0.0.1:5000", "plumbline", False),
        ],
    )
    def test_it_keeps_its_cookie_to_https_when_it_can(self, env, url, name, secure):
        made = Config({**env, "PUBLIC_URL": url})
        assert name == made.SESSION_COOKIE_NAME
        assert made.SESSION_COOKIE_SECURE is secure
        assert made.SESSION_COOKIE_HTTPONLY
        assert made.SESSION_COOKIE_SAMESITE == "Lax"

    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("127.0.0.1:8123", 200),
            ("localhost", 200),
            ("epa.example.org", 200),
            ("elsewhere.example.org", 400),
            ("epa.example.org.evil.example", 400),
            ("", 400),
        ],
    )
    def test_it_answers_under_its_own_names_only(self, env, own_process, host, status):
        app = create_app(Config({**env, "PUBLIC_URL": "http://epa.example.org"}))
        answer = app.test_client().get("/static/any/css/base.css", headers={"Host": host})
        assert answer.status_code == status
        answer.close()


class TestProxies:
    @pytest.mark.parametrize(
        ("count", "source", "scheme"),
        [
            ("0", "127.0.0.1", "http"),
            ("1", "203.0.113.9", "https"),
            ("2", "198.51.100.7", "http"),
        ],
    )
    def test_it_believes_as_many_proxies_as_there_are(
        self, env, own_process, count, source, scheme
    ):
        app = create_app(Config({**env, "PROXY_COUNT": count}))
        seen = []
        app.before_request(lambda: seen.append(_seen()))
        app.test_client().get(
            "/static/any/css/base.css",
            headers={
                "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
                "X-Forwarded-Proto": "http, https",
            },
        ).close()
        assert seen == [(source, scheme)]


class TestFaults:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("PLUMBLINE_ENV", "live"),
            ("PORT", "0"),
            ("PORT", "65536"),
            ("PORT", "eighty"),
            ("PORT", "-1"),
            ("PUBLIC_URL", "epa.example.org"),
            ("PUBLIC_URL", "ftp://epa.example.org"),
            ("PUBLIC_URL", "https://epa.example.org/plumbline"),
            ("PUBLIC_URL", "https://"),
            ("REQUIRE_TOTP", "perhaps"),
            ("PROXY_COUNT", "-1"),
            ("PROXY_COUNT", "many"),
            ("PROXY_COUNT", "99"),
            ("PDF_ENGINE", "word"),
            ("DATABASE_URL", "mysql://u:canary@h/d"),
            ("DATABASE_URL", "postgresql://u:canary@h:port/d"),
            ("DATABASE_URL", "canary"),
            ("STORAGE_URL", "canary"),
            ("STORAGE_URL", "ftp://u:canary@h/d"),
            ("SMTP_URL", "http://u:canary@h"),
        ],
    )
    def test_it_names_the_setting_and_no_secret(
        self, env, own_process, monkeypatch, capsys, name, value
    ):
        with pytest.raises(SettingsFault, match=name) as fault:
            from_environment({**env, name: value})
        assert "canary" not in str(fault.value)
        monkeypatch.setenv("PLUMBLINE_DATA", env["PLUMBLINE_DATA"])
        monkeypatch.setenv(name, value)
        assert cli.main(["audit", "verify"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"plumbline audit: {fault.value}\n"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("on", True), ("1", True), ("Yes", True), ("off", False), ("0", False), ("", False)],
    )
    def test_it_reads_a_switch(self, env, text, expected):
        assert Config({**env, "REQUIRE_TOTP": text}).REQUIRE_TOTP is expected

    @pytest.mark.parametrize("begin", ["postgres", "postgresql", "postgresql+psycopg"])
    def test_it_takes_every_way_to_write_postgresql(self, env, begin):
        made = Config({**env, "DATABASE_URL": f"{begin}://u:p@h:5433/d"})
        assert made.SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://u:p@h:5433/d"

    def test_it_keeps_everything_in_one_folder_by_default(self, env, tmp_path):
        made = Config(env)
        assert f"sqlite:///{tmp_path}/data/plumbline.sqlite3" == made.SQLALCHEMY_DATABASE_URI
        assert (tmp_path / "data" / "files").as_uri() == made.STORAGE_URL
        assert config.Config({}).DATA_FOLDER == config.ROOT / "var"


def _seen():
    from flask import request

    return request.remote_addr, request.scheme


class TestQueue:
    def test_it_waits_in_the_data_folder_by_default(self, env, tmp_path):
        assert f"sqlite:///{tmp_path / 'data' / 'queue.sqlite3'}" == Config(env).QUEUE_URL

    def test_it_may_wait_elsewhere(self, env):
        url = "postgresql://queue@127.0.0.1/queue"
        assert url == Config({**env, "QUEUE_URL": url}).QUEUE_URL

    def test_it_says_what_redis_needs(self, env, monkeypatch):
        monkeypatch.setattr(config, "find_spec", lambda _name: None)
        with pytest.raises(SettingsFault, match="needs the Python package redis") as fault:
            Config({**env, "QUEUE_URL": "redis://user:canary@127.0.0.1"})
        assert "canary" not in str(fault.value)
        monkeypatch.setattr(config, "find_spec", lambda _name: object())
        assert Config({**env, "QUEUE_URL": "redis://127.0.0.1"}).QUEUE_URL == "redis://127.0.0.1"
