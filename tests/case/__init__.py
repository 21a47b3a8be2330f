"""Tests of `weiquan.case`."""
