"""Figures beside what they should be, as text and as JSON."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.timing import Result
from dood.files import atomic_write, make_folder

__all__ = ["GOALS", "Goal", "as_text", "write"]


class Goal(NamedTuple):
    """What a figure is, our goal on two cores, and what the authors' code reached on such a machine (paper's model)."""

    what: str
    goal: str
    authors: str = ""


GOALS = {
    "renderer_speedup": Goal("renderer, times faster than a dense sum, 50 px", ""),
    "train_images_per_s_50": Goal("training, images/s, 50 px, one process", "", "7.4"),
    "train_images_per_s_28": Goal("training, images/s, 28 px, one process", ""),
    "train_speedup_over_dense": Goal("training, times faster than with a dense renderer", ""),
    "train_peak_mb": Goal("training, peak memory, MB", "at most 1024", "4800"),
    "one_core_images_per_s_28": Goal("training, images/s, 28 px, one thread", ""),
    "one_core_attainable_28": Goal("  attainable, were its operations all", ""),
    "one_core_share_28": Goal("  achieved / attainable", "at least 0.5"),
    "one_core_images_per_s_50": Goal("training, images/s, 50 px, one thread", ""),
    "one_core_attainable_50": Goal("  attainable, were its operations all", ""),
    "one_core_share_50": Goal("  achieved / attainable", "at least 0.5"),
    "step_gflop_28": Goal("a step's matrix products, 28 px, GFLOP", ""),
    "step_gbyte_28": Goal("  read and written by the rest, GB", ""),
    "step_operations_28": Goal("  operations, views included", ""),
    "step_gflop_50": Goal("a step's matrix products, 50 px, GFLOP", ""),
    "step_gbyte_50": Goal("  read and written by the rest, GB", ""),
    "step_operations_50": Goal("  operations, views included", ""),
    "processes_1_images_per_s_50": Goal("training, images/s, 50 px, one thread, `dood.training.loop`", ""),
    "processes_2_images_per_s_50": Goal("training, images/s, 50 px, two processes", "at least 1000", "7.4"),
    "processes_gain": Goal("  two processes over one", "at least 1.6"),
    "parse_images_per_s_50": Goal("parsing, images/s, 50 px, batches of 64", "at least 2000", "19.6"),
    "parse_one_ms": Goal("parsing, ms for one image", ""),
    "parse_one_ms_one_thread": Goal("parsing, ms for one image, one thread", ""),
    "bound_images_per_s_50": Goal("bound with 200 samples, images/s, 50 px", "at least 15", "0.11"),
    "cold_draw_s": Goal("`dood draw --model` of one picture, whole process, s", "at most 2.5"),
    "cold_torch_s": Goal("`import torch`, s", ""),
    "cold_help_s": Goal("`dood --help`, whole process, s", ""),
    "wheel_mb": Goal("the wheel, MB", "at most 25"),
    "install_mb": Goal("installed with all it needs, without torch, MB", "at most 150"),
    "fresh_draw_s": Goal("`dood draw` of 500 px there, whole process, s", "at most 0.6"),
    "fresh_draw_cpu_s": Goal("  processor time, least, s", ""),
    "fresh_draw_model_s": Goal("the same with --model all, s", ""),
    "fresh_draw_model_cpu_s": Goal("  processor time, least, s", ""),
    "fresh_help_s": Goal("`dood --help` there, whole process, s", "at most 0.1"),
    "fresh_help_cpu_s": Goal("  processor time, least, s", ""),
    "studio_first_stroke_s": Goal("studio, first stroke of a 500 px picture, s", "at most 1"),
    "studio_first_stroke_cpu_s": Goal("  processor seconds of the server", ""),
    "studio_strokes": Goal("studio, strokes of the page that is played", "at least 500"),
    "studio_frame_forth_ms": Goal("  dragging forth, ms from frame to frame", "at most 16.7"),
    "studio_frame_forth_cpu_ms": Goal("  processor ms of the browser", ""),
    "studio_frame_back_ms": Goal("  dragging back, ms from frame to frame", "at most 16.7"),
    "studio_frame_back_cpu_ms": Goal("  processor ms of the browser", ""),
    "studio_frame_jumps_ms": Goal("  jumping about, ms from frame to frame", "at most 16.7"),
    "studio_frame_jumps_cpu_ms": Goal("  processor ms of the browser", ""),
    "studio_page_strokes": Goal("studio, strokes of the page that is moved", "at least 2500"),
    "studio_frame_pan_ms": Goal("  moving it, ms from frame to frame", "at most 16.7"),
    "studio_frame_pan_cpu_ms": Goal("  processor ms of the browser", ""),
    "studio_frame_zoom_ms": Goal("  zooming, ms from frame to frame", "at most 16.7"),
    "studio_frame_zoom_cpu_ms": Goal("  processor ms of the browser", ""),
}


def as_text(result: Result) -> str:
    """A table of the figures, then one for each way that a cost grows."""
    lines = [f"{'':<52}{'measured':>10}  {'goal':<14}authors"]
    for name, value in result.figures.items():
        what, goal, authors = GOALS[name]
        lines.append(f"{what:<52}{value:>10.4g}  {goal:<14}{authors}".rstrip())
    for title, rows in result.growth.items():
        lines += ["", title, "".join(f"{key:>14}" for key in rows[0])]
        lines += ["".join(f"{value:>14.4g}" for value in row.values()) for row in rows]
    return "\n".join(lines)


def write(result: Result, machine: dict[str, Any], path: Path) -> None:
    """Figures by name, growth tables and machine facts, as JSON of four significant digits."""
    content = {**result.figures, "growth": result.growth, "machine": machine}
    make_folder(path.parent)
    with atomic_write(path) as file:
        file.write((json.dumps(rounded(content), indent=2) + "\n").encode())


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
