"""Parse a large collection: shards of images in, files of strokes out, in any number of processes, any number of times.

A shard's file is whole or absent, and says that the shard is done. Processes share nothing but the folder: process r of
n takes the shards r, r + n, r + 2n and so on.
"""

import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from dood import __version__
from dood.checkpoints.finding import find
from dood.collection.batch import PARSE_DEFAULTS, parse_pictures
from dood.collection.manifest import settle
from dood.collection.records import SUFFIX, Record, write_records
from dood.collection.shards import ImageArray, PictureFiles, Shard, cut, find_inputs
from dood.data import images_at
from dood.drawing import Drawing
from dood.engines.choice import engine_of
from dood.engines.engine import Engine
from dood.errors import DoodError
from dood.files import atomic_write, clear_abandoned, make_folder
from dood.pictures import FRAMES, Placement
from dood.pictures.polarity import check_polarity
from dood.tasks.canvas import CanvasOptions, draw_rasters

__all__ = ["SHARD_SIZE", "Outcome", "parse_collection"]

SHARD_SIZE = 2000
"""A quarter of a minute's work of one core, or so: what a killed process loses at most."""


@dataclass
class Outcome:
    """What processes did.

    Attributes:
        written: the files made now.
        kept: how many files an earlier run had made.
        images: how many are in the files made now; `undrawn` of them could not be drawn.
        failed: shards that could not be read, and why; no file was made for them.
    """

    written: list[Path] = field(default_factory=list)
    kept: int = 0
    images: int = 0
    undrawn: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.written += other.written
        self.kept += other.kept
        self.images += other.images
        self.undrawn += other.undrawn
        self.failed += other.failed


@dataclass(frozen=True)
class _Job:
    """What there is to do. It travels to other processes."""

    out: Path
    shards: list[Shard]
    model: str | Path
    batch: int
    polarity: str
    options: CanvasOptions

    def file(self, shard: Shard) -> Path:
        return self.out / f"part-{shard.number:06d}{SUFFIX}"

    def done(self) -> int:
        """How many images are in files."""
        return sum(len(shard) for shard in self.shards if self.file(shard).exists())

    def images(self) -> int:
        return sum(map(len, self.shards))


def parse_collection(
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    model: str | Path = "all",
    shard_size: int = SHARD_SIZE,
    split: str = "all",
    polarity: str = "auto",
    batch: int = 64,
    processes: int = 1,
    rank: int = 0,
    world: int = 1,
    progress: Callable[[int, int], None] | None = None,
    **options: Unpack[CanvasOptions],
) -> Outcome:
    """Find the strokes of every image of the inputs, and write them to `out`, a file a shard.

    Shards whose file is there are left alone, so a run that was stopped goes on where it was. `_parse.json` in `out`
    says what the files were made from and how.

    Arguments:
        inputs: .npz files laid out as `dood.data.imageset` says, image files, and folders with either inside. Arrays
            are taken as in training: ink 255 on 0, the canvas is the whole image. Pictures are taken as `draw` does.
        shard_size: images to a file, at most.
        split: all, train or test, of files that have both.
        polarity: of pictures: dark, light or auto.
        batch: images that are parsed at once.
        processes: start so many, of one thread each, and wait for them.
        rank, world: or be one of several that somebody else started, in whatever places, on the same `out`.
        progress: called with the number of images done and in all.
        options: as for `draw_pictures`, but for `refine`, which is 0 unless given.

    Raises:
        DoodError: there are no images, an option is unknown, `out` holds something made otherwise or cannot be
            written, or a process ended early.
    """
    settled: CanvasOptions = {**PARSE_DEFAULTS, **options}
    _check(polarity, settled.get("frame", "auto"), processes, rank, world)
    sources = find_inputs(inputs, split)
    folder = make_folder(out)
    clear_abandoned(folder)
    job = _Job(folder, cut(sources, shard_size), model, batch, polarity, settled)
    settle(job.out, _settings(job, sources, shard_size=shard_size, split=split))
    if processes > 1:
        return _in_processes(job, processes, progress)
    return _run(job, rank, world, progress)


def _check(polarity: str, frame: str, processes: int, rank: int, world: int) -> None:
    check_polarity(polarity)
    if frame not in FRAMES:
        raise DoodError(f"frame {frame!r} is unknown: use {', '.join(FRAMES)}")
    if not 0 <= rank < world:
        raise DoodError(f"process {rank} of {world}: ranks run from 0 to {world - 1}")
    if processes > 1 and world > 1:
        raise DoodError(
            f"{processes} processes in each of {world} that were started together: ask for one or the other"
        )


