"""Tests of `weiquan.papers`."""
