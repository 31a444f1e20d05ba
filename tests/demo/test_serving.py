import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from apps.demo.management import serving

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.usefixtures("fresh_database", "broker")
def test_the_site_opens_and_ctrl_c_stops_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHITESLIP_VAR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "for this test alone, which is long enough to be taken")
    port = serving.free_port(0)
    words = [sys.executable, "manage.py", "demo", "--customers", "2", "--days", "2", "--port", str(port)]
    process = subprocess.Popen(words, cwd=CHECKOUT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    address = next(line.split()[-1] for line in process.stderr if "http://" in line)

    with urllib.request.urlopen(f"{address}login") as page:
        assert page.status == 200
    children = _children(process.pid)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert process.returncode == 0
    assert len(children) == 4
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_port_that_is_taken_is_not_waited_for() -> None:
    taken = serving.free_port(0)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", taken))
        holder.listen()

        assert serving.free_port(taken) != taken
