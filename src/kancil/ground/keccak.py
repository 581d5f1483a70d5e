"""Keccak-256, the hash of Ethereum: not SHA3-256, which pads otherwise and gives other digests.

Plain Python, exact; for one address at a time. Source: FIPS 202 (sections 3 and 4: the permutation
and the sponge are the same there) and the Keccak reference, version 3.0, whose padding is used.
"""

from __future__ import annotations

_RATE = 136
_LANES = 25
_MASK = (1 << 64) - 1
KECCAK_PAD = 0x01


def _round_constants() -> tuple[int, ...]:
    """Compute iota's constants by their shift register (FIPS 202, algorithms 5 and 6)."""
    register, found = 1, []
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        found.append(constant)
    return tuple(found)


def _moves() -> tuple[tuple[int, int, int, int], ...]:
    """Compute rho and pi (algorithms 2, 3): for each lane, which lane comes there and how turned.

    Each as source, its column, bits to the left, bits to the right.
    """
    moves, x, y = {0: (0, 0, 0, 64)}, 1, 0
    for step in range(24):
        turn = (step + 1) * (step + 2) // 2 % 64
        moves[y + 5 * ((2 * x + 3 * y) % 5)] = (x + 5 * y, x, turn, 64 - turn)
        x, y = y, (2 * x + 3 * y) % 5
    return tuple(moves[lane] for lane in range(_LANES))


_ROUNDS = _round_constants()
_MOVES = _moves()
_NEIGHBOURS = tuple(
    (y + x, y + (x + 1) % 5, y + (x + 2) % 5) for y in range(0, _LANES, 5) for x in range(5)
)


def _permuted(a: list[int]) -> list[int]:
    """Apply Keccak-f[1600] to 25 lanes of 64 bits, lane x + 5 y."""
    for constant in _ROUNDS:
        sums = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        turned = [(each << 1 | each >> 63) & _MASK for each in sums]
        mixed = [sums[x - 1] ^ turned[x - 4] for x in range(5)]
        moved = [
            ((a[source] ^ mixed[x]) << left | (a[source] ^ mixed[x]) >> right) & _MASK
            for source, x, left, right in _MOVES
        ]
        a = [moved[one] ^ (~moved[two] & moved[three]) for one, two, three in _NEIGHBOURS]
        a[0] ^= constant
    return a


def keccak256(data: bytes, pad: int = KECCAK_PAD) -> bytes:
    """The 32 bytes of a digest."""
    padded = bytearray(data)
    padded.append(pad)
    padded.extend(bytes(-len(padded) % _RATE))
    padded[-1] |= 0x80
    lanes = [0] * _LANES
    for start in range(0, len(padded), _RATE):
        for place in range(_RATE // 8):
            at = start + 8 * place
            lanes[place] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
