"""The private servers with real processes: what runs, who may come in, what is left."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
import redis

from config.servers import django_database, membership
from config.servers.locks import LockFile
from config.state import REPOSITORY
from tests.config.processes import (
    PythonProcess,
    ServerUser,
    eventually,
    process_named,
    processes_of,
)

pytestmark = pytest.mark.slow

FORK = """
import os, sys
from config.environment import load_environment
from config.servers import ensure_servers
url = ensure_servers(load_environment()).database_url
child = os.fork()
if child == 0:
    sys.exit(0)
os.waitpid(child, 0)
import psycopg
with psycopg.connect(url) as connection:
    print(connection.execute("SELECT 'still there'").fetchone()[0], flush=True)
"""


def ask(url: str, query: str) -> object:
    """The first field of the query's first row."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def works(database: str, queue: str) -> bool:
    """Whether both servers answer."""
    try:
        ask(database, "SELECT 1")
        with redis.Redis.from_url(queue) as client:
            return bool(client.ping())
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def test_the_last_user_to_end_takes_the_servers_down(var: Path) -> None:
    with ServerUser(var) as first, ServerUser(var) as second:
        assert works(*first.addresses())
        addresses = second.addresses()
        assert first.finish()[0] == 0
        assert works(*addresses)
        assert second.finish()[0] == 0
        assert processes_of(var) == set()


def test_nothing_is_left_of_a_user_that_was_killed(var: Path) -> None:
    with ServerUser(var) as user:
        user.addresses()
        user.signal(signal.SIGKILL)
        eventually(lambda: processes_of(var) == set(), "the servers end")


def test_a_killed_user_is_no_obstacle_to_the_next(var: Path) -> None:
    for _ in range(3):
        with ServerUser(var) as user:
            assert works(*user.addresses())
            user.signal(signal.SIGKILL)
    with ServerUser(var) as last:
        assert works(*last.addresses())
        assert last.finish()[0] == 0
        assert processes_of(var) == set()


@pytest.mark.parametrize(("program", "word"), [("postgres", "-D"), ("redis-server", "")])
def test_a_server_that_was_killed_is_started_again(var: Path, program: str, word: str) -> None:
    with ServerUser(var) as user:
        addresses = user.addresses()
        os.kill(process_named(var, program, word), signal.SIGKILL)
        eventually(lambda: works(*addresses), f"{program} answers again")
        assert user.finish()[0] == 0
        assert processes_of(var) == set()


@pytest.mark.parametrize("server", ["postgresql", "redis"])
def test_the_next_user_mends_a_killed_keeper(var: Path, server: str) -> None:
    with ServerUser(var) as first, ServerUser(var) as second:
        database, _ = first.addresses()
        second.addresses()
        with psycopg.connect(database) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(process_named(var, "python", f"config.servers {server}"), signal.SIGKILL)
        with ServerUser(var) as third:
            addresses = third.addresses()
            assert works(*addresses)
            assert ask(database, "SELECT answer FROM kept") == 42
            for user in (first, second, third):
                assert user.finish()[0] == 0
        assert processes_of(var) == set()


def test_eight_users_at_once_share_one_server(var: Path) -> None:
    users = [ServerUser(var) for _ in range(8)]
    try:
        addresses = {user.addresses() for user in users}
        assert len(addresses) == 1
        assert works(*addresses.pop())
        # Both name exactly one process, or fail.
        process_named(var, "postgres", "-D")
        process_named(var, "redis-server")
        assert [user.finish()[0] for user in users] == [0] * 8
        assert processes_of(var) == set()
    finally:
        for user in users:
            user.__exit__(None, None, None)


def test_a_fork_of_a_user_does_not_take_the_servers_down(var: Path) -> None:
    with PythonProcess(var, "-c", FORK) as user:
        status, said, complained = user.finish()
    assert (status, said.strip()) == (0, "still there"), complained
    assert processes_of(var) == set()


def test_a_command_that_is_told_to_end_leaves_nothing(var: Path) -> None:
    script = "print('up', flush=True); import time; time.sleep(3600)"
    with PythonProcess(var, "manage.py", "shell", "--no-imports", "-c", script) as command:
        assert command.line() == "up", command.finish()
        assert processes_of(var) != set()
        command.signal(signal.SIGTERM)
        status, _, complained = command.finish()
    assert (status, complained) == (128 + signal.SIGTERM, "")
    assert processes_of(var) == set()


def test_what_a_command_queues_goes_to_this_installations_broker(var: Path) -> None:
    script = "from celery import current_app; print(current_app.conf.broker_url)"
    with PythonProcess(var, "manage.py", "shell", "--no-imports", "-c", script) as command:
        status, said, complained = command.finish()
    assert (status, str(var / "run") in said) == (0, True), complained


