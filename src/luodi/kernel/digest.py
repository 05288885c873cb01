"""
Canonical bytes, and the hashes that prove them.

Bytes follow RFC 8785 (JSON canonicalization) for the values that facts hold. Floats are refused: decimals, whole
numbers beyond 2**53 - 1 and days are written as text, so that nothing depends on how a language reads a number.
Hashes of leaves and nodes follow RFC 6962 with SHA-256, or with SM3 where a city must use it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import orjson

from luodi.kernel.problem import Refused

ALGORITHMS = ("sha256", "sm3")
LARGEST = 2**53 - 1  # the largest whole number that every JSON reader keeps exactly
MOST_DIGITS = 200  # a decimal that would be written with more places than this is no amount of anything
LEAF, NODE, COMMITMENT = b"\x00", b"\x01", b"\x02"
SALT_BYTES = 16

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


class Hash(Protocol):
    """What a hash function of the standard library gives back."""

    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


Hasher = Callable[[bytes], Hash]


class Unwritable(Refused):
    """Text that is not Unicode text (half a surrogate pair). Parameters: `found`."""

    code = "ledger.text.unwritable"


class NoSuchAlgorithm(Refused):
    """This machine (or this program) does not know the hash. Parameters: `found`."""

    code = "ledger.store.algorithm"


def hasher(algorithm: str) -> Hasher:
    """
    Give the hash function of that name.

    :raises NoSuchAlgorithm: for another name than `sha256` and `sm3`, or if this machine's library lacks SM3
    """
    if algorithm == "sha256":
        return hashlib.sha256
    if algorithm == "sm3" and algorithm in hashlib.algorithms_available:
        return lambda data: hashlib.new("sm3", data)
    raise NoSuchAlgorithm(found=algorithm)


def canonical(value: object) -> bytes:
    """
    Write a value as canonical bytes.

    :raises TypeError: for a float or a type that facts do not hold
    :raises Unwritable: for text with half a surrogate pair
    """
    return dump(plain(value))


def dump(value: object) -> bytes:
    """Write a value that is plain already (`plain`, or tuples of such) as canonical bytes."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise Unwritable(found=ascii(value)[:80]) from error


def plain(value: object) -> Json:
    """Turn a value into JSON's own: decimals, days and large whole numbers as text, keys in UTF-16 order."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value  # type: ignore[return-value]
    if isinstance(value, int):
        return int(value) if -LARGEST <= value <= LARGEST else str(int(value))
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(value[key]) for key in _in_order(value)}
    raise TypeError(f"no canonical bytes for {kind.__name__}: {value!r}")


def _in_order(value: Mapping[object, object]) -> list[str]:
    """Sort keys by UTF-16 code units, which differs from the order of characters only beyond U+FFFF."""
    keys = [_key(key) for key in value]
    return sorted(keys) if max("".join(keys), default="") <= "\uffff" else sorted(keys, key=_utf16)


def _key(key: object) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    raise TypeError(f"a key must be text, not {key!r}")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def decimal_text(value: Decimal) -> str:
    """
    Write a decimal without an exponent; minus zero as zero; its trailing zeros stay.

    :raises TypeError: if it is not finite, or longer than any amount
    """
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS or -int(value.as_tuple().exponent) > MOST_DIGITS:
        raise TypeError(f"no canonical bytes for {value!r}")
    return format(value if value else abs(value), "f")


def leaf_hash(hashing: Hasher, body: bytes) -> bytes:
    """Hash an entry of a Merkle tree (RFC 6962, 2.1)."""
    return hashing(LEAF + body).digest()


def commitment(hashing: Hasher, salt: bytes, text: str) -> str:
    """Commit to a text that can be erased later: without its salt nobody can tell which text it was."""
    return hashing(COMMITMENT + salt + encoded(text)).hexdigest()


def encoded(text: str) -> bytes:
    """Write a text in UTF-8. Raises Unwritable for half a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Unwritable(found=ascii(text)[:80]) from None
