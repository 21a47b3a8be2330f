"""Tests of `weiquan.facts`."""
