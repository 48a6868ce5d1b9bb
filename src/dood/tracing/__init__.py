"""The pen behind any picture: ink to graph, joints, strokes, splines and order. Needs no torch."""
