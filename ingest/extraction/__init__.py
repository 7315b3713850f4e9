"""Pages to readings, readings to a draft. Pure."""
