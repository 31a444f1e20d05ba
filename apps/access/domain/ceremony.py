"""What a browser answers when it is asked for a passkey, beside what it was asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A credential as JSON, the challenge it must sign (good once), and the site that asked."""

    credential: str
    challenge: bytes
    origin: str

    @property
    def site(self) -> str:
        """The host for which the key is made, without scheme and port."""
        host = self.origin.partition("://")[2]
        return host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
