"""The folder of a training run: its metrics log, a list of runs and their comparison. Needs no torch."""
