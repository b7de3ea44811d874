"""The embedded PostgreSQL and Redis, with real servers, real crashes and real accounts."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from semaine import embedded
from semaine.embedded.servers import EmbeddedError, place_of

ROOT = Path(__file__).resolve().parent.parent.parent
AS_ROOT = os.geteuid() == 0
# Starts the servers, says so, and holds them until its standard input closes.
HOLD = """
import sys
from pathlib import Path
from semaine import embedded
with embedded.running(Path(sys.argv[1]), durable=False):
    print("ready", flush=True)
    sys.stdin.read()
"""
THEN_ERASE = "embedded.erase(Path(sys.argv[1]))"


def python_of_ordinary_user() -> str:
    """An interpreter that the account may execute; the environment's own can be out of reach."""
    trial = ["-c", "import psycopg, semaine.embedded.servers"]
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            subprocess.run([python, *trial], check=True, capture_output=True, **ordinary_user())
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("L'environnement Python est hors de portée d'un utilisateur ordinaire.")


def ordinary_user() -> dict:
    environment = {"env": {"PATH": os.defpath, "PYTHONPATH": ":".join([str(ROOT), *sys.path])}}
    if not AS_ROOT:
        return environment
    account = pwd.getpwnam("nobody")
    ids = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return environment | ids | {"cwd": "/"}


@contextmanager
def holder(data_dir: Path, python=sys.executable, script=HOLD, **options):
    command = [python, "-c", script, str(data_dir)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **{"cwd": ROOT} | pipes | options) as process:
        yield process
        process.stdin.close()


def postgres_started_at(data_dir: Path):
    with psycopg.connect(embedded.database_url(data_dir)) as connection:
        return connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0]


def servers_of(data_dir: Path) -> tuple:
    """What tells this pair of servers from a later one; raises when they do not answer."""
    with redis.Redis.from_url(embedded.redis_url(data_dir)) as client:
        return postgres_started_at(data_dir), client.info("server")["run_id"]


def assert_stopped(data_dir: Path) -> None:
    with pytest.raises(psycopg.OperationalError):
        postgres_started_at(data_dir)
    with (
        redis.Redis.from_url(embedded.redis_url(data_dir)) as client,
        pytest.raises(redis.ConnectionError),
    ):
        client.ping()


def clean_up(data_dir: Path) -> None:
    embedded.erase(data_dir)
    if AS_ROOT:
        shutil.rmtree(place_of(data_dir).home, ignore_errors=True)


@pytest.fixture
def new_dir(tmp_path):
    yield tmp_path / "data"
    clean_up(tmp_path / "data")


@pytest.fixture(scope="module")
def made_dir(tmp_path_factory):
    """A folder whose cluster exists already: making one takes seconds."""
    data_dir = tmp_path_factory.mktemp("made")
    with embedded.running(data_dir, durable=False):
        pass
    yield data_dir
    clean_up(data_dir)


