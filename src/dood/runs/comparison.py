"""A page that compares training runs: their figures, settings, learning curves and reconstructions in one file."""

import base64
from collections.abc import Callable, Iterable, Sequence
from html import escape

from dood.errors import DoodError
from dood.figures.charts import Curve, line_chart
from dood.runs.runs import COLUMNS, UNKNOWN, Run, differences, incomparable, number, shown

__all__ = ["comparison_page"]

CHARTS = {
    "bound": "bound, nats an image (higher is better)",
    "mse": "mean squared pixel error",
    "strokes": "mean number of strokes",
}

BEST: dict[str, Callable[[Iterable[float]], float]] = {"bound": max, "mse": min, "mae": min}

INKS = (
    ("#0072b2", "#56b4e9"),
    ("#e0701a", "#fca88c"),
    ("#00541c", "#a8fce0"),
    ("#a02a6a", "#fc38a8"),
    ("#1a1c21", "#f4f000"),
    ("#8e8e98", "#a88c00"),
)
"""Colours of runs on light and on dark ground. Any two of a ground differ by 15 or more (CIEDE2000) to all eyes, those
blind to red, green or blue included, and stand out from it by 3 to 1 or more."""

DASHES = ("none", "7 4", "2 3", "10 3 2 3")
"""Once the colours are used up, the next runs have them again with another dash."""

UNITS = ((300, 1, "seconds"), (18_000, 60, "minutes"), (float("inf"), 3600, "hours"))
"""Time is counted up to so many seconds in units of so many seconds, called so."""

SWATCH = '<svg class="swatch" viewBox="0 0 26 10"><path d="M0 5H26"/></svg>'

