"""The five bitcoin networks Kancil reads: their constants, rules of work and pinned block hashes.

Everything here is a constant copied from Bitcoin Core's `src/kernel/chainparams.cpp` (release 27
and, where said, 28; MIT licence), BIP 30 and BIP 94, with the source beside each. Hashes stand in
internal byte order (as in the raw block); people see them reversed. Only mainnet is money: every
other network must be watermarked (`is_real_money`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kancil.ground.units import SAT_PER_BTC

from .errors import NetworkUnknown

RETARGET_INTERVAL = 2016
TARGET_TIMESPAN_SECONDS = 14 * 24 * 60 * 60
TARGET_SPACING_SECONDS = 10 * 60
GENESIS_MERKLE_ROOT = bytes.fromhex(
    "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
)[::-1]
TESTNET4_MERKLE_ROOT = bytes.fromhex(
    "7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e"
)[::-1]
GENESIS_VERSION = 1

_CORE = "Bitcoin Core 27 chainparams.cpp"
_CORE_CHECKPOINT = f"{_CORE}, checkpointData"
_CORE_BIP34 = f"{_CORE}, BIP34Hash"
_CORE_BURIED = f"{_CORE}, buried deployment heights"
_CORE_ASSUMED = f"{_CORE}, defaultAssumeValid"
_CORE_UTXO = "Bitcoin Core 28 chainparams.cpp, m_assumeutxo_data"
_CORE_TESTNET4 = "Bitcoin Core 28 chainparams.cpp, hashGenesisBlock; BIP 94"
_CORE_GENESIS = f"{_CORE}, hashGenesisBlock"
_CORE_BIP30 = "Bitcoin Core 27 validation.cpp, IsBIP30Repeat and IsBIP30Unspendable; BIP 30"
_PUBLISHED = (
    "counted from the genesis block along the headers of tests/data/bitcoin/vectors; "
    "widely published with the first payment between two people"
)
_RUST_BITCOIN = (
    "counted from the genesis block along the headers of tests/data/bitcoin/vectors; "
    "the hash stands in rust-bitcoin's blockdata/block.rs, block_test"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A block hash that is pinned to a height by a published source."""

    height: int
    block_hash: bytes
    """32 bytes, internal order."""
    source: str
    """Where the pair was published."""


@dataclass(frozen=True, slots=True)
class DuplicateCoinbase:
    """A coinbase transaction that stands in two blocks with one txid (allowed before BIP 34).

    The second replaced the first in the set of unspent outputs: the first block's reward can
    never be spent apart from the second's.
    """

    txid: bytes
    """32 bytes, internal order."""
    first_height: int
    second_height: int
    first_hash: bytes
    second_hash: bytes
    source: str


@dataclass(frozen=True, slots=True)
class Network:
    """One bitcoin network: how its bytes are framed, written and how hard its blocks must be."""

    name: str
    magic: bytes
    """4 bytes before each block in a `blk` file."""
    pubkey_version: int
    """Version byte of a base58check P2PKH address."""
    script_version: int
    """Version byte of a base58check P2SH address."""
    secret_version: int
    """Version byte of a private key in wallet import format."""
    bech32_prefix: str
    pow_limit: int
    """Easiest target allowed, as an integer."""
    pow_limit_bits: int
    """The same in compact form."""
    allows_min_difficulty: bool
    """Testnet's rule: after 20 minutes without a block, one at the easiest target may follow."""
    never_retargets: bool
    retargets_from_first: bool = field(default=False, kw_only=True)
    """A new period's target follows from that of the first block of the period before (BIP 94), so
    that a last block at the easiest target changes nothing."""
    halving_interval: int
    bip34_height: int
    """From this height on a coinbase must state the height of its block (BIP 34)."""
    genesis_time: int
    genesis_bits: int
    genesis_nonce: int
    genesis_hash: bytes
    genesis_merkle_root: bytes = field(default=GENESIS_MERKLE_ROOT, kw_only=True)
    checkpoints: tuple[Checkpoint, ...]
    """Pinned blocks, by height, the genesis block first."""
    duplicate_coinbases: tuple[DuplicateCoinbase, ...] = ()
    is_real_money: bool = False
    pinned: dict[bytes, int] = field(init=False, repr=False, compare=False)
    """Block hash to height, of all checkpoints."""

    def __post_init__(self) -> None:
        """Index the checkpoints by hash."""
        heights = {point.block_hash: point.height for point in self.checkpoints}
        object.__setattr__(self, "pinned", heights)

    @property
    def watermark(self) -> str | None:
        """Key of the words that every page of this network must carry (parameter `network`)."""
        return None if self.is_real_money else "note.testnet-watermark"

    @property
    def coin(self) -> str:
        """The symbol of its coins; a test network's are no money, and say so: `regtest BTC`."""
        return "BTC" if self.is_real_money else f"{self.name} BTC"

    def subsidy_sat(self, height: int) -> int:
        """The new coins a block at this height may create, in satoshi.

        Source: Bitcoin Core validation.cpp, GetBlockSubsidy: 50 BTC, halved (rounded down) every
        `halving_interval` blocks, nothing after 64 halvings.
        """
        halvings = height // self.halving_interval
        return 0 if halvings >= 64 else (50 * SAT_PER_BTC) >> halvings


