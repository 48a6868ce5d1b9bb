"""Pictures of drawings and of measurements."""
