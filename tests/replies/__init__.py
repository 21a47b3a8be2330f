"""Tests of `weiquan.replies`."""