LONG = 40
"""Characters that a table shows of a setting."""

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>dood: {title}</title>
<style>
:root {{ color-scheme: light dark; --ground: #edeff3; --card: #fff; --text: #1a1c21; --faint: #60646e;
  --rule: #d5d9e0; --bad: #b3261e }}
{light}
@media (prefers-color-scheme: dark) {{
:root {{ --ground: #15171c; --card: #1f2229; --text: #e8eaee; --faint: #a2a8b4; --rule: #3a3f4a; --bad: #ff9d94 }}
{dark}
}}
{dashes}
{focus}
body {{ margin: 2rem; font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--ground) }}
h2 {{ margin: 2rem 0 .6rem; font-size: 1.15rem }}
p, figcaption, summary {{ color: var(--faint) }}
.card {{ padding: .75rem 1rem; border-radius: .5rem; background: var(--card); overflow-x: auto }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums }}
th, td {{ padding: .25rem .9rem .25rem 0; text-align: right; vertical-align: top; white-space: nowrap }}
th {{ font-weight: 600 }}
td {{ border-top: 1px solid var(--rule); min-width: 3rem }}
tbody th {{ border-top: 1px solid var(--rule) }}
.text, .figures :nth-child(2) {{ text-align: left }}
.warning {{ color: var(--bad) }}
.swatch {{ width: 26px; height: 10px; margin-right: .4rem; vertical-align: middle }}
.swatch path, .line {{ fill: none; stroke: var(--ink); stroke-width: 2; stroke-dasharray: var(--dash) }}
.legend {{ margin-bottom: .5rem }}
.legend span {{ display: inline-block; margin-right: 1.2rem; white-space: nowrap; cursor: default }}
.charts {{ display: none; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 1rem }}
.chart {{ width: 100%; padding-top: .6rem }}
#images:checked ~ .by-images, #time:checked ~ .by-time {{ display: grid }}
.label {{ fill: var(--faint); font: 12px system-ui, sans-serif }}
.strong {{ fill: var(--text); font-weight: 600 }}
.grid {{ fill: none; stroke: var(--rule) }}
.reach {{ fill: none; stroke: transparent; stroke-width: 12; pointer-events: stroke }}
.chart circle {{ fill: var(--ink); stroke: transparent; stroke-width: 8; pointer-events: all }}
.pictures {{ display: flex; gap: 1rem; overflow-x: auto }}
.pictures figure {{ flex: 0 0 auto; width: 26rem; margin: 0; padding: .75rem; border-radius: .5rem;
  background: var(--card) }}
.pictures img {{ width: 100%; border-radius: .25rem }}
</style>
<h1>{title}</h1>
<p>Figures of the last look at held-out images; bounds in nats an image. {caution}</p>
<div class="card figures">{figures}</div>
{warnings}
<h2>Settings in which they differ</h2>
<div class="card">{settings}</div>
<h2>Learning curves</h2>
<div class="card">
<div class="legend">{legend}</div>
<input type="radio" name="across" id="images" checked><label for="images">by images seen</label>
<input type="radio" name="across" id="time"><label for="time">by time</label>
{curves}
<p>The axes fit all but the first fifth of each curve. Point at a curve to see whose it is and what it measures; point
at a name above to bring out its curves.</p>
</div>
<h2>Latest reconstructions</h2>
<p>A row an image: the target, then the canvas after each stroke, the newest in colour.</p>
<div class="pictures">
{pictures}
</div>
</html>
"""


def comparison_page(runs: Sequence[Run]) -> str:
    """The page, as one HTML text that needs no other file and no network.

    Raises:
        DoodError: there is no run, or a picture cannot be read.
    """
    if not runs:
        raise DoodError("a comparison of 0 runs: at least one is needed")
    return PAGE.format(
        title=f"{len(runs)} training run{'s' * (len(runs) > 1)}",
        light=_inks(runs, 0),
        dark=_inks(runs, 1),
        dashes="\n".join(f".r{i} {{ --dash: {DASHES[i // len(INKS) % len(DASHES)]} }}" for i in range(len(runs))),
        focus="\n".join(
            f"body:has(.legend .r{i}:hover) .chart g:not(.r{i}) {{ opacity: .12 }}" for i in range(len(runs))
        ),
        caution=_caution(runs),
        figures=_figures(runs),
        warnings=_warnings(runs),
        settings=_settings(runs),
        legend="\n".join(f'<span class="r{i}">{SWATCH}{escape(run.name)}</span>' for i, run in enumerate(runs)),
        curves="\n".join((_charts(runs, "images", "images seen", 1), _by_time(runs))),
        pictures="\n".join(_reconstructions(i, run) for i, run in enumerate(runs)),
    )


def _inks(runs: Sequence[Run], ground: int) -> str:
    return "\n".join(f".r{i} {{ --ink: {INKS[i % len(INKS)][ground]} }}" for i in range(len(runs)))


def _caution(runs: Sequence[Run]) -> str:
    if not (names := incomparable(runs)):
        return ""
    return f"<b>Not all of these measure the same: they differ in {escape(', '.join(names))}.</b>"


def _figures(runs: Sequence[Run]) -> str:
    summaries = [run.summary() for run in runs]
    best = {} if incomparable(runs) or len(runs) == 1 else _best(summaries)
    rows = []
    for i, summary in enumerate(summaries):
        cells = [_cell(shown(summary, name), name in best and summary[name] == best[name]) for name in COLUMNS]
        reached = summary["best"]
        cells.append(_cell(f"{reached['bound']:.1f} at {reached['step']}" if reached else UNKNOWN))
        cells.append(_cell({True: "yes", False: "no", None: UNKNOWN}[summary["finished"]]))
        rows.append(f'<tr><th class="text r{i}">{SWATCH}{escape(summary["name"])}</th>{"".join(cells)}</tr>')
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
    rows = [
        f'<tr><th class="text">{escape(name)}</th>{"".join(_setting(name, run) for run in runs)}</tr>' for name in names
    ]
    return _table(["", *(run.name for run in runs)], rows)


def _by_time(runs: Sequence[Run]) -> str:
    longest = max((number(run.last, "seconds") or 0 for run in runs), default=0)
    _, size, unit = next(each for each in UNITS if longest <= each[0])
    return _charts(runs, "seconds", f"{unit} of training", size)


def _charts(runs: Sequence[Run], across: str, label: str, unit: int) -> str:
    charts = [
        line_chart(
            [Curve(run.name, f"r{i}", _points(run, across, up, unit)) for i, run in enumerate(runs)], title, label
        )
        for up, title in CHARTS.items()
    ]
    return f'<div class="charts by-{"images" if across == "images" else "time"}">{"".join(charts)}</div>'


def _points(run: Run, across: str, up: str, unit: int) -> list[tuple[float, float]]:
    pairs = [(number(record, across), number(record, up)) for record in run.records]
    return [(x / unit, float(y)) for x, y in pairs if x is not None and y is not None]


def _reconstructions(index: int, run: Run) -> str:
    name = escape(run.name)
    if not run.pictures:
        return f"<figure><figcaption>{name}: no pictures yet</figcaption></figure>"
    path = run.pictures[-1]
    try:
        content = base64.b64encode(path.read_bytes()).decode()
    except OSError as error:
        raise DoodError(f"cannot read {path}: {error.strerror or error}") from error
    step = path.stem.removeprefix("reconstructions-").lstrip("0")
    return (
        f'<figure><figcaption class="r{index}">{SWATCH}{name}, step {escape(step)}</figcaption>'
        f'<img src="data:image/png;base64,{content}" alt="reconstructions of {name}"></figure>'
    )


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
