"""The pen behind any picture: ink to graph, joints, strokes, splines and order. Needs numpy, scipy, scikit-image; no torch."""
