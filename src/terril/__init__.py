"""Terril."""
