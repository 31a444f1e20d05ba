"""What a verification names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Something that is not as it should be: a code for programs, a sentence for people."""

    code: str
    sentence: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"code": self.code, "sentence": self.sentence}
