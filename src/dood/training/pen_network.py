"""The walking network as it is learned; `tracing/walker.py` holds the same one in numpy, for drawing."""

import torch
from torch import Tensor, nn

__all__ = ["WalkNetwork"]


class WalkNetwork(nn.Module):
    """Log odds, up to a constant, of every run as the next one, with the pen down and with the pen lifted.

    A run's evidence is a sum: of itself, of the drawing as a whole, of every piece not drawn yet (as either run) and
    of every run
    drawn, each as seen from the run, and of the run drawn last. So a canvas that has grown by a run changes it by a
    sum.

    Arguments:
        own: features of a run by itself.
        pair: features of two runs.
        state: features of the walk so far.
        hidden: units of every layer.
    """

    def __init__(self, own: int, pair: int, state: int, hidden: int = 48) -> None:
        super().__init__()
        self.own = nn.Sequential(nn.Linear(own, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.whole = nn.Sequential(nn.Linear(own, hidden), nn.Tanh(), nn.Linear(hidden, hidden))
        self.left = nn.Sequential(nn.Linear(pair, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.drawn = nn.Sequential(nn.Linear(pair, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.last = nn.Sequential(nn.Linear(pair + state, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.score = nn.Sequential(nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))

    def forward(self, own: Tensor, pair: Tensor, drawn: Tensor, last: Tensor, state: Tensor) -> Tensor:
        """Scores [t, r, 2], lifted and down.

        Arguments:
            own: [r, f] of the runs.
            pair: [r, r, g], from each run (first) to each run gone before it or in its sight (second).
            drawn: [t, r] times that each run has been drawn before step t.
            last: [t] the run before step t; -1 at the first.
            state: [t, r, s] of the walk.
        """
        runs = len(own)
        base = self.own(own) + self.whole[2](self.whole[1](self.whole[0](own)).mean(0))
        left = self.left(pair)  # [r, r, h]
        left = (left[:, 0::2] + left[:, 1::2]) / 2  # of pieces
        gone = ((drawn[:, 0::2] + drawn[:, 1::2]) > 0).to(left.dtype)
        seen = torch.einsum("tp,rph->trh", 1 - gone, left)
        seen = seen + torch.einsum("tj,rjh->trh", drawn, self.drawn(pair))
        before = pair[:, last.clamp(min=0)].transpose(0, 1) * (last >= 0).to(pair.dtype)[:, None, None]
        pen = self.last(torch.cat([before, state], -1))
        assert pen.shape[1] == runs
        return self.score(base + seen / 4 + pen)