@pytest.fixture
def ordinary_home():
    """A short folder of an ordinary user's own, whoever runs the tests."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="home-") as folder:
        if AS_ROOT:
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
        yield Path(folder)


def test_urls_name_unix_sockets_and_touch_nothing(new_dir):
    urls = embedded.database_url(new_dir), embedded.redis_url(new_dir)
    assert urls == (embedded.database_url(new_dir), embedded.redis_url(new_dir))
    assert urls[0].startswith("postgresql://semaine@:5432/semaine?host=%2F")
    assert urls[1].startswith("unix:///")
    assert not new_dir.exists()


def test_restart_keeps_the_data(made_dir):
    with embedded.running(made_dir, durable=False):
        first = servers_of(made_dir)
        with psycopg.connect(embedded.database_url(made_dir)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert_stopped(made_dir)
    with embedded.running(made_dir, durable=False):
        assert servers_of(made_dir) != first
        with psycopg.connect(embedded.database_url(made_dir)) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
            connection.execute("DROP TABLE kept")


def test_database_has_the_role_locale_and_extensions_of_production(made_dir):
    with (
        embedded.running(made_dir, redis=False),
        psycopg.connect(embedded.database_url(made_dir)) as connection,
    ):
        for extension in ("unaccent", "pg_trgm", "btree_gin", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}")
        found = connection.execute(
            "SELECT current_user, rolsuper, unaccent('Évry'), datlocale, datlocprovider::text"
            " FROM pg_roles, pg_database WHERE rolname = 'semaine' AND datname = 'semaine'"
        ).fetchone()
        connection.rollback()
    assert found == ("semaine", False, "Evry", "C.UTF-8", "b")


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
def test_durability_is_chosen_at_each_start(made_dir, durable, fsync):
    with (
        embedded.running(made_dir, redis=False, durable=durable),
        psycopg.connect(embedded.database_url(made_dir)) as connection,
    ):
        settings = "SELECT current_setting('fsync'), current_setting('listen_addresses')"
        assert connection.execute(settings).fetchone() == (fsync, "")


def test_sharing_leaves_the_servers_to_whoever_stays(made_dir):
    with holder(made_dir) as first, holder(made_dir) as second:
        assert [first.stdout.readline(), second.stdout.readline()] == ["ready\n"] * 2
        started = servers_of(made_dir)
        first.communicate()
        assert servers_of(made_dir) == started
    assert_stopped(made_dir)


def test_start_reuses_the_servers_of_a_killed_starter(made_dir):
    with holder(made_dir) as starter:
        starter.stdout.readline()
        started = servers_of(made_dir)
        starter.kill()
    with embedded.running(made_dir):
        assert servers_of(made_dir) == started
    assert_stopped(made_dir)


def test_start_recovers_from_killed_servers(made_dir):
    cluster = place_of(made_dir).cluster
    with holder(made_dir) as starter:
        starter.stdout.readline()
        started = servers_of(made_dir)
        postmaster = int((cluster / "postmaster.pid").read_text().split()[0])
        with redis.Redis.from_url(embedded.redis_url(made_dir)) as client:
            redis_server = client.info("server")["process_id"]
        for pid in (starter.pid, postmaster, redis_server):
            os.kill(pid, signal.SIGKILL)
    assert place_of(made_dir).redis_socket.is_socket()
    with embedded.running(made_dir, durable=False):
        assert servers_of(made_dir) != started


def test_start_ignores_a_pid_file_whose_number_went_to_another_process(made_dir):
    place = place_of(made_dir)
    other = subprocess.Popen(["sleep", "60"], **place.identity)
    try:
        (place.cluster / "postmaster.pid").write_text(f"{other.pid}\n{place.cluster}\n")
        (place.sockets / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n{place.cluster}\n")
        with embedded.running(made_dir, redis=False, durable=False):
            assert postgres_started_at(made_dir)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_start_recovers_from_an_interrupted_initdb(new_dir):
    place = place_of(new_dir)
    with holder(new_dir) as starter:
        while not (place.cluster_in_the_making / "global").exists():
            assert starter.poll() is None
        starter.kill()
    assert not place.cluster.exists()
    with embedded.running(new_dir, durable=False):
        assert len(servers_of(new_dir)) == 2
    assert not place.cluster_in_the_making.exists()


def test_two_simultaneous_first_starts_share_one_pair(new_dir):
    with holder(new_dir) as first, holder(new_dir) as second:
        assert [first.stdout.readline(), second.stdout.readline()] == ["ready\n"] * 2
        assert len(servers_of(new_dir)) == 2
    assert (first.returncode, second.returncode) == (0, 0)
    assert_stopped(new_dir)


@pytest.mark.parametrize("folder", ["mes données, à moi/$HOME %2F", "x" * 100])
def test_ordinary_user_starts_from_any_path(ordinary_home, folder):
    data_dir = ordinary_home / folder
    python = python_of_ordinary_user()
    with holder(data_dir, python, HOLD + THEN_ERASE, **ordinary_user()) as process:
        assert process.stdout.readline() == "ready\n"
        postmaster = int((data_dir / "services/postgres/postmaster.pid").read_text().split()[0])
        assert psutil.Process(postmaster).username() == psutil.Process(process.pid).username()
    assert process.returncode == 0
    assert not psutil.pid_exists(postmaster) or psutil.Process(postmaster).status() == "zombie"


@pytest.mark.skipif(not AS_ROOT, reason="seul root a un compte à prêter")
def test_root_lends_the_servers_an_account_without_rights(made_dir):
    with embedded.running(made_dir, redis=False, durable=False):
        place = place_of(made_dir)
        postmaster = int((place.cluster / "postmaster.pid").read_text().split()[0])
        assert psutil.Process(postmaster).username() == "nobody"
        assert [oct(place.services.stat().st_mode), place.services.owner()] == ["0o40700", "nobody"]


def test_start_refuses_a_folder_that_others_may_enter(new_dir):
    place = place_of(new_dir)
    place.services.mkdir(parents=True)
    place.services.chmod(0o755)
    with pytest.raises(EmbeddedError, match="n'est pas privé"), embedded.running(new_dir):
        pass


def test_failed_start_names_the_log(new_dir):
    place = place_of(new_dir)
    place.home.mkdir(parents=True)
    place.services.mkdir(mode=0o700)
    os.chown(place.services, place.uid, -1)
    place.cluster.mkdir()  # not a cluster
    with pytest.raises(EmbeddedError) as refusal, embedded.running(new_dir, redis=False):
        pass
    wanted = f"PostgreSQL ne fonctionne pas : le détail est dans {place.log('postgres')}."
    assert str(refusal.value) == wanted
    assert "postgres" in place.log("postgres").read_text()


def test_erase_refuses_while_somebody_uses_the_servers(made_dir):
    with embedded.running(made_dir, postgres=False):
        with pytest.raises(EmbeddedError, match="servent encore"):
            embedded.erase(made_dir)
        with redis.Redis.from_url(embedded.redis_url(made_dir)) as client:
            assert client.ping()


def test_command_runs_with_the_servers_and_passes_its_exit_code(made_dir):
    command = "from semaine.embedded.servers import *; import sys; p = place_of(sys.argv[1]); "
    command += "sys.exit(7 if (p.cluster / 'postmaster.pid').exists() else 1)"
    run = [sys.executable, "-m", "semaine.embedded", sys.executable, "-c", command, made_dir]
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    environment["SEMAINE_DATA"] = str(made_dir)
    assert subprocess.run(run, cwd=ROOT, env=environment, check=False).returncode == 7
    assert_stopped(made_dir)
