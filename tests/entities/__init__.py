"""Tests of `weiquan.entities`."""
