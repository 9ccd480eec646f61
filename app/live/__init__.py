"""What is served now: the clock, the current revision in memory, the fan-out to readers."""
