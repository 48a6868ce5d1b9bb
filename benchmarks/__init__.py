"""Speed and memory on fixed workloads: `python -m benchmarks [NAME ...]`; each module measures one thing with `run()`."""
