"""Where the embedded servers keep their data and their sockets; the standard library alone, nothing is created here
but the secret key."""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import quote

from config.embedded import account

CHECKOUT = Path(__file__).resolve().parents[2]
ELSEWHERE = Path("/var/lib/whiteslip")
DATABASE = "whiteslip"
MAIN = "main"
LONGEST_DIRECTORY = 88  # a socket's whole path must stay below 107 bytes


def var_dir() -> Path:
    """The ignored folder for all that the product writes: `var` in the checkout, or WHITESLIP_VAR."""
    return Path(os.path.realpath(os.environ.get("WHITESLIP_VAR") or CHECKOUT / "var"))


def make_var_dir() -> Path:
    """The same, made if need be, and open to be passed through by the servers' account."""
    var = var_dir()
    if not var.exists():
        var.mkdir(parents=True, exist_ok=True)
        var.chmod(0o755)
    return var


def home(name: str = MAIN) -> Path:
    """The directory of one set of servers (the user's, the tests', the benchmarks').

    It is inside `var`, unless we are root and the servers' account cannot reach it there; a link in `var` then leads
    to it.
    """
    place = var_dir() / name
    if place.is_symlink():
        return place.readlink()
    if not account.is_root() or place.exists() or account.service().may_enter(var_dir()):
        return place
    return ELSEWHERE / _digest() / name


def runtime_dir(name: str = MAIN) -> Path:
    """The directory of the sockets: in the home, or a short one where the home's path is too long for a socket."""
    run = home(name) / "run"
    if len(os.fsencode(run)) <= LONGEST_DIRECTORY:
        return run
    return Path(f"/tmp/whiteslip-{_digest()}-{name}")  # noqa: S108 - ownership is checked before use


def broker_socket(name: str = MAIN) -> Path:
    """The broker's socket."""
    return runtime_dir(name) / "broker.sock"


def database_url(role: str, *, name: str = MAIN, database: str = DATABASE) -> str:
    """The address of a database as one role sees it, the socket's directory in place of a host."""
    return f"postgresql://{role}@{quote(str(runtime_dir(name)), safe='')}/{database}"


def broker_url(name: str = MAIN) -> str:
    """The broker's address."""
    return f"redis+socket://{quote(str(broker_socket(name)))}"


def secret_key() -> str:
    """Read `var/secret_key`, or make it: readable by its owner alone, and one and the same for all who ask at once."""
    path = var_dir() / "secret_key"
    try:
        return _read_or_make(path)
    except OSError as error:
        raise account.Unavailable(
            f"The secret key in {path} cannot be read or made ({error.strerror}); "
            f"set SECRET_KEY, or WHITESLIP_VAR to a folder of your own."
        ) from error


def _read_or_make(path: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="utf-8")
    make_var_dir()
    draft = path.with_name(f"secret_key.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    return path.read_text(encoding="utf-8")


def _digest() -> str:
    return hashlib.sha256(os.fsencode(var_dir())).hexdigest()[:12]