def _internal(shown: str) -> bytes:
    return bytes.fromhex(shown)[::-1]


def _points(*rows: tuple[int, str, str]) -> tuple[Checkpoint, ...]:
    return tuple(Checkpoint(height, _internal(shown), source) for height, shown, source in rows)


_MAINNET_GENESIS = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
_TESTNET3_GENESIS = "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943"
_TESTNET4_GENESIS = "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043"
_SIGNET_GENESIS = "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6"
_REGTEST_GENESIS = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"

_MAINNET_POINTS = _points(
    (0, _MAINNET_GENESIS, _CORE_GENESIS),
    (9, "000000008d9dc510f23c2657fc4f67bea30078cc05a90eb89e84cc475c080805", _PUBLISHED),
    (170, "00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee", _PUBLISHED),
    (496, "00000000b0c5a240b2a61d2e75692224efd4cbecdf6eaf4cc2cf477ca7c270e7", _RUST_BITCOIN),
    (11111, "0000000069e244f73d78e8fd29ba2fd2ed618bd6fa2ee92559f542fdb26e7c1d", _CORE_CHECKPOINT),
    (33333, "000000002dd5588a74784eaa7ab0507a18ad16a236e7b1ce69f00d7ddfb5d0a6", _CORE_CHECKPOINT),
    (74000, "0000000000573993a3c9e41ce34471c079dcf5f52a0e824a81e7f953b8661a20", _CORE_CHECKPOINT),
    (91722, "00000000000271a2dc26e7667f8419f2e15416dc6955e5a6c6cdf3f2574dd08e", _CORE_BIP30),
    (91812, "00000000000af0aed4792b1acee3d966af36cf5def14935db8de83d6f9306f2f", _CORE_BIP30),
    (91842, "00000000000a4d0a398161ffc163c503763b1f4360639393e0e4c8e300e0caec", _CORE_BIP30),
    (91880, "00000000000743f190a18c5577a3c2d2a1f610ae9601ac046a38084ccb7cd721", _CORE_BIP30),
    (105000, "00000000000291ce28027faea320c8d2b054b2e0fe44a773f3eefb151d6bdc97", _CORE_CHECKPOINT),
    (134444, "00000000000005b12ffd4cd315cd34ffd4a594f430ac814c91184a0d42d2b0fe", _CORE_CHECKPOINT),
    (168000, "000000000000099e61ea72015e79632f216fe6cb33d7899acb35b75c8303b763", _CORE_CHECKPOINT),
    (193000, "000000000000059f452a5f7340de6682a977387c17010ff6e6c3bd83ca8b1317", _CORE_CHECKPOINT),
    (210000, "000000000000048b95347e83192f69cf0366076336c639f9b7228e9ba171342e", _CORE_CHECKPOINT),
    (216116, "00000000000001b4f4b433e81ee46494af945cf96014816a4e2370f11b23df4e", _CORE_CHECKPOINT),
    (225430, "00000000000001c108384350f74090433e7fcf79a606b8e797f065b130575932", _CORE_CHECKPOINT),
    (227931, "000000000000024b89b42a942fe0d9fea3bb44ab7bd1b19115dd6a759c0808b8", _CORE_BIP34),
    (250000, "000000000000003887df1f29024b06fc2200b55f8af8f35453d7be294df2d214", _CORE_CHECKPOINT),
    (279000, "0000000000000001ae8c72a0b0c301f67e3afca10e819efa9041e458e9bd7e40", _CORE_CHECKPOINT),
    (295000, "00000000000000004d9b4ef50f0f9d686fd69db2e03af35a100370c64632a983", _CORE_CHECKPOINT),
    (363725, "00000000000000000379eaa19dce8c9b722d46ae6a57c2f1a988119488b50931", _CORE_BURIED),
    (388381, "000000000000000004c2b624ed5d7756c508d90fd0da2c7c679febfa6c4735f0", _CORE_BURIED),
    (419328, "000000000000000004a1b34462cb8aeebd5799177f7a29cf28f2d1961716b5b5", _CORE_BURIED),
    (481824, "0000000000000000001c8018d9cb3b742ef25114f27563e3fc4a1902167f9893", _CORE_BURIED),
    (824000, "000000000000000000026811d149d4d261995ec5b3f64f439a0a10e1a464af9a", _CORE_ASSUMED),
    (840000, "0000000000000000000320283a032748cef8227873ff4872689bf23f1cda83a5", _CORE_UTXO),
)

