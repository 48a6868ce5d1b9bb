"""Branches of characters: what hangs on one place of a part, or on nothing; characters with a branch less or more."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dood.concepts.anatomy import Anatomy, Joint, Part, moved

__all__ = ["Graft", "grafted", "grafts_of", "prunable", "pruned"]


class Graft(NamedTuple):
    """A branch of a character, and the part that it hangs on.

    Attributes:
        parts, joints: of the branch; joints by the places of its parts in it.
        host: the part that it hangs on; None for one that meets nothing.
        foot: the part of the branch that meets the host.
        at: where on the host, as a share of its length.
        to: where on the foot.
    """

    parts: tuple[Part, ...]
    joints: tuple[Joint, ...]
    host: Part | None
    foot: int
    at: float
    to: float


def grafts_of(one: Anatomy) -> list[Graft]:
    """All branches: parts that hang together when a part is taken out, and meet it at one place; and bodies, where a
    character has several."""
    found = []
    for host, branch, joint in _branches(one):
        at, to, foot = (joint.at, joint.to, joint.other) if joint.one == host else (joint.to, joint.at, joint.one)
        found.append(Graft(*_some(one, branch), one.parts[host], sorted(branch).index(foot), at, to))
    return found + [Graft(*_some(one, body), None, 0, 0.0, 0.0) for body in _bodies(one)]


def prunable(one: Anatomy) -> list[list[int]]:
    """The parts of each branch and body that can be left out, at most half of the character."""
    whole = sum(part.length for part in one.parts)
    branches = [branch for _, branch, _ in _branches(one)] + _bodies(one)
    return [branch for branch in branches if sum(one.parts[i].length for i in branch) <= whole / 2]


def pruned(one: Anatomy, branch: Sequence[int]) -> Anatomy:
    """The character without the parts of a branch."""
    return Anatomy(*_some(one, [i for i in range(len(one.parts)) if i not in branch]), one.pen)


def grafted(one: Anatomy, graft: Graft, host: int) -> Anatomy:
    """The character with a branch more, on its part `host` or, if it hangs on nothing, where it was on its page."""
    count, shift = len(one.parts), np.zeros(2)
    ties: tuple[Joint, ...] = ()
    if graft.host is not None:
        shift = one.parts[host].at(graft.at) - graft.parts[graft.foot].at(graft.to)
        ties = (Joint(host, count + graft.foot, graft.at, graft.to),)
    parts = tuple(moved(part, np.eye(2), shift) for part in graft.parts)
    joints = tuple(Joint(each.one + count, each.other + count, each.at, each.to) for each in graft.joints)
    return Anatomy(one.parts + parts, (*one.joints, *joints, *ties), one.pen)


def _branches(one: Anatomy) -> list[tuple[int, list[int], Joint]]:
    """Hosts, the parts of their branches, and where the two meet."""
    found = []
    for host in range(len(one.parts)):
        others = [i for i in range(len(one.parts)) if i != host]
        for branch in _together(others, one.joints):
            ties = [
                each
                for each in one.joints
                if (each.one == host and each.other in branch) or (each.other == host and each.one in branch)
            ]
            if len(ties) == 1:
                found.append((host, branch, ties[0]))
    return found


def _bodies(one: Anatomy) -> list[list[int]]:
    """The parts of each body of a character that has more than one."""
    bodies = _together(range(len(one.parts)), one.joints)
    return bodies if len(bodies) > 1 else []


def _some(one: Anatomy, kept: Sequence[int]) -> tuple[tuple[Part, ...], tuple[Joint, ...]]:
    """Some of the parts, in order, and the joints among them; a part whose part before is gone follows none."""
    kept = sorted(kept)
    place = {i: k for k, i in enumerate(kept)}
    parts = (one.parts[i] if i - 1 in place else one.parts[i]._replace(follows=False, smooth=False) for i in kept)
    joints = (
        Joint(place[each.one], place[each.other], each.at, each.to)
        for each in one.joints
        if each.one in place and each.other in place
    )
    return tuple(parts), tuple(joints)


def _together(parts: Sequence[int], joints: Sequence[Joint]) -> list[list[int]]:
    """Parts in groups that hang together by joints among them."""
    if not parts:
        return []
    place = {i: k for k, i in enumerate(parts)}
    links = [(place[each.one], place[each.other]) for each in joints if each.one in place and each.other in place]
    rows, columns = np.array(links, int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(parts), len(parts)))
    count, group = connected_components(graph, directed=False)
    return [[parts[i] for i in np.flatnonzero(group == k).tolist()] for k in range(count)]
