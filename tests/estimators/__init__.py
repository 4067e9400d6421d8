"""Tests of core/estimators."""
