"""The tree, here and in the verifier of exports, against published vectors and a plain definition of itself."""

import base64
import json
from pathlib import Path

import pytest
import tlog
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.domain import merkle

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "merkle"
ABSENT = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors of the Merkle tree are not beside the checkout")


def vectors(kind: str) -> list[pytest.param]:  # type: ignore[valid-type]
    return [
        pytest.param(json.loads(path.read_text()), id=str(path.relative_to(VECTORS / kind)))
        for path in sorted((VECTORS / kind).rglob("*.json"))
    ] or [pytest.param({}, marks=ABSENT)]


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@ABSENT
@pytest.mark.parametrize("vector", vectors("inclusion"))
def test_inclusion_is_shown_or_refused_as_published(vector: dict) -> None:
    proof = [decoded(part) for part in vector["proof"] or ()]

    shown = merkle.includes(
        vector["leafIdx"], vector["treeSize"], decoded(vector["leafHash"]), proof, decoded(vector["root"])
    )

    assert shown is not vector["wantErr"]
    outside = tlog.is_included(
        vector["leafIdx"], vector["treeSize"], decoded(vector["leafHash"]), proof, decoded(vector["root"])
    )
    assert outside is shown


@ABSENT
@pytest.mark.parametrize("vector", vectors("consistency"))
def test_consistency_is_shown_or_refused_as_published(vector: dict) -> None:
    proof = [decoded(part) for part in vector["proof"] or ()]

    shown = merkle.grows(vector["size1"], vector["size2"], decoded(vector["root1"]), decoded(vector["root2"]), proof)

    assert shown is not vector["wantErr"]
    outside = tlog.is_grown(vector["size1"], vector["size2"], decoded(vector["root1"]), decoded(vector["root2"]), proof)
    assert outside is shown


class Forest:
    """Leaves and the roots of their complete parts, by the definition."""

    def __init__(self, size: int) -> None:
        self.hashes = [merkle.leaf_hash(str(number).encode()) for number in range(size)]

    def part(self, level: int, index: int) -> bytes:
        if level == 0:
            return self.hashes[index]
        return merkle.node_hash(self.part(level - 1, 2 * index), self.part(level - 1, 2 * index + 1))

    def root(self, size: int) -> bytes:
        edge = merkle.Edge()
        for leaf in self.hashes[:size]:
            edge.append(leaf)
        return edge.root()


@given(st.data())
def test_what_is_proved_is_believed_and_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    forest = Forest(size)
    root, other = forest.root(size), data.draw(st.integers(0, size - 1))

    included = merkle.inclusion(index, size, forest.part)
    grown = merkle.consistency(old, size, forest.part)

    assert merkle.includes(index, size, forest.hashes[index], included, root)
    assert merkle.includes(index, size, forest.hashes[other], included, root) is (other == index)
    assert merkle.grows(old, size, forest.root(old), root, grown)
    assert not merkle.grows(old, size, merkle.EMPTY, root, grown)


@given(st.integers(0, 300), st.integers(0, 40))
def test_an_edge_goes_on_where_the_tree_ended(size: int, more: int) -> None:
    forest = Forest(size + more)

    edge = merkle.edge_of(size, forest.part)
    for leaf in forest.hashes[size:]:
        edge.append(leaf)

    assert (edge.size, edge.root()) == (size + more, forest.root(size + more))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        merkle.inclusion(index, size, Forest(3).part)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_there_is_no_proof_of_an_impossible_growth(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not grow"):
        merkle.consistency(old, new, Forest(3).part)


@pytest.mark.parametrize("size", range(70))
def test_the_root_is_the_same_level_by_level_as_leaf_after_leaf(size: int) -> None:
    leaves, edge = [merkle.leaf_hash(bytes([number])) for number in range(size)], merkle.Edge()
    for leaf in leaves:
        edge.append(leaf)

    assert merkle.root_of(leaves) == edge.root()
