"""Progress on the terminal."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn


class Bars:
    """A progress bar on standard error for each thing that is done."""

    def __init__(self) -> None:
        self.progress = Progress(
            TextColumn("{task.description:<48}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "Bars":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def __call__(self, what: str, share: float) -> None:
        """Show how much of it is done (0 to 1)."""
        if what not in self.tasks:
            self.tasks[what] = self.progress.add_task(what, total=1.0)
        self.progress.update(self.tasks[what], completed=share)
