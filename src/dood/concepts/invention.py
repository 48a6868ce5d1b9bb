"""New characters of a script, of a few characters that are given (Lake et al., 2015, "new concepts").

A new character begins as a given one. A branch of it may be left out, and a branch of another given character hung
where that one had it. Then most of its parts give way to parts of other given characters that are like them and meet
others as they do. Parts are mapped so that what met still meets; a part that would touch, or nearly touch,
what it should not is tried no further. Nothing is learned but from the given characters.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.concepts.anatomy import Anatomy, Joint, Part, moved
from dood.concepts.fitting import SCALES, Tie, fitted, is_clear
from dood.concepts.grafts import Graft, grafted, grafts_of, prunable, pruned

__all__ = ["Kinds", "Stock", "composed", "stock_of"]

Array = NDArray[np.float64]
LIKE = 0.35
"""How unlike its place a part may be: the deviation of what the next five add up to."""
LONGER, AWAY, MET, BENT, NEVER = 0.6, 0.7, 0.25, 1.5, 9.0
"""What counts how much: the logarithm of the ratio of lengths; the difference of the ways from start to end, as shares
of the length; each kind of meeting that one has more of; not going on smoothly; and what rules a part out."""
TRIES = 6
"""Parts that are tried in a place."""
EDITED, PRUNED = 0.6, 0.7
"""How often a branch is added, and how often one is left out then."""
KEPT = 0.0, 0.9
"""Share of the parts that are not replaced, from least to most."""
FREE, TAKEN = 0.4, 0.15
"""How much a branch that hangs on nothing is unlike a place for it; and a place on a part is taken if another meets it
within this share of its length."""
LARGER = 1.2
"""Most by which a character is larger or smaller than the one that it began as."""
OWN = 0.3
"""How much less a part of the same character is liked than one of another."""


class Stock(NamedTuple):
    """What new characters are made of: n parts and m branches of the given characters.

    Attributes:
        given: the characters.
        parts: all of theirs.
        kinds: of the parts, [n].
        whose: number of each part's character, [n].
        ways: directions of the parts at their starts and ends, [2, n, 2].
        meets: how many others each meets by its start, by its end and in between, [n, 3].
        grafts: the branches.
        hosts: kinds of the parts that those hang on, [m].
        owners: number of each branch's character, [m].
        prunable: the parts of the branches that can be left out of each character.
        reach: least and greatest coordinates of all characters, [2, 2].
    """

    given: tuple[Anatomy, ...]
    parts: tuple[Part, ...]
    kinds: "Kinds"
    whose: NDArray[np.intp]
    ways: Array
    meets: NDArray[np.intp]
    grafts: tuple[Graft, ...]
    hosts: "Kinds"
    owners: NDArray[np.intp]
    prunable: tuple[list[list[int]], ...]
    reach: Array


class Kinds(NamedTuple):
    """What parts are compared by: length [n], the way from start to end as a share of it [n, 2], and whether a dot."""

    length: Array
    way: Array
    dot: NDArray[np.bool_]


def stock_of(given: Sequence[Anatomy]) -> Stock:
    """The parts and branches of the given characters."""
    parts = [part for one in given for part in one.parts]
    meets = [_meets(one.joints, i) for one in given for i in range(len(one.parts))]
    grafts = [grafts_of(one) for one in given]
    points = np.concatenate([part.line for part in parts])
    return Stock(
        tuple(given),
        tuple(parts),
        _kinds(parts),
        np.repeat(np.arange(len(given)), [len(one.parts) for one in given]),
        np.array([[part.way(at) for part in parts] for at in (0.0, 1.0)]),
        np.array(meets),
        tuple(graft for mine in grafts for graft in mine),
        _kinds([graft.host or graft.parts[0] for mine in grafts for graft in mine]),
        np.repeat(np.arange(len(given)), [len(mine) for mine in grafts]),
        tuple(prunable(one) for one in given),
        np.stack([points.min(0), points.max(0)]),
    )


def composed(stock: Stock, whose: int, generator: np.random.Generator) -> Anatomy | None:
    """A new character that begins as one of the given; None where the parts drawn do not fit together."""
    plan, kept = _edited(stock, whose, generator), generator.uniform(*KEPT)
    there: dict[int, Part] = {}
    for i in _order(plan):
        part = _fitting(plan, i, there, stock, whose, kept, generator)
        if part is None:
            return None
        there[i] = part
    made = Anatomy(tuple(there[i] for i in range(len(plan.parts))), plan.joints, plan.pen)
    return _on_page(made, stock, whose)


def _edited(stock: Stock, whose: int, generator: np.random.Generator) -> Anatomy:
    """A given character, perhaps with a branch of another one more, and perhaps with one of its own less."""
    plan = stock.given[whose]
    if len(plan.parts) > 1 and generator.random() > EDITED:
        return plan
    branches = stock.prunable[whose]
    if len(plan.parts) > 1 and generator.random() < PRUNED and branches:
        plan = pruned(plan, branches[int(generator.integers(len(branches)))])
    return _with_graft(plan, stock, whose, generator)


def _with_graft(plan: Anatomy, stock: Stock, whose: int, generator: np.random.Generator) -> Anatomy:
    """With a branch of another character, on a part like the one that it hung on; as it is where there is none."""
    others = np.flatnonzero(stock.owners != whose)
    if not len(others):
        return plan
    grafts = [stock.grafts[k] for k in others]
    costs = np.stack([_unlike(part, stock.hosts)[others] for part in plan.parts], 1)
    at = np.array([graft.at for graft in grafts])
    for i in range(len(plan.parts)):
        places = np.array(_places(plan.joints, i))
        costs[:, i] += NEVER * (np.abs(at[:, None] - places) < TAKEN).any(1)
    costs[[graft.host is None for graft in grafts]] = FREE
    chosen, host = divmod(_drawn(costs.ravel(), generator), len(plan.parts))
    return grafted(plan, stock.grafts[others[chosen]], host)


def _places(joints: Sequence[Joint], i: int) -> list[float]:
    """Where a part meets others, as shares of its length."""
    return [each.at for each in joints if each.one == i] + [each.to for each in joints if each.other == i]


def _meets(joints: Sequence[Joint], i: int) -> tuple[int, int, int]:
    places = _places(joints, i)
    start, end = places.count(0.0), places.count(1.0)
    return start, end, len(places) - start - end


def _kinds(parts: Sequence[Part]) -> Kinds:
    length = np.array([max(part.length, 0.02) for part in parts])
    way = np.array([part.line[-1] - part.line[0] for part in parts]).reshape(-1, 2)
    return Kinds(length, way / length[:, None], np.array([len(part.line) == 1 for part in parts], bool))


def _unlike(one: Part, others: Kinds) -> Array:
    """How much others [n] differ from a part in length, in the way from start to end, and in being dots."""
    own = _kinds([one])
    longer, way = np.abs(np.log(own.length / others.length)), np.hypot(*(own.way - others.way).T)
    return np.where(own.dot | others.dot, np.where(own.dot & others.dot, 0.0, NEVER), LONGER * longer + AWAY * way)


def _drawn(costs: Array, generator: np.random.Generator) -> int:
    odds = np.exp(-0.5 * np.square((costs - costs.min()) / LIKE))
    return int(generator.choice(len(costs), p=odds / odds.sum()))


def _order(plan: Anatomy) -> list[int]:
    """The longest part first, then always the longest of those that meet parts that are there, then the others."""
    left, order = set(range(len(plan.parts))), []
    while left:
        tied = {i for each in plan.joints for i in (each.one, each.other) if {each.one, each.other} & set(order)}
        order.append(max(sorted(left), key=lambda i: (i in tied, plan.parts[i].length)))
        left.remove(order[-1])
    return order


def _fitting(
    plan: Anatomy,
    i: int,
    there: dict[int, Part],
    stock: Stock,
    whose: int,
    kept: float,
    generator: np.random.Generator,
) -> Part | None:
    """A part for place i, which meets what is there as the plan says, and nothing else."""
    ties, place = _ties(plan, i, there), plan.parts[i]
    others = np.minimum(np.abs(stock.meets - _meets(plan.joints, i)), 1).sum(1)
    costs = _unlike(place, stock.kinds) + MET * others + OWN * (stock.whose == whose)
    for tie in ties:
        if tie.smooth and tie.way is not None:
            costs = costs + BENT * (1 - stock.ways[int(tie.at)] @ tie.way)
    free = np.zeros(2) if ties else _free_place(plan, i, there)
    for tried in range(TRIES):
        own = tried == TRIES - 1 or generator.random() < kept
        part = place if own else stock.parts[_drawn(costs, generator)]
        made = fitted(part, place, ties, free, plan.pen, generator)
        if made is not None and is_clear(plan, i, made, there):
            return made._replace(follows=place.follows, smooth=place.smooth)
    return None


def _ties(plan: Anatomy, i: int, there: dict[int, Part]) -> list[Tie]:
    ties = []
    for each in plan.joints:
        at, to, other = (each.at, each.to, each.other) if each.one == i else (each.to, each.at, each.one)
        if i not in (each.one, each.other) or other not in there:
            continue
        goes_on = (at, to) in ((0.0, 1.0), (1.0, 0.0))
        smooth = goes_on and plan.parts[i if at == 0 else other].smooth
        ties.append(Tie(at, there[other].at(to), there[other].way(to) if goes_on else None, smooth))
    return ties


def _free_place(plan: Anatomy, i: int, there: dict[int, Part]) -> Array:
    """The middle of a part that meets none: where it is in the plan, relative to the box of what is there."""
    line = plan.parts[i].line
    wanted = (line.min(0) + line.max(0)) / 2
    if not there:
        return wanted
    old = np.concatenate([plan.parts[j].line for j in there])
    new = np.concatenate([part.line for part in there.values()])
    low, high = old.min(0), old.max(0)
    # Within the box its share of it stays the same, beyond it the distance.
    inside = np.clip(wanted, low, high)
    share = (inside - low) / np.maximum(high - low, 1e-6)
    return new.min(0) + share * np.ptp(new, axis=0) + wanted - inside


def _on_page(made: Anatomy, stock: Stock, whose: int) -> Anatomy | None:
    """The character about as large as what it began as, and where that is, within what all given ones take up."""
    points, like = _points(made), _points(stock.given[whose])
    extent, wanted = np.ptp(points, axis=0), float(np.ptp(like, axis=0).max())
    side = max(float(extent.max()), made.pen)
    size = float(np.clip(side, wanted / LARGER, wanted * LARGER)) / side
    size = min(size, float((np.ptp(stock.reach, axis=0) / np.maximum(extent, 1e-9)).min()))
    if not SCALES[0] <= size <= SCALES[1]:
        return None
    low, high = size * points.min(0), size * points.max(0)
    shift = (like.min(0) + like.max(0) - low - high) / 2
    shift = np.clip(shift, stock.reach[0] - low, stock.reach[1] - high)
    return made._replace(parts=tuple(moved(part, size * np.eye(2), shift) for part in made.parts))


def _points(one: Anatomy) -> Array:
    return np.concatenate([part.line for part in one.parts])
