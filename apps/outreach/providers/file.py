"""A provider that writes to a file: what real providers of app, SMS, WeChat and QQ messages would be handed."""

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from apps.customers.domain.contact import Channel
from apps.outreach.domain.delivery import Outgoing, Unavailable


class File:
    """Appends one line of JSON per message to `<folder>/<channel>.jsonl`; the same reference twice is one line.

    Processes take turns by a lock on the file. A line that a crash left half written was never acknowledged: it is cut
    off before the next one is written.
    """

    name = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = Lock()
        self.seen: dict[Channel, set[str]] = {}
        self.read: dict[Channel, int] = {}

    def send(self, message: Outgoing) -> str:
        """Append the message unless it is there; answers file and reference."""
        path = self.folder / f"{message.channel}.jsonl"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.lock, path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if message.reference not in self._seen(message.channel, file):
                    self._append(message, file)
        except OSError as problem:
            raise Unavailable(str(problem)) from problem
        return f"{path.name}:{message.reference}"

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

    def _append(self, message: Outgoing, file: BinaryIO) -> None:
        line = json.dumps(asdict(message), ensure_ascii=False, sort_keys=True).encode() + b"\n"
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