_TESTNET3_POINTS = _points(
    (0, _TESTNET3_GENESIS, _CORE_GENESIS),
    (546, "000000002a936ca763904c3c35fce2f3556c559c0214345d31b1bcebf76acb70", _CORE_CHECKPOINT),
    (21111, "0000000023b3a96d3484e5abb3755c413e7d41500f8e2a5c3f0dd01299cd8ef8", _CORE_BIP34),
    (330776, "000000002104c8c45e99a8853285a3b592602a3ccde2b832481da85e9e4ba182", _CORE_BURIED),
    (581885, "00000000007f6655f22f98e72ed80d8b06dc761d5da09df0fa1dc4be4f861eb6", _CORE_BURIED),
    (770112, "00000000025e930139bac5c6c31a403776da130831ab85be56578f3fa75369bb", _CORE_BURIED),
    (834624, "00000000002b980fcd729daaa248fd9316a5200e9b367f4ff2c42453e84201ca", _CORE_BURIED),
    (2500000, "0000000000000093bcb68c03a9a168ae252572d348a2eaeba2cdf9231d73206f", _CORE_UTXO),
    (2550000, "000000000001323071f38f21ea5aae529ece491eadaccce506a59bcc2d968917", _CORE_ASSUMED),
)

_SIGNET_POINTS = _points(
    (0, _SIGNET_GENESIS, _CORE_GENESIS),
    (160000, "0000003ca3c99aff040f2563c2ad8f8ec88bd0fd6b8f0895cfaf1ef90353a62c", _CORE_UTXO),
    (180000, "0000000870f15246ba23c16e370a7ffb1fc8a3dcf8cb4492882ed4b0e3d4cd26", _CORE_ASSUMED),
)

_MAINNET_DUPLICATES = (
    DuplicateCoinbase(
        txid=_internal("e3bf3d07d4b0375638d5f1db5255fe07ba2c4cb067cd81b84ee974b6585fb468"),
        first_height=91722,
        second_height=91880,
        first_hash=_internal("00000000000271a2dc26e7667f8419f2e15416dc6955e5a6c6cdf3f2574dd08e"),
        second_hash=_internal("00000000000743f190a18c5577a3c2d2a1f610ae9601ac046a38084ccb7cd721"),
        source=_CORE_BIP30,
    ),
    DuplicateCoinbase(
        txid=_internal("d5d27987d2a3dfc724e359870c6644b40e497bdc0589a033220fe15429d88599"),
        first_height=91812,
        second_height=91842,
        first_hash=_internal("00000000000af0aed4792b1acee3d966af36cf5def14935db8de83d6f9306f2f"),
        second_hash=_internal("00000000000a4d0a398161ffc163c503763b1f4360639393e0e4c8e300e0caec"),
        source=_CORE_BIP30,
    ),
)

