"""What is served now: the clock, the current revision in memory, and rendered responses."""
