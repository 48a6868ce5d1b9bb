"""The generative model of drawings (paper 2.1), its recognition model (2.2), ablations and baselines."""
