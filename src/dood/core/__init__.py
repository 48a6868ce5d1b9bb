"""The maths below the models: Bezier curves, stroke renderer, distributions, small networks. Needs torch alone."""
