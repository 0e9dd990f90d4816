"""The parts of an Office package, unpacked only after the directory's promises are checked.

The directory of a .zip says how large each part will be; a bomb lies there. So sizes are judged
before anything is unpacked, and unpacking stops where the promise ends.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.trouble import encrypted, too_big, truncated, unreadable

_END = b"PK\x05\x06"
_LOCAL = b"PK\x03\x04"
_LOCAL_HEADER = 30
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".webp")


class Package:
    """A zip in memory whose directory is sound. Raises Trouble for one that is not."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._parts = _directory(data)
        self._sound: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    @property
    def names(self) -> list[str]:
        return [info.filename for info in self._parts.values()]

    def read(self, name: str) -> bytes:
        """The unpacked part. Raises Trouble where it is absent or not what was promised."""
        info = self._parts.get(name.lower())
        if info is None:
            raise unreadable(f"缺少内部部件 {name}")
        content = _unpack(self.data, info)
        self._sound.add(name.lower())
        return content

    def check_rest(self) -> None:
        """Unpack what was not read yet (pictures apart), so that another reader may open it."""
        for name, info in self._parts.items():
            if name not in self._sound and not name.endswith(_PICTURES):
                _unpack(self.data, info)


def _directory(data: bytes) -> dict[str, ZipInfo]:
    if _END not in data[-65_557:]:
        raise truncated("压缩包没有结尾")
    try:
        infos = ZipFile(BytesIO(data)).infolist()
    except Exception as error:  # zipfile raises half a dozen kinds over a damaged directory
        raise truncated("压缩包的目录残缺") from error
    if any(info.flag_bits & 1 for info in infos):
        raise encrypted()
    _check_sizes(infos)
    files = [info for info in infos if not info.filename.endswith("/")]
    parts = {info.filename.lower(): info for info in files}
    if len(parts) != len(files):
        raise unreadable("内部有重名的部件")
    return parts


def _check_sizes(infos: list[ZipInfo]) -> None:
    if len(infos) > limits.MAX_PARTS:
        raise too_big(f"内部有 {len(infos)} 个部件，超过上限 {limits.MAX_PARTS} 个")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.MAX_UNPACKED_BYTES:
        raise too_big(
            f"解压后有 {unpacked / limits.MEGABYTE:.0f} MB，"
            f"超过上限 {limits.MAX_UNPACKED_BYTES // limits.MEGABYTE} MB"
        )
    for info in infos:
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > limits.RATIO_FREE_BYTES and ratio > limits.MAX_RATIO:
            raise too_big(f"压缩比 1:{ratio:.0f}，超过上限 1:{limits.MAX_RATIO}，疑似压缩炸弹")


def _unpack(data: bytes, info: ZipInfo) -> bytes:
    packed = _packed(data, info)
    if info.compress_type == ZIP_STORED:
        content = packed
    elif info.compress_type == ZIP_DEFLATED:
        content = _inflate(packed, info)
    else:
        raise unreadable(f"内部部件 {info.filename} 的压缩方法不认识")
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise truncated(f"内部部件 {info.filename} 与校验码不符")
    return content


def _packed(data: bytes, info: ZipInfo) -> bytes:
    start = info.header_offset
    header = data[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(_LOCAL):
        raise truncated(f"内部部件 {info.filename} 找不到")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start += _LOCAL_HEADER + name_length + extra_length
    packed = data[start : start + info.compress_size]
    if len(packed) != info.compress_size:
        raise truncated(f"内部部件 {info.filename} 被截断")
    return packed


def _inflate(packed: bytes, info: ZipInfo) -> bytes:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, info.file_size + 1)
    except zlib.error as error:
        raise truncated(f"内部部件 {info.filename} 解不开") from error
    if len(content) > info.file_size or unpacker.unconsumed_tail:
        raise too_big(f"内部部件 {info.filename} 比目录里写的大，疑似压缩炸弹")
    return content
