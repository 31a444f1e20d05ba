"""What has been signed of the growing tree, here and at the anchors, and whether the tree agrees with it."""

from collections.abc import Iterator

from django.db import transaction

from apps.audit.domain import merkle, sealing
from apps.audit.domain.note import Checkpoint, Unreadable
from apps.audit.queries import anchors, keys, seals
from apps.audit.queries.seals import Batch


def notes(using: str) -> list[str]:
    """The last checkpoint that was signed, and the last that was published where that is another one."""
    signed, published = seals.checkpoint(using), anchors.latest(seals.origin(using))
    return list(dict.fromkeys(text for text in (signed and signed[1], published) if text))


def heard(end: Batch | None, using: str) -> Iterator[tuple[Checkpoint | None, str | None]]:
    """Each checkpoint that is known, none where it is not believed, and what it has against the tree that ends so."""
    origins = seals.origins(using)
    size, root = (end.size, end.root) if end else (0, merkle.EMPTY)
    for text in notes(using):
        try:
            known = keys.opened(text, origins)
        except Unreadable as error:
            yield None, str(error)
            continue
        if (known.origin, known.size, known.root) == (origins[-1], size, root):
            yield known, None
        else:
            with transaction.atomic(using=using):
                yield known, sealing.objection(known, origins[-1], size, root, seals.Tree(size, using).part)
