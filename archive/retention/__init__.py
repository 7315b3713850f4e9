"""How long what is kept: pure values in, dates out."""
