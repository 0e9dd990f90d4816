"""A .zip that somebody uploads → its files in memory; files → a .zip that is the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from diaodu.adapters.sheets_in.limits import MEGABYTE
from diaodu.adapters.sheets_in.trouble import Trouble
from diaodu.adapters.sheets_in.zip_parts import Package
from diaodu.engine.ground.errors import DiaoduError

MOST_FILES = 2000
MOST_BYTES = 120 * MEGABYTE

_LEFT_BY_A_MAC = ("__MACOSX", ".DS_Store")
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_EPOCH = (1980, 1, 1, 0, 0, 0)


def read_zip(
    data: bytes, *, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES
) -> dict[str, bytes]:
    """Path in the archive (parted by “/”) → content.

    Raises DiaoduError where it is no sound .zip, too large unpacked, or a path in it would lead
    out of the folder it is unpacked to.
    """
    if not data.startswith(b"PK"):
        raise DiaoduError("这不是 .zip 压缩包；请把文件夹压缩成 .zip 再上传")
    try:
        package = Package(data)
        names = [name for name in package.names if not _is_left_by_a_mac(name)]
        if len(names) > most_files:
            raise DiaoduError(f"压缩包里有{len(names)}个文件，超过上限{most_files}个；请分几次上传")
        files: dict[str, bytes] = {}
        left = most_bytes
        for name in names:
            files[_safe(_readable(name))] = content = package.read(name)
            left -= len(content)
            if left < 0:
                raise DiaoduError(f"压缩包解开后超过上限{most_bytes // MEGABYTE}MB；请分几次上传")
    except Trouble as trouble:
        raise DiaoduError(f"压缩包{trouble.why}；请重新压缩后再上传") from trouble
    if not files:
        raise DiaoduError("压缩包是空的；请检查压缩的是不是那个文件夹")
    return files


def without_top(files: Mapping[str, bytes], known: Iterable[str]) -> dict[str, bytes]:
    """The files without the one folder that holds them all, if there is such a folder and it is
    none of the `known` ones: people pack the folder as often as what is in it."""
    tops = {name.partition("/")[0] for name in files}
    if len(tops) != 1 or tops & set(known) or any("/" not in name for name in files):
        return dict(files)
    return {name.partition("/")[2]: content for name, content in files.items()}


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """The same files give the same bytes."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = ZipInfo(name, date_time=_EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return out.getvalue()


def _is_left_by_a_mac(name: str) -> bool:
    return any(part in _LEFT_BY_A_MAC for part in name.split("/"))


def _readable(name: str) -> str:
    """Names that an old packer wrote in GBK come out of the archive as if they were CP437."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _safe(name: str) -> str:
    written = name.replace("\\", "/")
    parts = written.split("/")
    if written.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise DiaoduError(
            f"压缩包里的路径“{name}”指到了文件夹外面，整个压缩包没有读；请重新压缩这个文件夹"
        )
    if _UNFIT.search(written):
        raise DiaoduError(f"压缩包里的文件名“{name}”有不能用的字符；请改名后重新压缩")
    return PurePosixPath(written).as_posix()
