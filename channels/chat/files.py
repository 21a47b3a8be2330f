"""The widget's built files, as a browser wants them: right types, strong ETags, compressed, cached."""

from __future__ import annotations

import dataclasses
import functools
import gzip
import hashlib
import pathlib
import re
from typing import Dict, Optional, Tuple

PAGE = "index.html"
_HASHED = re.compile(r"-[0-9A-Za-z_]{8,}\Z")
"""The end of a name that changes with the content, as Vite makes them."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
"""What may be served; other files in the folder are not found."""

_COMPRESSED_ALREADY = frozenset({".png", ".woff2", ".ico"})
_WORTH_COMPRESSING = 1024  # bytes

_COMMON = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_EVERY_SITE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_PAGE_ONLY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'"
    )
}

NOT_BUILT = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>网页还没有准备好</title></head>
<body>
<h1>网页还没有准备好</h1>
<p>机器人在运行，但聊天网页还没有构建。请在项目目录里运行 <code>make widget</code>，然后刷新本页。</p>
</body>
</html>
"""


@dataclasses.dataclass(frozen=True)
class File:
    """A file to serve: its bytes, gzipped ones where that helps, its type, and whether its name holds a hash."""

    plain: bytes
    zipped: Optional[bytes]
    content_type: str
    etag: str
    is_hashed: bool

    def answer(self, accepts: str, wanted: str) -> Tuple[int, Dict[str, str], bytes]:
        """Return (status, headers, body) for a request.

        `accepts` is its Accept-Encoding, `wanted` its If-None-Match ("" for none).
        """
        is_zipped = self.zipped is not None and "gzip" in accepts
        etag = f'"{self.etag}-gz"' if is_zipped else f'"{self.etag}"'
        is_page = self.content_type.startswith("text/html")
        headers = {
            "ETag": etag,
            "Cache-Control": "public, max-age=31536000, immutable" if self.is_hashed else "no-cache",
            **_COMMON,
            **(_PAGE_ONLY if is_page else _EVERY_SITE),
        }
        if self.zipped is not None:
            headers["Vary"] = "Accept-Encoding"
        if etag in [tag.strip().removeprefix("W/") for tag in wanted.split(",")]:
            return 304, headers, b""
        if is_zipped:
            headers["Content-Encoding"] = "gzip"
        return 200, {**headers, "Content-Type": self.content_type}, (self.zipped if is_zipped else self.plain) or b""


def find_file(folder: pathlib.Path, name: str) -> Optional[File]:
    """Return the file `name` (a URL's path, decoded) below `folder`, None where there is none that may be served."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        return None
    path = folder.joinpath(*parts)
    if path.suffix not in _TYPES or not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return None
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size, bool(_HASHED.search(path.stem)))


def not_built() -> Tuple[int, Dict[str, str], bytes]:
    """Return (status, headers, body) of the page that is shown where the widget was not built."""
    headers = {"Content-Type": _TYPES[".html"], "Cache-Control": "no-store", **_COMMON, **_PAGE_ONLY}
    return 503, headers, NOT_BUILT.encode()


@functools.lru_cache(maxsize=64)
def _read(path: pathlib.Path, _changed: int, _size: int, is_hashed: bool) -> File:
    """Read and compress a file once for each version of it."""
    plain = path.read_bytes()
    is_worth_it = path.suffix not in _COMPRESSED_ALREADY and len(plain) >= _WORTH_COMPRESSING
    zipped = gzip.compress(plain, 9, mtime=0) if is_worth_it else None
    return File(plain, zipped, _TYPES[path.suffix], hashlib.sha256(plain).hexdigest()[:32], is_hashed)
