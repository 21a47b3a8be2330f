"""Tests of `weiquan.language`."""
