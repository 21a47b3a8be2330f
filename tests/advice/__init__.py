"""Tests of `weiquan.advice`."""
