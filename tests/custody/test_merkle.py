"""The tree against the vectors of Certificate Transparency and the examples of RFC 6962."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.custody.merkle import (
    EMPTY_ROOT,
    RightEdge,
    Tree,
    inner_hash,
    leaf_hash,
    root_from_spans,
    root_of,
    spans_of,
    verify_consistency,
    verify_path,
)

# Leaves and roots of Certificate Transparency's own test (google/certificate-transparency,
# merkletree/merkle_tree_test; kept today in transparency-dev/merkle, testonly).
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return inner_hash(slow_root(leaves[:k]), slow_root(leaves[k:]))


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(count)]


def test_roots_are_those_of_certificate_transparency() -> None:
    hashes = [leaf_hash(leaf) for leaf in CT_LEAVES]
    for size, expected in enumerate(CT_ROOTS, start=1):
        assert root_of(hashes[:size]).hex() == expected
        assert Tree(hashes).root(size).hex() == expected


def test_no_leaves_have_the_hash_of_nothing() -> None:
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_paths_are_those_drawn_in_rfc_6962_section_2_1_3() -> None:
    a, b, c, d, e, f, j = leaves = numbered(7)
    g, h, i = inner_hash(a, b), inner_hash(c, d), inner_hash(e, f)
    k = inner_hash(g, h)
    m = inner_hash(i, j)
    tree = Tree(leaves)
    assert tree.root() == inner_hash(k, m)
    assert tree.audit_path(0) == [b, h, m]
    assert tree.audit_path(3) == [c, g, m]
    assert tree.audit_path(4) == [f, j, k]
    assert tree.audit_path(6) == [i, k]
    assert tree.consistency_path(3) == [c, d, g, m]
    assert tree.consistency_path(4) == [m]
    assert tree.consistency_path(6) == [i, j, k]


def test_every_path_and_every_beginning_verify_and_no_other_does() -> None:
    leaves = numbered(34)
    for size in range(1, 35):
        tree = Tree(leaves[:size])
        root = slow_root(leaves[:size])
        assert tree.root() == root
        for index in range(size):
            path = tree.audit_path(index)
            assert verify_path(leaves[index], index, size, path, root)
            assert not verify_path(leaves[index], index + 1, size, path, root) or size == 1
            assert not verify_path(leaf_hash(b"x"), index, size, path, root)
            assert not verify_path(leaves[index], index, size, [*path, root], root)
            assert not path or not verify_path(leaves[index], index, size, path[:-1], root)
        for old in range(1, size + 1):
            proof = tree.consistency_path(old)
            old_root = slow_root(leaves[:old])
            assert verify_consistency(old, size, proof, old_root, root)
            assert not verify_consistency(old, size, proof, leaf_hash(b"x"), root)
            assert old == size or not verify_consistency(old, size, proof, old_root, old_root)
            assert not verify_consistency(old, size, [*proof, root], old_root, root)


@given(st.integers(0, 300), st.integers(0, 60))
def test_an_edge_taken_up_again_grows_to_the_same_root(size: int, more: int) -> None:
    leaves = numbered(size + more)
    edge = RightEdge()
    for leaf in leaves[:size]:
        edge.append(leaf)
    again = RightEdge.from_bytes(size, edge.to_bytes())
    assert again is not None
    for leaf in leaves[size:]:
        again.append(leaf)
    assert again.root() == slow_root(leaves)
    assert len(again.hashes) == (size + more).bit_count()


def test_an_edge_of_the_wrong_length_is_not_read() -> None:
    assert RightEdge.from_bytes(3, bytes(32)) is None
    assert RightEdge.from_bytes(-1, b"") is None


@given(st.integers(1, 70), st.data())
def test_an_older_root_follows_from_the_path_of_its_last_leaf(
    size: int, data: st.DataObject
) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    older = data.draw(st.integers(1, size))
    tree = Tree(leaves)
    path = tree.audit_path(older - 1)
    spans = spans_of(leaves[older - 1], older - 1, size, path)
    assert spans[(0, size)] == root_of(leaves)
    assert root_from_spans(spans, older) == root_of(leaves[:older])


def test_a_root_that_the_paths_do_not_show_is_not_guessed() -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(8)]
    spans = spans_of(leaves[0], 0, 8, Tree(leaves).audit_path(0))
    assert root_from_spans(spans, 7) is None
    assert root_from_spans(spans, 1) == leaves[0]
