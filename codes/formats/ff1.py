"""FF1 of NIST SP 800-38G (format-preserving encryption over AES), written plainly.

`FF1` is the general form of the standard, numeral by numeral, for any radix.
`Ff1Bits80` is the same cipher for radix 2, n = 80 and an empty tweak, on integers:
what one code needs. `ff1_bulk` is the same again over arrays.
"""

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROUNDS = 10
BLOCK_BYTES = 16
HALF_BITS = 40
HALF_MASK = (1 << HALF_BITS) - 1
# NIST SP 800-38G Rev. 1: a smaller domain can be attacked by building its whole table.
MINIMUM_DOMAIN = 1_000_000
MAXIMUM_RADIX = 1 << 16


class Ff1Error(ValueError):
    """The key, radix, numerals or tweak lie outside what FF1 is defined for."""


def aes_ecb(key: bytes) -> Cipher[modes.ECB]:
    """AES in ECB, the bare block cipher that FF1 is built on; key of 16, 24 or 32 bytes."""
    if len(key) not in {16, 24, 32}:
        msg = f"an AES key has 16, 24 or 32 bytes, not {len(key)}"
        raise Ff1Error(msg)
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - the construction of the standard, one block a call


def constant_block(radix: int, length: int, tweak_bytes: int) -> bytes:
    """The block P of the standard (algorithm 7, step 5)."""
    return (
        b"\x01\x02\x01"
        + radix.to_bytes(3, "big")
        + bytes([ROUNDS, (length // 2) % 256])
        + length.to_bytes(4, "big")
        + tweak_bytes.to_bytes(4, "big")
    )


class FF1:
    """FF1 for one AES key and radix (2 to 65536)."""

    def __init__(self, key: bytes, radix: int) -> None:
        if not 2 <= radix <= MAXIMUM_RADIX:  # noqa: PLR2004 - no numeral system below base two
            msg = f"radix must lie between 2 and {MAXIMUM_RADIX}, not {radix}"
            raise Ff1Error(msg)
        self._aes = aes_ecb(key)
        self._radix = radix

    def encrypt(self, numerals: Sequence[int], tweak: bytes = b"") -> list[int]:
        """Encipher numerals (most significant first, each below the radix) to as many numerals."""
        self._check(numerals)
        left_length = len(numerals) // 2
        left, right = numerals[:left_length], numerals[left_length:]
        for turn in range(ROUNDS):
            width = len(left)
            total = self._number(left) + self._round_value(turn, right, len(numerals), tweak)
            left, right = right, self._numerals(total % self._radix**width, width)
        return [*left, *right]

    def decrypt(self, numerals: Sequence[int], tweak: bytes = b"") -> list[int]:
        """The inverse of `encrypt` under the same tweak."""
        self._check(numerals)
        left_length = len(numerals) // 2
        left, right = numerals[:left_length], numerals[left_length:]
        for turn in reversed(range(ROUNDS)):
            width = len(right)
            rest = self._number(right) - self._round_value(turn, left, len(numerals), tweak)
            left, right = self._numerals(rest % self._radix**width, width), left
        return [*left, *right]

    def _check(self, numerals: Sequence[int]) -> None:
        if len(numerals) < 2 or self._radix ** len(numerals) < MINIMUM_DOMAIN:  # noqa: PLR2004 - two halves
            msg = f"too few numerals: radix ** length must reach {MINIMUM_DOMAIN}"
            raise Ff1Error(msg)
        if not all(0 <= numeral < self._radix for numeral in numerals):
            msg = f"each numeral must lie in [0, {self._radix})"
            raise Ff1Error(msg)

    def _round_value(self, turn: int, half: Sequence[int], length: int, tweak: bytes) -> int:
        """NUM(S): steps 6.i to 6.iv of algorithm 7."""
        longer_half = length - length // 2
        number_bytes = ((self._radix**longer_half - 1).bit_length() + 7) // 8
        wanted = 4 * ((number_bytes + 3) // 4) + 4
        padding = bytes((-len(tweak) - number_bytes - 1) % BLOCK_BYTES)
        varying = tweak + padding + bytes([turn]) + self._number(half).to_bytes(number_bytes, "big")
        stream = self._stream(constant_block(self._radix, length, len(tweak)) + varying, wanted)
        return int.from_bytes(stream, "big")

    def _stream(self, message: bytes, wanted: int) -> bytes:
        """S: the CBC-MAC of the message, stretched in counter fashion to `wanted` bytes."""
        encrypt = self._aes.encryptor().update
        mac = bytes(BLOCK_BYTES)
        for start in range(0, len(message), BLOCK_BYTES):
            mac = encrypt(_xor(mac, message[start : start + BLOCK_BYTES]))
        stream = mac
        for counter in range(1, -(-wanted // BLOCK_BYTES)):
            stream += encrypt(_xor(mac, counter.to_bytes(BLOCK_BYTES, "big")))
        return stream[:wanted]

    def _number(self, numerals: Sequence[int]) -> int:
        number = 0
        for numeral in numerals:
            number = number * self._radix + numeral
        return number

    def _numerals(self, number: int, width: int) -> list[int]:
        numerals = [0] * width
        for place in reversed(range(width)):
            number, numerals[place] = divmod(number, self._radix)
        return numerals


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")


class Ff1Bits80:
    """FF1 for radix 2, n = 80, empty tweak, on 80-bit integers.

    Here the block P is constant and Q is one block, so a round is one AES call on AES(P) XOR Q.
    Safe to share between threads: each call opens its own AES context.
    """

    def __init__(self, key: bytes) -> None:
        self._aes = aes_ecb(key)
        first = self._aes.encryptor().update(constant_block(radix=2, length=2 * HALF_BITS, tweak_bytes=0))
        mac = int.from_bytes(first, "big")
        self._round_masks = tuple(mac ^ (turn << HALF_BITS) for turn in range(ROUNDS))

    def encrypt(self, plain: int) -> int:
        """Encipher an integer in [0, 2**80) to another."""
        encrypt = self._aes.encryptor().update
        left, right = plain >> HALF_BITS, plain & HALF_MASK
        for mask in self._round_masks:
            block = encrypt((mask ^ right).to_bytes(16, "big"))
            left, right = right, (left + int.from_bytes(block[7:12], "big")) & HALF_MASK
        return left << HALF_BITS | right

    def decrypt(self, enciphered: int) -> int:
        """The inverse of `encrypt`."""
        encrypt = self._aes.encryptor().update
        left, right = enciphered >> HALF_BITS, enciphered & HALF_MASK
        for mask in reversed(self._round_masks):
            block = encrypt((mask ^ left).to_bytes(16, "big"))
            left, right = (right - int.from_bytes(block[7:12], "big")) & HALF_MASK, left
        return left << HALF_BITS | right
