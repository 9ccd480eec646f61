"""The commands of `agenda`, one file per topic."""