def _settings(job: _Job, sources: list[ImageArray | PictureFiles], **cutting: Any) -> dict[str, Any]:
    """All that the files depend on."""
    return {
        "dood": __version__,
        "model": str(job.model),
        "model_sha256": hashlib.sha256(find(job.model).read_bytes()).hexdigest(),
        "options": {**cutting, "polarity": job.polarity, **job.options},
        "inputs": [source.describe() for source in sources],
        "images": job.images(),
        "shards": len(job.shards),
    }


def _run(job: _Job, rank: int, world: int, progress: Callable[[int, int], None] | None = None) -> Outcome:
    """Do this process's shards."""
    outcome = Outcome()
    mine = job.shards[rank::world]
    pending = [shard for shard in mine if not job.file(shard).exists()]
    outcome.kept = len(mine) - len(pending)
    engine = engine_of(job.model) if pending else None
    for shard in pending:
        assert engine is not None
        try:
            records = list(_records(job, shard, engine))
        except DoodError as error:
            outcome.failed.append((job.file(shard).name, str(error)))
            continue
        _write(job, shard, records)
        outcome.written.append(job.file(shard))
        outcome.images += len(records)
        outcome.undrawn += sum(record.drawing is None for record in records)
        if progress:
            progress(job.done(), job.images())
    return outcome


def _write(job: _Job, shard: Shard, records: list[Record]) -> None:
    path = job.file(shard)
    with atomic_write(path) as file:
        write_records(records, file)


def _records(job: _Job, shard: Shard, engine: Engine) -> Iterator[Record]:
    for start in range(shard.start, shard.stop, job.batch):
        stop = min(start + job.batch, shard.stop)
        if isinstance(shard.source, ImageArray):
            yield from _of_array(job, shard.source, start, stop, engine)
        else:
            yield from _of_pictures(job, shard.source, start, stop, engine)


def _of_array(job: _Job, source: ImageArray, start: int, stop: int, engine: Engine) -> Iterator[Record]:
    images = source.read(start, stop)
    height, width = images.shape[1:]
    rasters = images_at(images, engine.config.resolution).astype(np.float32) / np.float32(255)
    placements = [Placement(width / 2, (width / 2, height / 2))] * len(images)
    options: Any = {name: value for name, value in job.options.items() if name != "frame"}
    drawings = draw_rasters(rasters, placements, [(width, height)] * len(images), engine, **options)
    for index, drawing in enumerate(drawings, start):
        yield Record(source.name, index, drawing)


def _of_pictures(job: _Job, source: PictureFiles, start: int, stop: int, engine: Engine) -> Iterator[Record]:
    paths = source.paths[start:stop]
    for path, found in zip(paths, parse_pictures(paths, engine, job.polarity, job.options), strict=True):
        drawn = isinstance(found, Drawing)
        yield Record(str(path), 0, found if drawn else None, None if drawn else str(found))


def _in_processes(job: _Job, processes: int, progress: Callable[[int, int], None] | None) -> Outcome:
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    workers = [context.Process(target=_worker, args=(rank, job, processes, answers)) for rank in range(processes)]
    received: list[Outcome | str] = []
    try:
        with _one_thread():
            for worker in workers:
                worker.start()
        while running := [worker for worker in workers if worker.exitcode is None]:
            wait([worker.sentinel for worker in running], timeout=0.5)
            while not answers.empty():
                received.append(answers.get())
            _check_exits(workers)
            if progress:
                progress(job.done(), job.images())
    finally:
        _end(workers)
    total = Outcome()
    for answer in received:
        if isinstance(answer, str):
            raise DoodError(answer)
        total.add(answer)
    return total


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let processes that are started meanwhile compute in one thread each: a second thread gains less than they do."""
    before = dict(os.environ)
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _check_exits(workers: Sequence[Any]) -> None:
    for code in (worker.exitcode for worker in workers if worker.exitcode):
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        raise DoodError(
            f"one of {len(workers)} processes ended early ({how}); what is finished is kept: run the same again,"
            " with fewer processes if memory ran out"
        )


def _end(workers: Sequence[Any]) -> None:
    """See to it that none is left. An interrupt reaches them too: they are given a second to tidy up."""
    for worker in (each for each in workers if each.pid is not None):
        worker.join(1)
        worker.terminate()
        worker.join()


def _worker(rank: int, job: _Job, world: int, answers: Any) -> None:
    # Ended by others, a process removes the file that it was writing, just as when it is interrupted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        answers.put(_run(job, rank, world))
    except DoodError as error:
        answers.put(str(error))
