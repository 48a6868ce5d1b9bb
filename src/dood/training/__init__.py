"""From image sets to weights: one loop, its batches, schedules, recipes, processes; the prior learned afterwards."""
