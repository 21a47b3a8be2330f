"""The parts of `make experiment`: the pipelines to compare, their trials, and the report."""
