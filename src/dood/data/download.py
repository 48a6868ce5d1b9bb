"""Getting one file from the first of several mirrors that has it, going on where an earlier try stopped."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from dood.errors import DoodError

__all__ = ["Progress", "check", "download"]

Progress = Callable[[int, int], None]
"""Takes the bytes done so far and the bytes there are."""

ATTEMPTS = 5
"""At one mirror; each but the first only after one that brought something, or threw away what was kept."""

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and between two pieces of an answer."""

PIECE = 1 << 15
"""Bytes; of a piece that is not whole when the transfer breaks off, nothing is kept."""


def download(mirrors: Sequence[str], path: Path, checksum: str | None = None, progress: Progress | None = None) -> None:
    """Get the file `path`.

    What has come is kept as `path` + ".part" until it is whole, and a later call goes on from there.

    Raises:
        DoodError: no mirror gave the file with this checksum, it cannot be written, or requests is not installed.
    """
    part = path.with_name(f"{path.name}.part")
    failures = []
    for url in mirrors:
        failure = _try_mirror(url, part, checksum, progress)
        if failure is None:
            part.replace(path)
            return
        failures.append(f"{url}: {failure}")
    raise DoodError(f"cannot download {path.name} ({'; '.join(failures)})")


def check(path: Path, checksum: str) -> str | None:
    """What is wrong with the file, in words, or None where its checksum ("md5:..." or "sha256:...") is right."""
    kind, _, wanted = checksum.partition(":")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()
    return None if found == wanted else f"its {kind} is {found} where {wanted} is right"


def _try_mirror(url: str, part: Path, checksum: str | None, progress: Progress | None) -> str | None:
    """Bring the part up to the whole file; what went wrong, in words, or None."""
    failure = None
    for _ in range(ATTEMPTS):
        before = _size(part)
        failure = _transfer(url, part, progress)
        if failure is None and checksum is not None and (failure := check(part, checksum)):
            part.unlink()
        if failure is None:
            return None
        # What was kept from before may be what is bad: once it is gone, the whole file is worth another try.
        if not (_size(part) > before or (before and not part.exists())):
            break
    return failure


def _transfer(url: str, part: Path, progress: Progress | None) -> str | None:
    """Append the rest of the file to the part; what went wrong, in words, or None."""
    try:
        import requests
    except ImportError as error:
        raise DoodError("downloads need requests: pip install 'dood[fetch]'") from error
    have = _size(part)
    # Not to be unpacked on the way: the checksums are those of the packed files.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                part.unlink()  # longer than the file: it cannot be the start of it
                return "what was kept of it did not fit"
            if not response.ok:
                return f"HTTP {response.status_code}"
            if response.status_code != requests.codes.partial_content:
                have = 0
            elif not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                return "it sent another part than was asked for"
            _write(response.iter_content(PIECE), part, have, _length(response.headers), progress)
    except requests.Timeout:
        return "no answer in time"
    except requests.ConnectionError:
        return "no connection"
    except requests.RequestException as error:
        return f"the transfer broke off ({type(error).__name__})"
    except OSError as error:
        raise DoodError(f"cannot write {part}: {error.strerror or error}") from error
    return None


def _write(pieces: Iterable[bytes], part: Path, have: int, length: int, progress: Progress | None) -> None:
    """Write the pieces, `length` bytes, behind the first `have` bytes of the part."""
    done = have
    with part.open("ab" if have else "wb") as file:
        for piece in pieces:
            file.write(piece)
            done += len(piece)
            if progress is not None:
                progress(done, max(done, have + length))


def _length(headers: Mapping[str, str]) -> int:
    length = headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
