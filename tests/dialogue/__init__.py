"""Tests of `weiquan.dialogue`."""
