"""One-time codes: of an authenticator app (TOTP, RFC 6238), and those kept on paper for the day it is lost."""

import datetime as dt
import hashlib
import hmac

import pyotp

SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits: a digest is enough, there is nothing to guess
DRIFT = (0, -1, 1)  # clocks may differ by one step


def step_of(secret: str, code: str, at: dt.datetime, *, after: int | None) -> int | None:
    """The step for which the code holds at this moment; None for a wrong one and for one of a step used before.

    `after` is the last step that was accepted: a code is good once, and none older than it is good any more.
    """
    code = code.replace(" ", "")
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    now, totp = int(at.timestamp()) // SECONDS, pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)
    for step in (now + drift for drift in DRIFT):
        if hmac.compare_digest(totp.generate_otp(step), code) and (after is None or step > after):
            return step
    return None


def address(secret: str, *, username: str, issuer: str) -> str:
    """What an app scans."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(name=username, issuer_name=issuer)


def recovery_digest(code: str) -> str:
    """Under what a recovery code is kept, however it was typed."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"whiteslip recovery {plain}".encode()).hexdigest()


def grouped(code: str) -> str:
    """A recovery code as it is shown: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
