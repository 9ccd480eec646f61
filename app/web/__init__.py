"""Flask blueprints. A view parses, asks and renders; it has no logic of its own."""
