"""Files that are nearly right: made from right ones, by a seeded generator.

Bytes are changed anywhere, and what is packed (archives, headers with a length, chunks with a checksum) is changed
inside and packed anew, so that readers get past the container to what it holds.
"""

import io
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

__all__ = ["KINDS", "mutate"]

NUMBERS = (0, -1, 1, 255, 256, 65535, 2**31 - 1, -(2**31), 2**32 - 1, 2**63, 10**30, 10**400, 0.5, -0.0, 1e30, 1e-320)
VALUES = (*NUMBERS, float("nan"), float("inf"), None, True, False, "", "x", "1", "\ud800", "\0", [], {}, [[]], [None])
DEEP = 100_000
"""Levels of brackets that no parser of the standard library goes down."""

Mutation = Callable[[bytes, random.Random], bytes]


def mutate(data: bytes, kind: str, generator: random.Random) -> bytes:
    """Return `data` with one to three changes, in most cases inside of what its kind (of `KINDS`) packs."""
    for _ in range(generator.choice((1, 1, 2, 3))):
        changes = (*KINDS[kind], *KINDS[kind], *BYTES)
        try:
            data = generator.choice(changes)(data, generator)
        except (
            ValueError,
            struct.error,
            zipfile.BadZipFile,
            NotImplementedError,
            RecursionError,
            IndexError,
            EOFError,
        ):
            data = generator.choice(BYTES)(data, generator)  # an earlier change left nothing to unpack
    return data


def flip(data: bytes, generator: random.Random) -> bytes:
    """Other bits in a few bytes."""
    changed = bytearray(data)
    for _ in range(generator.choice((1, 1, 4, 16)) if data else 0):
        changed[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
    return bytes(changed)


def cut(data: bytes, generator: random.Random) -> bytes:
    """What a broken copy leaves."""
    return data[: generator.randrange(len(data) + 1)]


def remove(data: bytes, generator: random.Random) -> bytes:
    """Some bytes less."""
    place = generator.randrange(len(data) + 1)
    return data[:place] + data[place + generator.choice((1, 2, 4, 40)) :]


def insert(data: bytes, generator: random.Random) -> bytes:
    """Bytes of any kind, or some of its own again."""
    place, other = generator.randrange(len(data) + 1), generator.randrange(len(data) + 1)
    length = generator.choice((1, 2, 8, 200))
    more = generator.choice((generator.randbytes(length), data[other : other + length], b"\0" * length))
    return data[:place] + more + data[place:]


def field(data: bytes, generator: random.Random) -> bytes:
    """A number of two, four or eight bytes that no header should have."""
    size = generator.choice((2, 4, 8))
    value = generator.choice((0, 1, 2 ** (8 * size) - 1, 2 ** (8 * size - 1), 2**15))
    place = generator.randrange(max(1, min(len(data), 400)))
    return data[:place] + value.to_bytes(size, generator.choice(("big", "little"))) + data[place + size :]


def digits(data: bytes, generator: random.Random) -> bytes:
    """Another number in the place of one that is written in digits."""
    found = list(re.finditer(rb"-?\d+(\.\d+)?", data[:100_000]))
    if not found:
        return flip(data, generator)
    place = generator.choice(found)
    return data[: place.start()] + str(generator.choice(NUMBERS)).encode() + data[place.end() :]


def member(data: bytes, generator: random.Random) -> bytes:
    """One member of an archive changed, left out or called otherwise, the archive whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = generator.choice(sorted(members))
    content = members.pop(name)
    what = generator.random()
    if what < 0.8:
        members[name] = generator.choice(BYTES)(content, generator)
    elif what < 0.9:
        members[f"{name}x"] = content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def line(data: bytes, generator: random.Random) -> bytes:
    """One line of many changed as JSON, repeated, or moved to the end."""
    lines = data.split(b"\n")
    place = generator.randrange(len(lines))
    what = generator.random()
    if what < 0.7:
        lines[place] = tree(lines[place], generator)
    else:
        lines.append(lines[place] if what < 0.85 else lines.pop(place))
    return b"\n".join(lines)


def tree(data: bytes, generator: random.Random) -> bytes:
    """A member of a JSON document that is another value, gone, or there twice."""
    document = json.loads(data)
    if generator.random() < 0.03:
        return b"[" * DEEP + data + b"]" * DEEP
    places = list(_places(document))
    if not places:
        return json.dumps(generator.choice(VALUES)).encode()
    holder, key = generator.choice(places)
    if generator.random() < 0.15:
        del holder[key]
    else:
        holder[key] = generator.choice(VALUES)
    return _dumped(document)


def tensors(data: bytes, generator: random.Random) -> bytes:
    """The JSON header of a safetensors file changed, its length set right; in it, JSON in texts too."""
    (length,) = struct.unpack("<Q", data[:8])
    header, rest = data[8 : 8 + length], data[8 + length :]
    document = json.loads(header)
    notes = document.get("__metadata__", {})
    nested = [name for name, text in notes.items() if isinstance(text, str) and text.startswith("{")]
    if nested and generator.random() < 0.5:
        name = generator.choice(nested)
        notes[name] = tree(notes[name].encode(), generator).decode("utf-8", "replace")
        header = _dumped(document)
    else:
        header = tree(header, generator)
    return struct.pack("<Q", len(header)) + header + rest


def chunk(data: bytes, generator: random.Random) -> bytes:
    """A chunk of a PNG file changed, its checksum set right."""
    place, starts = 8, []
    while place + 12 <= len(data):
        starts.append(place)
        place += 12 + struct.unpack(">I", data[place : place + 4])[0]
    start = generator.choice(starts)
    (length,) = struct.unpack(">I", data[start : start + 4])
    kind, body = data[start + 4 : start + 8], data[start + 8 : start + 8 + length]
    body = generator.choice((flip, field, cut))(body, generator)
    packed = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return data[:start] + packed + data[start + 12 + length :]


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every holder and key of a JSON document."""
    found: list[tuple[Any, Any]] = []
    rest = [document]
    while rest:
        holder = rest.pop()
        if isinstance(holder, dict | list):
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            found += [(holder, key) for key in keys]
            rest += [holder[key] for key in keys]
    return found


def _dumped(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


BYTES: tuple[Mutation, ...] = (flip, cut, remove, insert, field, digits)

KINDS: dict[str, tuple[Mutation, ...]] = {
    "bytes": BYTES,
    "png": (chunk,),
    "json": (tree,),
    "lines": (line,),
    "zip": (member,),
    "tensors": (tensors,),
}
"""What each kind of file packs, as the changes inside of it."""
