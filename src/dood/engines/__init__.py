"""A model at work, numpy in and numpy out: by onnxruntime, which every installation has, or by torch."""
