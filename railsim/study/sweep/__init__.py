"""Sweeps: many draws of one scenario, each on all cells of a grid, side by side."""