def test_numbers_of_dead_servers_that_others_have_now_are_no_obstacle(var: Path) -> None:
    with ServerUser(var) as user:
        user.addresses()
        lock = var / "run" / "sockets" / ".s.PGSQL.5432.lock"
        pid_file = var / "postgresql" / "data" / "postmaster.pid"
        kept = {path: path.read_text().splitlines()[1:] for path in (pid_file, lock)}
        user.finish()
    # What a power cut leaves; the number has gone to a process that lives and is ours.
    for path, lines in kept.items():
        path.write_text("\n".join([str(os.getpid()), *lines, ""]))
    (var / "run" / "sockets" / "redis.sock").touch()
    with ServerUser(var) as user:
        assert works(*user.addresses())


def test_a_deep_folder_gets_its_sockets_elsewhere(var: Path) -> None:
    deep = var / "x" / ("deep" * 30)
    with ServerUser(deep) as user:
        database, queue = user.addresses()
        assert str(deep) not in database + queue
        assert works(database, queue)
        assert user.finish()[0] == 0
    assert processes_of(deep) == set()


def test_the_servers_listen_on_no_port_and_keep_no_frame(var: Path) -> None:
    with ServerUser(var) as user:
        database, queue = user.addresses()
        assert ask(database, "SHOW listen_addresses") == ""
        assert ask(database, "SHOW fsync") == "on"
        assert ask(database, "SHOW timezone") == "UTC"
        assert ask(database, "SELECT current_user") == "lintel"
        with redis.Redis.from_url(queue) as client:
            settings = client.config_get("*")
            assert (settings["port"], settings["save"], settings["appendonly"]) == ("0", "", "no")
            assert settings["maxmemory-policy"] == "noeviction"
            assert int(settings["maxmemory"]) > 0
            with pytest.raises(redis.ResponseError, match="unknown command"):
                client.bgsave()
            client.set("frame", b"\xff\xd8" * 1000)
        user.finish()
    assert list(var.rglob("*.rdb")) == []
    assert list(var.rglob("*.aof")) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TRIED: only root can ask as somebody else")
def test_nobody_else_may_come_in(var: Path) -> None:
    with ServerUser(var) as user:
        database, _ = user.addresses()
        folder = Path(django_database(database)["HOST"])
        mode = folder.stat().st_mode & 0o777
        assert mode == 0o700
        # Even with the folder open, PostgreSQL asks the kernel who is there.
        folder.chmod(0o777)
        (folder / ".s.PGSQL.5432").chmod(0o777)
        for step in folder.parents:
            if step.is_relative_to(var):
                step.chmod(0o755)
        pid = os.fork()
        if pid == 0:
            os.setgroups([])
            os.setuid(65534)
            try:
                psycopg.connect(database).close()
            except psycopg.OperationalError as fault:
                os._exit(
                    3 if "authentication failed" in str(fault) or "ermission" in str(fault) else 4
                )
            os._exit(5)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TRIED: this is an ordinary user already")
def test_an_ordinary_user_needs_no_root(var: Path) -> None:
    try:
        subprocess.run(
            [sys.executable, "-c", "import config.servers, psycopg"],
            cwd=REPOSITORY,
            user="nobody",
            group=65534,
            extra_groups=[],
            capture_output=True,
            check=True,
        )
    except (PermissionError, subprocess.CalledProcessError):
        pytest.skip(f"NOT TRIED: an ordinary user cannot run {sys.executable} here")
    for step in (var, *var.parents[:3]):
        step.mkdir(exist_ok=True)
        step.chmod(step.stat().st_mode | 0o001)
    os.chown(var, 65534, 65534)
    with ServerUser(var, user="nobody") as user:
        user.addresses()
        owner = Path(f"/proc/{process_named(var, 'postgres', '-D')}").stat().st_uid
        assert owner == 65534
        assert user.finish()[0] == 0
    assert processes_of(var) == set()


def test_a_keeper_that_has_only_just_begun_is_asked_to_end_as_well(tmp_path: Path) -> None:
    """It holds its lock while the file still names the one before it."""
    path = tmp_path / "redis.lock"
    path.write_text("1 ready")
    begun = LockFile(path)
    begun.take()
    keeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)", "config.servers"],
        pass_fds=[begun.fileno()],
    )
    writing = threading.Timer(0.3, begun.write, [f"{keeper.pid} starting"])
    writing.start()
    # Its lock ends with the process that holds it, which is no longer this one.
    closing = threading.Timer(0.4, begun.close)
    closing.start()

    membership._stop_keeper(path)

    assert keeper.wait(timeout=5) == -signal.SIGTERM
