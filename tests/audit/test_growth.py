"""A tree that goes on from a size knows the same nodes and roots as one that was grown from the start."""

import pytest

from apps.audit.domain import merkle
from apps.audit.domain.growth import Growth

LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(66_300)]


def part(level: int, index: int) -> bytes:
    return merkle.root_of(LEAVES[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 65_535, 65_536, 65_800])
def test_a_tree_goes_on_from_any_size(size: int) -> None:
    whole, late = Growth(), Growth(size, part)
    assert late.edge.root() == merkle.root_of(LEAVES[:size])

    for leaf in LEAVES[: size + 400]:
        whole.append(leaf)
    for leaf in LEAVES[size : size + 400]:
        late.append(leaf)

    assert late.edge.root() == whole.edge.root()
    assert late.nodes == {
        (level, index): root for (level, index), root in whole.nodes.items() if (index + 1) * 256**level > size
    }
