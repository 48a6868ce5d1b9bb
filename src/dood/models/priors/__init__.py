"""Priors over drawings: the learned ones, the fixed one, and their parts."""
