"""CRC32C and CRC-64/NVME in plain Python: the checksums of S3 that the standard library lacks.

Sixteen bits at a time, eight bytes a turn; tables are made when a checksum is first asked for.
Source: "A catalogue of parametrised CRC algorithms", CRC-32/ISCSI and CRC-64/NVME.
"""

from __future__ import annotations

import struct
from functools import cache

_CRC32C = 0x82F63B78
_CRC64NVME = 0x9A6C9329AC4BC9B5
_WORD = 1 << 16


def crc32c(data: bytes) -> bytes:
    """Return the CRC32C of data, in the four bytes that S3 writes in base64."""
    return _crc(data, _CRC32C, 32).to_bytes(4, "big")


def crc64nvme(data: bytes) -> bytes:
    """Return the CRC-64/NVME of data, in the eight bytes that S3 writes in base64."""
    return _crc(data, _CRC64NVME, 64).to_bytes(8, "big")


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    """Both are reflected, begin with all ones and end with all of them turned."""
    ones = (1 << bits) - 1
    crc, whole = ones, len(data) - len(data) % 8
    if whole:
        t3, t2, t1, t0 = _tables(polynomial)
        low = _WORD - 1
        for (word,) in struct.iter_unpack("<Q", memoryview(data)[:whole]):
            word ^= crc
            crc = t0[word & low] ^ t1[(word >> 16) & low] ^ t2[(word >> 32) & low] ^ t3[word >> 48]
    for byte in data[whole:]:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (polynomial if crc & 1 else 0)
    return crc ^ ones


@cache
def _tables(polynomial: int) -> tuple[list[int], ...]:
    """What each sixteen bits come to, with none, two, four and six zero bytes after them."""
    by_byte = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (polynomial if byte & 1 else 0)
        by_byte.append(byte)
    tables = [list(range(_WORD))]
    for _ in range(4):
        last = tables[-1]
        for _ in range(2):
            last = [(crc >> 8) ^ by_byte[crc & 0xFF] for crc in last]
        tables.append(last)
    return tuple(tables[1:])
