"""The one anticipated error."""


class Refused(Exception):
    """A "no" that an agent can read aloud; doors turn it into a form message, HTTP 409 or exit code 1.

    `sentence` is complete and names the reason; `code` is stable and meant for programs; `is_recorded` once the trail
    holds it.
    """

    is_recorded = False

    def __init__(self, sentence: str, *, code: str = "refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class Forbidden(Refused):
    """A "no" for lack of a permission, role or authority: HTTP 403."""

    def __init__(self, sentence: str, *, code: str = "forbidden") -> None:
        super().__init__(sentence, code=code)
