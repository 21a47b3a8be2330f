"""Tests of `weiquan.reading`."""
