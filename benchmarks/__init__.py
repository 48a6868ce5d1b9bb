"""Speed and memory on fixed workloads (`python -m benchmarks [NAME ...]`); a module measures one thing with `run()`."""
