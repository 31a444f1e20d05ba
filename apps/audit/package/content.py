"""What is in a package: its files, in a zip file or a folder, read line by line."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import tlog
from tlog import Wrong

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError, csv.Error)
Line = tuple[bytes, dict[str, Any] | None]  # a leaf, and the flat columns beside it

csv.field_size_limit(1 << 20)


@dataclass(frozen=True)
class Package:
    """An export, as a zip file or as a folder."""

    path: Path

    def open(self, name: str) -> BinaryIO:
        """One of its files, to be read from its beginning."""
        try:
            if self.path.is_dir():
                return (self.path / name).open("rb")
            return zipfile.ZipFile(self.path).open(name)  # type: ignore[return-value]
        except (FileNotFoundError, KeyError):
            raise Wrong(f"The file {name} is missing.") from None
        except zipfile.BadZipFile as error:
            raise Wrong(f"{self.path} is damaged: {error}.") from None

    def has(self, name: str) -> bool:
        """Whether it holds a file of that name."""
        if self.path.is_dir():
            return (self.path / name).exists()
        with zipfile.ZipFile(self.path) as package:
            return name in package.namelist()

    def text(self, name: str) -> str:
        """One of its small files."""
        try:
            with self.open(name) as file:
                return file.read().decode()
        except DAMAGE as error:
            raise Wrong(f"The file {name} is damaged: {error}.") from error


def lines_of(package: Package, kind: str) -> Iterator[Line]:
    """The leaves in the order of the file, with the flat columns where there are some."""
    if kind == "csv":
        with package.open("events.csv") as file:
            text = io.TextIOWrapper(file, "utf-8", "surrogateescape", newline="")
            count = 0
            try:
                for row in csv.DictReader(text, strict=True):
                    yield (row.get("leaf") or "").encode("utf-8", "surrogateescape"), row
                    count += 1
            except csv.Error as error:
                raise Wrong(f"Line {count + 1} cannot be read: {error}.") from error
        return
    with package.open("events.jsonl" if kind == "jsonl" else "leaves.jsonl") as file:
        for line in file:
            yield line[:-1] if line.endswith(b"\n") else line + b" (cut off)", None


def hashes_in(package: Package) -> Iterator[bytes]:
    """The hashes of all leaves of a range."""
    with package.open("hashes.bin") as file:
        while piece := file.read(tlog.HASH):
            yield piece


def proofs_in(package: Package) -> Iterator[tuple[int, list[bytes]]]:
    """The place and the path of every line; a line that cannot be read has the place -1."""
    with package.open("proofs.txt") as file:
        for line in file:
            try:
                index, encoded = line.decode().removesuffix("\n").split(" ")
                yield int(index), tlog.hashes_of(tlog.decoded(encoded))
            except ValueError:
                yield -1, []
