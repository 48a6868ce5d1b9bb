"""The pen behind any picture: ink to graph, joints, strokes, splines and order. Needs no torch.

The way of a picture: `drawings` hands its ink to `trace`, which makes a `work` image, a `mask` of it and the `graph` of
its centre lines, in which `fills` have whole rims. `linking` makes strokes of branches, by the hand rules of `joints`
and `chains` or as people draw, by the `walker` (`parts`, `pieces`, `moves`, `habits`, `state`, `walking`). They become
chains of cubics by `tips`, `smoothing` and `splines`, which `refinement` lays on the `outline` of the ink; what a
recogniser sees in the `residual` is added; `order` arranges what has no order yet, and `report` says how well ink and
strokes agree.
"""
