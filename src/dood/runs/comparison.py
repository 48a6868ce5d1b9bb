"""A page that compares training runs: their figures, settings, learning curves and reconstructions in one file.

Needs matplotlib (`pip install 'dood[plots]'`).
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from html import escape

from dood.errors import DoodError
from dood.figures.plots import ACROSS, as_svg, learning_curves
from dood.runs.runs import COLUMNS, UNKNOWN, Run, differences, incomparable, shown

__all__ = ["comparison_page"]

BEST: dict[str, Callable[[Iterable[float]], float]] = {"bound": max, "mse": min, "mae": min}

LONG = 40
"""Characters that a table shows of a setting."""

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>dood: {title}</title>
<style>
body {{ margin: 2rem; font: 15px/1.45 system-ui, sans-serif; color: #1a1c21; background: #fff }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums }}
th, td {{ padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #d5d9e0; text-align: left; white-space: nowrap }}
figure {{ display: inline-block; width: 26rem; margin: 0 1rem 1rem 0 }}
img {{ width: 100% }}
.warning {{ color: #b3261e }}
</style>
<h1>{title}</h1>
<p>Figures of the last evaluation on held-out images; bounds in nats per image. {caution}</p>
{figures}
{warnings}
<h2>Settings in which they differ</h2>
{settings}
<h2>Learning curves</h2>
{curves}
<h2>Latest reconstructions</h2>
<p>One row per image: the target, then the canvas after each stroke, the newest in colour.</p>
{pictures}
</html>
"""


def comparison_page(runs: Sequence[Run]) -> str:
    """The page, as one HTML text that needs no other file and no network.

    Raises:
        DoodError: there is no run, a picture cannot be read, or matplotlib is not installed.
    """
    if not runs:
        raise DoodError("a comparison of 0 runs: at least one is needed")
    return PAGE.format(
        title=f"{len(runs)} training run{'s' * (len(runs) > 1)}",
        caution=_caution(runs),
        figures=_figures(runs),
        warnings=_warnings(runs),
        settings=_settings(runs),
        curves="\n".join(_curves(runs, across) for across in ACROSS),
        pictures="\n".join(map(_reconstructions, runs)),
    )


def _caution(runs: Sequence[Run]) -> str:
    if not (names := incomparable(runs)):
        return ""
    return f"<b>Not all of these measure the same: they differ in {escape(', '.join(names))}.</b>"


def _figures(runs: Sequence[Run]) -> str:
    summaries = [run.summary() for run in runs]
    best = {} if incomparable(runs) or len(runs) == 1 else _best(summaries)
    rows = []
    for summary in summaries:
        cells = [_cell(shown(summary, name), name in best and summary[name] == best[name]) for name in COLUMNS]
        reached = summary["best"]
        cells.append(_cell(f"{reached['bound']:.1f} at {reached['step']}" if reached else UNKNOWN))
        cells.append(_cell({True: "yes", False: "no", None: UNKNOWN}[summary["finished"]]))
        rows.append(f"<tr><th>{escape(summary['name'])}</th>{''.join(cells)}</tr>")
    return _table(["", *COLUMNS, "best bound", "finished"], rows)


def _best(summaries: Sequence[dict]) -> dict[str, float]:
    known = {name: [each[name] for each in summaries if each[name] is not None] for name in BEST}
    return {name: BEST[name](values) for name, values in known.items() if values}


def _warnings(runs: Sequence[Run]) -> str:
    said = [f"<li>{escape(run.name)}, {escape(text)}</li>" for run in runs for text in run.warnings[-1:]]
    return f'<ul class="warning">{"".join(said)}</ul>' if said else ""


def _settings(runs: Sequence[Run]) -> str:
    names = differences(runs)
    if not names:
        return "None that is noted."
    rows = [f"<tr><th>{escape(name)}</th>{''.join(_setting(name, run) for run in runs)}</tr>" for name in names]
    return _table(["", *(run.name for run in runs)], rows)


def _curves(runs: Sequence[Run], across: str) -> str:
    figure = learning_curves({run.name: run.records for run in runs}, across)
    return _image(as_svg(figure), "image/svg+xml", f"learning curves by {ACROSS[across].label}")


def _reconstructions(run: Run) -> str:
    name = escape(run.name)
    if not run.pictures:
        return f"<figure><figcaption>{name}: no pictures yet</figcaption></figure>"
    path = run.pictures[-1]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error
    step = escape(path.stem.removeprefix("reconstructions-").lstrip("0"))
    shown = _image(content, "image/png", f"reconstructions of {run.name}")
    return f"<figure><figcaption>{name}, step {step}</figcaption>{shown}</figure>"


def _image(content: bytes, kind: str, alt: str) -> str:
    return f'<img src="data:{kind};base64,{base64.b64encode(content).decode()}" alt="{escape(alt)}">'


def _table(heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _setting(name: str, run: Run) -> str:
    """A cell of a setting; where it is long, or of hashes, its start, and the whole as a title."""
    text = run.settings.get(name, UNKNOWN)
    short = "+".join(part[:8] for part in text.split("+")) if name == "data_sha256" else text
    short = short if len(short) <= LONG else f"{short[:LONG]}…"
    return f'<td title="{escape(text)}">{escape(short)}</td>' if short != text else _cell(text)


def _cell(text: str, strong: bool = False) -> str:
    return f"<td><b>{escape(text)}</b></td>" if strong else f"<td>{escape(text)}</td>"
