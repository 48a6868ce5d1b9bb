"""Export what the shipped models do to graphs without weights, which onnxruntime runs with those of any model file.

python scripts/make_graphs.py

Writes step.onnx and so on beside the weights, and graphs.json: the configuration that they are for, and the names and
shapes of the weights that each takes. All shipped models have one configuration, so one set of graphs serves them all.
Takes half a minute; to be run again when a function of `dood.inference.graphs` computes something else.
"""

import dataclasses
import json
import math
import warnings
from pathlib import Path
from typing import Any

import onnx
import onnx_ir
import onnxscript.optimizer
import torch
from torch import Tensor, nn

from dood.checkpoints import checkpoint
from dood.engines.runtime import LISTING, STARTS
from dood.files import atomic_write, make_folder
from dood.inference.graphs import Draw, Judge, PriorStep, Step
from dood.models.dood import DooD
from dood.models.priors.expost import ExPostPrior

GRAPHS = Path(__file__).parents[1] / "src" / "dood" / "weights" / "graphs"
BATCH, STROKES = 3, 7
"""Sizes of the examples: those axes are free in the graphs. No other axis is as long."""


def main() -> None:
    """Export the graphs of models with the configuration of `all`, and of a critic."""
    warnings.simplefilter("ignore")
    model = DooD(dataclasses.replace(checkpoint.load("all").config, critic=True)).eval().requires_grad_(False)
    scramble(model)
    folder = make_folder(GRAPHS)
    weights = {}
    for name, (function, inputs, outputs) in graphs(model).items():
        graph = exported(function, inputs, outputs)
        weights[name] = strip(graph, model)
        with atomic_write(folder / f"{name}.onnx") as file:
            file.write(graph.SerializeToString(deterministic=True))
        print(f"{name}: {len(graph.graph.node)} nodes, {(folder / f'{name}.onnx').stat().st_size / 1e3:.0f} kB")
    # What sampling begins with is no part of a step.
    for name in STARTS:
        weights["prior"][name] = list(model.state_dict()[name].shape)
    listing = {"config": dataclasses.asdict(model.config), "weights": weights}
    with atomic_write(folder / LISTING) as file:
        file.write(json.dumps(listing, indent=1).encode() + b"\n")


def scramble(model: DooD) -> None:
    """Fill the model with random numbers: the exporter merges weights that are equal, and must not meet any."""
    generator = torch.Generator().manual_seed(0)
    for value in model.state_dict().values():
        value.copy_(torch.rand(value.shape, generator=generator) + 0.5)


Free = dict[str, tuple[Tensor, int]]
"""Example inputs by name, no two the same tensor, and how many of their first axes are free (-1: the second alone)."""


def graphs(model: DooD) -> dict[str, tuple[Any, Free, list[str]]]:
    """Functions, their inputs and the names of their outputs, by the name of the graph."""
    side, hidden, (layout, stroke) = model.config.resolution, model.config.hidden, model.widths
    numbers, prior = layout + stroke, model.prior
    assert isinstance(prior, ExPostPrior)
    images, ink = ((torch.rand(BATCH, side, side), 1) for _ in range(2))
    drawn = {
        "layout": (torch.rand(BATCH, STROKES, layout), 2),
        "stroke": (torch.rand(BATCH, STROKES, stroke), 2),
    }
    step: Free = {
        "images": images,
        "ink": ink,
        "layout_state": (torch.rand(BATCH, hidden), 1),
        "stroke_state": (torch.rand(BATCH, hidden), 1),
        "layout": (torch.rand(BATCH, layout), 1),
        "stroke": (torch.rand(BATCH, stroke), 1),
        "noise": (torch.rand(BATCH, numbers), 1),
    }
    state = torch.rand(prior.rnn.num_layers, BATCH, prior.rnn.hidden_size)
    sample: Free = {
        "entries": (torch.arange(BATCH), 1),
        "previous": (torch.rand_like(prior.beginning(BATCH)), 1),
        "state": (state, -1),
        "pick": (torch.rand(BATCH, numbers), 1),
        "noise": (torch.rand(BATCH, numbers), 1),
    }
    return {
        "step": (Step(model), step, ["on", "layout", "stroke", "layout_state", "stroke_state", "ink"]),
        "prior": (PriorStep(model), sample, ["on", "layout", "stroke", "previous", "state"]),
        "critic": (Judge(model), {"canvases": (torch.rand(BATCH, side, side), 1)}, ["ratio"]),
        "draw": (Draw(model), drawn, ["points", "radius", "ink"]),
    }


def power_of_two(exponent: Any) -> Any:
    """2 to that: by Exp, for which onnxruntime takes a twentieth of the time of Pow, the exporter's own choice."""
    op: Any = onnxscript.opset18
    return op.Exp(op.Mul(exponent, math.log(2)))


def exported(module: nn.Module, inputs: Free, outputs: list[str]) -> onnx.ModelProto:
    """The graph of a module, with constants computed as far as no weight is in them."""
    axes = [torch.export.Dim("b"), torch.export.Dim("t")]
    shapes = tuple(
        {1: axes[0]} if free < 0 else {axis: axes[axis] for axis in range(free)} for _, free in inputs.values()
    )
    values = tuple(value for value, _ in inputs.values())
    with torch.no_grad():
        module(*values)  # tables are made, before tracing begins
        program = torch.export.export(module.eval(), values, dynamic_shapes=shapes, strict=False)
        made = torch.onnx.export(
            program,
            values,
            dynamo=True,
            custom_translation_table={torch.ops.aten.exp2.default: power_of_two},
            optimize=False,
            verbose=False,
            input_names=list(inputs),
            output_names=[f"next_{name}" if name in inputs else name for name in outputs],
        )
    assert made is not None
    weights = {name for name in made.model.graph.initializers if name.startswith("model.")}
    onnxscript.optimizer.optimize_ir(
        made.model,
        should_fold=lambda node: False if any(each and each.name in weights for each in node.inputs) else None,
    )
    return onnx_ir.to_proto(made.model)


def strip(proto: onnx.ModelProto, model: DooD) -> dict[str, list[int]]:
    """Take the weights out of a graph, which names them as a model file does; return their shapes."""
    state, names = model.state_dict(), {}
    for tensor in proto.graph.initializer:
        name = tensor.name.removeprefix("model.")
        if name in state:
            names[tensor.name] = name
            dims = list(tensor.dims)
            assert dims == list(state[name].shape)
            tensor.CopyFrom(absent(name, dims))
        assert name in state or math.prod(tensor.dims) < 5000, f"{tensor.name} {list(tensor.dims)} is no weight"
    for node in proto.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
        node.input[:] = [names.get(name, name) for name in node.input]
    for value in (*proto.graph.input, *proto.graph.output):
        value.ClearField("metadata_props")
    proto.graph.ClearField("value_info")
    proto.graph.ClearField("metadata_props")
    return {name: list(state[name].shape) for name in sorted(names.values())}


def absent(name: str, dims: list[int]) -> onnx.TensorProto:
    """A weight that is to be given when the graph is loaded."""
    tensor = onnx.TensorProto(name=name, dims=dims, data_type=onnx.TensorProto.FLOAT)
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", "weights"), ("offset", "0"), ("length", str(4 * math.prod(dims)))):
        tensor.external_data.add(key=key, value=value)
    return tensor


if __name__ == "__main__":
    main()
