"""The file provider: one line for one key, whatever happens between."""

import json
import multiprocessing
from pathlib import Path

from apps.customers.domain.contact import Channel
from apps.outreach.domain.delivery import Outgoing, Receipt
from apps.outreach.providers.file import File


def message(reference: str) -> Outgoing:
    return Outgoing(reference, Channel.SMS, "+86 139", "", "您好 {name}\nsecond line")


def send(provider: File, *names: str) -> list[Receipt]:
    return list(provider.send([message(name) for name in names]))


def references(folder: Path) -> list[str]:
    lines = (folder / "sms.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["reference"] for line in lines]


def send_a_hundred(folder: Path) -> None:
    provider = File(folder)
    for number in range(0, 100, 4):
        send(provider, *(f"C-{number + place}" for place in range(4)))


def test_the_same_key_twice_is_one_line_even_after_a_restart(tmp_path: Path) -> None:
    provider = File(tmp_path)

    answers = [send(provider, "C-1"), send(provider, "C-2", "C-1"), send(File(tmp_path), "C-1", "C-2")]

    assert answers == [["sms.jsonl:C-1"], ["sms.jsonl:C-2", "sms.jsonl:C-1"], ["sms.jsonl:C-1", "sms.jsonl:C-2"]]
    assert references(tmp_path) == ["C-1", "C-2"]


def test_a_line_that_a_crash_left_half_written_is_cut_off_and_written_again(tmp_path: Path) -> None:
    send(File(tmp_path), "C-1")
    with (tmp_path / "sms.jsonl").open("ab") as file:
        file.write(b'{"reference": "C-2", "addr')

    provider = File(tmp_path)
    send(provider, "C-2")
    send(provider, "C-3")

    assert references(tmp_path) == ["C-1", "C-2", "C-3"]


def test_a_file_that_was_taken_away_is_begun_anew(tmp_path: Path) -> None:
    provider = File(tmp_path)
    send(provider, "C-1")
    (tmp_path / "sms.jsonl").rename(tmp_path / "yesterday.jsonl")

    send(provider, "C-2")
    send(provider, "C-1")

    assert references(tmp_path) == ["C-2", "C-1"]


def test_processes_take_turns(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=send_a_hundred, args=(tmp_path,)) for _ in range(2)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert sorted(references(tmp_path)) == sorted(f"C-{number}" for number in range(100))
