"""Verbs that are killed and run again: each must end as one that nobody killed does."""

import importlib
import json
import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw

from dood.checkpoints import checkpoint
from dood.cli import main
from dood.data import write_npz
from scripts.interruption import Ended, operations, run, run_killed_after, run_killed_at
from tests.tiny import scribbles_uint8, tiny_model

__all__ = ["VERBS", "Tally", "Verb", "campaign", "preload"]

USED = (
    "torch._dynamo",
    "scipy.sparse",
    "dood.training.loop",
    "dood.runs.board",
    "dood.collection.collection",
    "dood.tasks.draw",
    "dood.tracing.trace",
    "dood.cli.train",
)
"""What the verbs import: imported once and for all, or most kills would meet no more than imports."""

TEMPORARY = ".dood-"
MINE = {"notes.svg": b"<svg>mine</svg>", "shopping.txt": b"ink, paper\n"}
"""What a person has in the folder that drawings are written to."""

SMALL = "model.resolution=12 model.strokes=2 model.frame_size=8 model.glimpse_size=8 model.prior_size=8 "
SMALL += "model.features=8 model.hidden=8 model.mixtures=2 evaluate_images=4 evaluate_every=4 checkpoint_every=3"


@dataclass
class Tally:
    """Kills of one kind: how many there were, and what was wrong after each that was not survived."""

    tried: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verb:
    """A verb at work.

    Attributes:
        prepare: writes into a folder what the verb reads.
        work: the command line, from that folder and the folder of results.
        again: the command line after a kill.
        found: what is compared with the uninterrupted run's, from the folder of results.
        at_once: says what is wrong right after a kill, given what the uninterrupted run left.
    """

    name: str
    prepare: Callable[[Path], None]
    work: Callable[[Path, Path], list[str]]
    again: Callable[[Path, Path], list[str]]
    found: Callable[[Path], dict[str, Any]]
    at_once: Callable[[Path, dict[str, Any]], str]


