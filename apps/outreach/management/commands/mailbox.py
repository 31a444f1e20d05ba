import contextlib
import os
import signal
import threading
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """A mail server for the demo: it takes every e-mail and delivers none."""

    help = "Run a real SMTP server on loopback that keeps each e-mail in var/mail (a Maildir)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen: by default where the settings send e-mail."""
        parser.add_argument("--port", type=int, default=settings.EMAIL_PORT, metavar="PORT", help="on 127.0.0.1")

    def handle(self, *_: Any, **options: Any) -> None:
        """Serve until interrupted."""
        folder = settings.VAR_DIR / "mail"
        folder.parent.mkdir(parents=True, exist_ok=True)
        server = Controller(Mailbox(folder), hostname="127.0.0.1", port=options["port"])
        try:
            server.start()
        except OSError as problem:
            why = os.strerror(problem.errno) if problem.errno else str(problem)
            raise CommandError(f"Cannot listen on 127.0.0.1:{options['port']}: {why}.") from problem
        self.stdout.write(f"Mail for 127.0.0.1:{options['port']} is kept in {folder}.")
        self.stdout.flush()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        with contextlib.suppress(KeyboardInterrupt):
            stop.wait()
        server.stop()
