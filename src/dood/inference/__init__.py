"""From a model and images to latents: objectives, bounds, parsing, and posteriors fitted to each image."""
