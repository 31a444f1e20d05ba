"""A provider that writes to a file: what real providers of app, SMS, WeChat and QQ messages would be handed."""

import fcntl
import json
import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from apps.customers.domain.contact import Channel
from apps.outreach.domain.delivery import Outgoing, Receipt, Unavailable


class File:
    """Appends one line of JSON per message to `<folder>/<channel>.jsonl`; the same reference twice is one line.

    A batch is one write and one fsync. Processes take turns by a lock on the file. A line that a crash left half
    written was never acknowledged: it is cut off before the next one is written.
    """

    name = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = Lock()
        self.seen: dict[Channel, set[str]] = {}
        self.read: dict[Channel, int] = {}

    def send(self, messages: Sequence[Outgoing]) -> Generator[Receipt, None, None]:
        """Append those messages that are not there, at once and for good; answers file and reference."""
        for channel, of_channel in groupby(messages, key=lambda message: message.channel):
            batch = {message.reference: message for message in of_channel}
            path = self.folder / f"{channel}.jsonl"
            try:
                self._append(path, channel, batch)
            except OSError as problem:
                raise Unavailable(str(problem)) from problem
            yield from (f"{path.name}:{reference}" for reference in batch)

    def _seen(self, channel: Channel, file: BinaryIO) -> set[str]:
        """The references in the file; reads only what was added since the last look."""
        size = file.seek(0, os.SEEK_END)
        if size < self.read.get(channel, 0):  # another file than before
            self.seen.pop(channel), self.read.pop(channel)
        seen, position = self.seen.setdefault(channel, set()), self.read.get(channel, 0)
        file.seek(position)
        for line in file:
            if not line.endswith(b"\n"):
                file.truncate(position)
                break
            seen.add(json.loads(line)["reference"])
            position += len(line)
        self.read[channel] = position
        return seen

    def _append(self, path: Path, channel: Channel, batch: Mapping[str, Outgoing]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.lock, path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            seen = self._seen(channel, file)
            lines = [_line(message) for reference, message in batch.items() if reference not in seen]
            if lines:
                file.write(b"".join(lines))
                file.flush()
                os.fsync(file.fileno())


def _line(message: Outgoing) -> bytes:
    return json.dumps(asdict(message), ensure_ascii=False, sort_keys=True).encode() + b"\n"