MAINNET = Network(
    name="mainnet",
    magic=bytes.fromhex("f9beb4d9"),
    pubkey_version=0,
    script_version=5,
    secret_version=128,
    bech32_prefix="bc",
    pow_limit=(1 << 224) - 1,
    pow_limit_bits=0x1D00FFFF,
    allows_min_difficulty=False,
    never_retargets=False,
    halving_interval=210_000,
    bip34_height=227_931,
    genesis_time=1231006505,
    genesis_bits=0x1D00FFFF,
    genesis_nonce=2083236893,
    genesis_hash=_internal(_MAINNET_GENESIS),
    checkpoints=_MAINNET_POINTS,
    duplicate_coinbases=_MAINNET_DUPLICATES,
    is_real_money=True,
)

TESTNET3 = Network(
    name="testnet3",
    magic=bytes.fromhex("0b110907"),
    pubkey_version=111,
    script_version=196,
    secret_version=239,
    bech32_prefix="tb",
    pow_limit=(1 << 224) - 1,
    pow_limit_bits=0x1D00FFFF,
    allows_min_difficulty=True,
    never_retargets=False,
    halving_interval=210_000,
    bip34_height=21_111,
    genesis_time=1296688602,
    genesis_bits=0x1D00FFFF,
    genesis_nonce=414098458,
    genesis_hash=_internal(_TESTNET3_GENESIS),
    checkpoints=_TESTNET3_POINTS,
)

TESTNET4 = Network(
    name="testnet4",
    magic=bytes.fromhex("1c163f28"),
    pubkey_version=111,
    script_version=196,
    secret_version=239,
    bech32_prefix="tb",
    pow_limit=(1 << 224) - 1,
    pow_limit_bits=0x1D00FFFF,
    allows_min_difficulty=True,
    never_retargets=False,
    retargets_from_first=True,
    halving_interval=210_000,
    bip34_height=1,
    genesis_time=1714777860,
    genesis_bits=0x1D00FFFF,
    genesis_nonce=393743547,
    genesis_hash=_internal(_TESTNET4_GENESIS),
    genesis_merkle_root=TESTNET4_MERKLE_ROOT,
    checkpoints=_points((0, _TESTNET4_GENESIS, _CORE_TESTNET4)),
)

SIGNET = Network(
    name="signet",
    magic=bytes.fromhex("0a03cf40"),
    pubkey_version=111,
    script_version=196,
    secret_version=239,
    bech32_prefix="tb",
    pow_limit=0x377AE << 216,
    pow_limit_bits=0x1E0377AE,
    allows_min_difficulty=False,
    never_retargets=False,
    halving_interval=210_000,
    bip34_height=1,
    genesis_time=1598918400,
    genesis_bits=0x1E0377AE,
    genesis_nonce=52613770,
    genesis_hash=_internal(_SIGNET_GENESIS),
    checkpoints=_SIGNET_POINTS,
)

REGTEST = Network(
    name="regtest",
    magic=bytes.fromhex("fabfb5da"),
    pubkey_version=111,
    script_version=196,
    secret_version=239,
    bech32_prefix="bcrt",
    pow_limit=(1 << 255) - 1,
    pow_limit_bits=0x207FFFFF,
    allows_min_difficulty=True,
    never_retargets=True,
    halving_interval=150,
    bip34_height=1,
    genesis_time=1296688602,
    genesis_bits=0x207FFFFF,
    genesis_nonce=2,
    genesis_hash=_internal(_REGTEST_GENESIS),
    checkpoints=_points((0, _REGTEST_GENESIS, _CORE_GENESIS)),
)

NETWORKS: dict[str, Network] = {
    network.name: network for network in (MAINNET, TESTNET3, TESTNET4, SIGNET, REGTEST)
}


def network_named(name: str) -> Network:
    """The network of this name; raises NetworkUnknown."""
    try:
        return NETWORKS[name]
    except KeyError:
        raise NetworkUnknown(name=name[:40], known=", ".join(NETWORKS)) from None


def network_of_magic(magic: bytes) -> Network | None:
    """The network whose block files carry these 4 bytes, or None."""
    return next((n for n in NETWORKS.values() if n.magic == magic), None)
