"""What `make evaluate` and `make experiment` share: splits, models, figures, plots."""
