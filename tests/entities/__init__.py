"""Tests of `weiquan.language.entities`."""
