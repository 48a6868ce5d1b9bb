"""Speed and memory on fixed workloads: `python -m benchmarks [NAME ...]`. Each module measures one thing with `run()`."""