def campaign(verb: Verb, folder: Path, count: int, seed: int) -> tuple[dict[str, Tally], list[str]]:
    """Kill a verb `count` times: half at random moments, half at its file operations, spread evenly over them.

    Returns:
        What became of the two kinds of kills, and the names of the file operations of an uninterrupted run.
    """
    source, whole, log = folder / "source", folder / "whole", folder / "log"
    source.mkdir(parents=True)
    verb.prepare(source)
    begin(verb, whole)
    steps = operations(lambda: main(verb.work(source, whole)), log, whole)
    reference = verb.found(whole)
    at_operations = [round(i * (len(steps) - 1) / max(1, count // 2 - 1)) for i in range(count // 2)]
    tallies = {"at a moment": Tally(), "at a file operation": Tally()}
    usual = run_whole(verb, source, folder / "timed", log).seconds
    generator = random.Random(seed)
    while tallies["at a moment"].tried < count - count // 2:
        after = generator.uniform(0, usual)
        trial(
            verb,
            source,
            folder / "killed",
            tallies["at a moment"],
            reference,
            lambda work, _, after=after: run_killed_after(work, log, after),
            f"after {after:.3f} s",
        )
    for number in at_operations:
        trial(
            verb,
            source,
            folder / "killed",
            tallies["at a file operation"],
            reference,
            lambda work, out, number=number: run_killed_at(work, log, out, number),
            f"at operation {number} ({steps[number]})",
        )
    return tallies, list(steps)


def preload() -> None:
    """Import what the verbs need, once for all processes."""
    torch.set_num_threads(1)
    for name in USED:
        importlib.import_module(name)


def trial(
    verb: Verb,
    source: Path,
    out: Path,
    tally: Tally,
    reference: dict[str, Any],
    kill: Callable[[Callable[[], int], Path], Ended],
    when: str,
) -> None:
    """Kill the verb once and run it again; a process that had ended before it was killed does not count."""
    shutil.rmtree(out, ignore_errors=True)
    begin(verb, out)
    ended = kill(lambda: main(verb.work(source, out)), out)
    if ended.code == 0:
        return
    tally.tried += 1
    wrong = f"ended with {ended.code}: {ended.said}" if ended.code is not None else verb.at_once(out, reference)
    wrong = wrong or after_the_second_run(verb, source, out, reference)
    if wrong:
        tally.failures.append(f"{verb.name} killed {when}: {wrong}")


def after_the_second_run(verb: Verb, source: Path, out: Path, reference: dict[str, Any]) -> str:
    """What is wrong once the verb has been run again, a minute later; empty if nothing is."""
    earlier = time.time() - 60
    for left in out.glob(f"{TEMPORARY}*"):
        os.utime(left, (earlier, earlier))
    ended = run(lambda: main(verb.again(source, out)), out.with_suffix(".log"))
    if ended.code != 0:
        return f"run again it ended with {ended.code}: {ended.said.strip()}"
    if left := [path.name for path in out.iterdir() if path.name.startswith(".")]:
        return f"{left[0]} was left"
    found = verb.found(out)
    different = [name for name in {**reference, **found} if not same(reference.get(name), found.get(name))]
    return f"{different[0]} differs from the uninterrupted run's" if different else ""


def run_whole(verb: Verb, source: Path, out: Path, log: Path) -> Ended:
    """The verb, left alone."""
    begin(verb, out)
    return run(lambda: main(verb.work(source, out)), log)


def begin(verb: Verb, out: Path) -> None:
    """The folder of results as it is before: for drawings, with what a person has in it."""
    out.mkdir()
    for name, content in MINE.items() if verb.name == "draw" else ():
        (out / name).write_bytes(content)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, tensors bit for bit."""
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _write_set(source: Path) -> None:
    write_npz(source / "set.npz", {"train_images": scribbles_uint8(24).numpy()})
    checkpoint.save(tiny_model(), source / "tiny.safetensors")


def _write_scans(source: Path) -> None:
    generator = np.random.default_rng(0)
    for i in range(6):
        scan = Image.new("L", (60, 60), 255)
        ImageDraw.Draw(scan).line([tuple(point) for point in generator.integers(8, 52, (4, 2)).tolist()], 0, 3)
        scan.save(source / f"scan{i}.png")


def _train(source: Path, out: Path) -> list[str]:
    settings = [word for each in SMALL.split() for word in ("--set", each)]
    line = f"train --data {source / 'set.npz'} --out {out} --preset quick --steps 12 --batch 4 --seed 3 --quiet"
    return [*line.split(), *settings]


def _resume(source: Path, out: Path) -> list[str]:
    """A run that was killed before its first checkpoint is begun anew."""
    return _train(source, out) + ["--resume"] * (out / "checkpoint.pt").exists()


def _trained(out: Path) -> dict[str, Any]:
    """Weights, the state of training, and records, but for the seconds that they took."""
    state = checkpoint.load_state(out / "checkpoint.pt")
    records = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return {
        "weights": dict(checkpoint.load(out).state_dict()),
        "steps of the weights": checkpoint.header_of(out)["steps"],
        "notes": {name: text for name, text in state.pop("notes").items() if name != "code"},
        "checkpoint": {name: state[name] for name in state if name != "seconds"},
        "records": [{name: value for name, value in record.items() if name != "seconds"} for record in records],
        "files": sorted(path.name for path in out.iterdir()),
    }


def _no_damage(out: Path, _: dict[str, Any]) -> str:
    """A checkpoint that is there can be read, and so can weights."""
    if (out / "checkpoint.pt").exists():
        checkpoint.load_state(out / "checkpoint.pt")
    if (out / "model.safetensors").exists():
        checkpoint.load(out)
    return ""


def _parse(source: Path, out: Path) -> list[str]:
    model = source / "tiny.safetensors"
    line = f"parse {source / 'set.npz'} --out {out} --model {model} --shard-size 3 --batch 3 --quiet"
    return line.split()


def _draw(source: Path, out: Path) -> list[str]:
    return f"draw {source} --out {out} --format svg,json,png --quiet".split()


def _files(out: Path) -> dict[str, Any]:
    return {path.name: path.read_bytes() for path in out.iterdir()}


def _whole_or_absent(out: Path, reference: dict[str, Any]) -> str:
    """Every file that has its name is the uninterrupted run's, and what a person had there is there."""
    found = {name: content for name, content in _files(out).items() if not name.startswith((TEMPORARY, ".lock"))}
    torn = [name for name, content in found.items() if reference.get(name) != content]
    gone = [name for name, content in MINE.items() if name in reference and found.get(name) != content]
    return f"{(torn + gone)[0]} is not whole" if torn + gone else ""


VERBS = (
    Verb("train", _write_set, _train, _resume, _trained, _no_damage),
    Verb("parse", _write_set, _parse, _parse, _files, _whole_or_absent),
    Verb("draw", _write_scans, _draw, _draw, _files, _whole_or_absent),
)
