"""Measuring the understanding: splits, models, metrics, plots, and the parts of `make evaluate`."""
