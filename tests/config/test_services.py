"""The embedded servers: started, shared, stopped by the last, and there again after any kind of death."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from config.embedded import account, paths, services
from tests.config.conftest import HOLD, run, start

CONNECT = (
    "import psycopg, sys\n"
    "def ask(question, role='whiteslip_owner', database='whiteslip'):\n"
    "    with psycopg.connect(host=str(paths.runtime_dir()), user=role, dbname=database, autocommit=True) as link:\n"
    "        answer = link.execute(question)\n"
    "        return answer.fetchone()[0] if answer.description else None\n"
)
WAIT = "print('ready', flush=True); sys.stdin.readline()\n"


def postmaster(var: Path) -> int:
    return int((var / "main" / "postgres" / "postmaster.pid").read_text().split()[0])


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() != b""


def test_the_first_start_makes_the_database_and_its_roles(var: Path) -> None:
    code = (
        "from config.embedded import paths, services; services.hold('main')\n" + CONNECT + "print("
        "ask(\"SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'whiteslip%'\"),"
        "ask(\"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'whiteslip'\"),"
        "ask(\"SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension\"),"
        "ask(\"SELECT similarity('张三', '张三')\"),"
        "ask('SHOW fsync'), sep='\\n')"
    )

    answers = run(code).splitlines()

    assert answers == [
        "whiteslip_app whiteslip_auditor whiteslip_owner whiteslip_walled",
        "whiteslip_owner",
        "btree_gist pg_trgm plpgsql",
        "1.0",
        "on",
    ]
    assert services.running("main") == []


def test_the_second_start_finds_what_the_first_one_left(var: Path) -> None:
    run(HOLD + CONNECT + "ask('CREATE TABLE kept AS SELECT 7 AS it')")

    found = run(HOLD + CONNECT + "print(ask('SELECT it FROM kept'))")

    assert found == "7"


def test_the_last_to_leave_stops_the_servers(var: Path) -> None:
    with start(HOLD + CONNECT + WAIT) as first:
        assert first.stdout
        first.stdout.readline()
        server = postmaster(var)

        run(HOLD)
        assert is_alive(server)

        first.communicate("done\n")
        assert not is_alive(server)


def test_a_killed_server_comes_back_with_its_data(var: Path) -> None:
    with start("from config.embedded import paths, services; services.hold('main')\n" + CONNECT + WAIT) as first:
        assert first.stdout
        first.stdout.readline()
        run(HOLD + CONNECT + "ask('CREATE TABLE kept AS SELECT 7 AS it')")
        os.kill(postmaster(var), signal.SIGKILL)

        found = run(HOLD + CONNECT + "print(ask('SELECT it FROM kept'))")

        assert found == "7"
        first.communicate("done\n")


def test_a_pid_file_that_names_a_stranger_does_not_keep_the_server_down(var: Path) -> None:
    run(HOLD)
    stale = var / "main" / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n0\n5432\n{paths.runtime_dir()}\n\n0 0\nready\n")

    answer = run(HOLD + CONNECT + "print(ask('SELECT 1'))")

    assert answer == "1"


def test_a_first_start_that_was_killed_half_way_is_completed(var: Path) -> None:
    run(HOLD)
    with start(HOLD + CONNECT + WAIT) as first:
        assert first.stdout
        first.stdout.readline()
        (var / "main" / "prepared-2").unlink()

        answer = run(HOLD + CONNECT + "print(ask('SELECT 1'))")

        assert answer == "1"
        assert (var / "main" / "prepared-2").exists()
        first.communicate("done\n")


def test_servers_of_a_killed_command_are_used_by_the_next_and_stopped_by_it(var: Path) -> None:
    with start(HOLD + CONNECT + WAIT) as killed:
        assert killed.stdout
        killed.stdout.readline()
        server = postmaster(var)
        killed.kill()
    assert is_alive(server)

    run(HOLD)

    assert not is_alive(server)


def test_two_checkouts_run_side_by_side(make_var: Callable[[], Path]) -> None:
    one, other = make_var(), make_var()
    note = HOLD + CONNECT + "ask('CREATE TABLE mine AS SELECT {0} AS it'); print(ask('SELECT it FROM mine'))"
    with start(note.format(1) + "\nsys.stdin.readline()", WHITESLIP_VAR=str(one)) as first:
        second = run(note.format(2), WHITESLIP_VAR=str(other))
        out, _ = first.communicate("done\n")

    assert (out.strip(), second) == ("1", "2")


def test_several_commands_at_once_start_one_server(var: Path) -> None:
    commands = [start(HOLD + CONNECT + "print(ask('SELECT pg_postmaster_start_time()'))" + "\n") for _ in range(4)]

    answers = [command.communicate() for command in commands]

    assert [command.returncode for command in commands] == [0] * 4, answers
    assert services.running("main") == []


def test_the_brokers_queue_outlives_it(var: Path) -> None:
    hold = "from config.embedded import paths, services; services.hold('main', database=False, broker=True)\n"
    client = "import redis; line = redis.Redis(unix_socket_path=str(paths.broker_socket()))\n"
    run(hold + client + "line.lpush('queue', 'task'); line.close()")

    kept = run(hold + client + "print(line.rpop('queue').decode()); line.close()")

    assert kept == "task"
    assert services.running("main") == []


@pytest.mark.skipif(not account.is_root(), reason="only root can become another account")
def test_an_ordinary_account_runs_its_own_servers(var: Path) -> None:
    nobody = account.Account("nobody", 65534, 65534)
    if not nobody.may_enter(Path(services.__file__).parent) or not nobody.may_enter(Path(pytest.__file__).parent):
        pytest.skip("the checkout or its environment is closed to other accounts")
    os.chown(var, nobody.uid, nobody.gid)
    become = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    imports = "import psycopg; from config.embedded import paths, services\n"

    user = run(imports + become + HOLD + CONNECT + "print(ask('SELECT current_user', role='whiteslip_app'))")

    assert user == "whiteslip_app"
    assert (var / "main" / "postgres").stat().st_uid == nobody.uid


@pytest.mark.skipif(not account.is_root(), reason="only root hands its servers to another account")
def test_root_keeps_the_data_elsewhere_if_the_servers_account_cannot_reach_them(var: Path) -> None:
    var.chmod(0o700)

    answer = run(HOLD + CONNECT + "print(ask('SELECT 1'))")

    assert answer == "1"
    assert paths.ELSEWHERE in (var / "main").readlink().parents


def test_a_folder_that_belongs_to_somebody_else_is_refused_in_one_sentence(var: Path) -> None:
    if not account.is_root():
        pytest.skip("only root can make a folder that belongs to somebody else")
    imports = "import psycopg, os; from config.embedded import paths, services; from config.embedded.account import *\n"
    become = "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    attempt = "try:\n    services.hold('main')\nexcept Unavailable as failure:\n    print(failure)\n"

    sentence = run(imports + become + attempt)

    assert sentence == (
        f"The servers in {var}/main belong to another account ({var}/main.lease: permission denied); "
        f"run as that account or set WHITESLIP_VAR to a folder of your own."
    )
