"""The frab/Pentabarf schedule, as XML and as JSON."""
