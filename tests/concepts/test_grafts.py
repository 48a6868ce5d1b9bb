"""Branches of characters."""

import pytest

from dood.concepts.anatomy import anatomy_of
from dood.concepts.grafts import grafted, grafts_of, prunable, pruned
from tests.concepts.glyphs import drawing, line

STEM = line((20, 10), (20, 90))
FLAG = anatomy_of(drawing(STEM, line((20, 30), (60, 30), (60, 50))))


def test_a_branch_is_all_that_hangs_on_one_place() -> None:
    on_stem = [graft for graft in grafts_of(FLAG) if graft.host is FLAG.parts[0]]
    (graft,) = on_stem
    assert (len(graft.parts), len(graft.joints), graft.foot, graft.to) == (2, 1, 0, 0.0)
    assert graft.at == pytest.approx(0.25, abs=0.02)


def test_a_graft_meets_its_new_host_where_it_met_the_old_one() -> None:
    bar = anatomy_of(drawing(line((10, 70), (90, 70))))
    graft = next(graft for graft in grafts_of(FLAG) if graft.host is FLAG.parts[0])
    made = grafted(bar, graft, 0)
    assert len(made.parts) == 3
    joint = made.joints[-1]
    assert made.parts[joint.one].at(joint.at) == pytest.approx(made.parts[joint.other].at(joint.to))
    assert made.parts[1].line[0] == pytest.approx([0.3, 0.7], abs=0.01)


def test_a_body_that_hangs_on_nothing_is_a_branch_too() -> None:
    two = anatomy_of(drawing(STEM, line((50, 20), (50, 40))))
    assert [graft.host for graft in grafts_of(two)] == [None, None]
    made = grafted(anatomy_of(drawing(line((10, 70), (90, 70)))), grafts_of(two)[1], 0)
    assert made.parts[1].line[0] == pytest.approx([0.5, 0.2])
    assert not made.joints


def test_pruning_takes_a_branch_of_at_most_half_and_nothing_from_what_has_none() -> None:
    for branch in prunable(FLAG):
        left = pruned(FLAG, branch)
        assert len(left.parts) == 3 - len(branch)
        assert sum(part.length for part in left.parts) >= 0.7
        assert all(max(joint[:2]) < len(left.parts) for joint in left.joints)
    assert prunable(FLAG)
    ring = anatomy_of(drawing(line((20, 20), (80, 20), (80, 80), (20, 20))))
    assert prunable(ring) == []
