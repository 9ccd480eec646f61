"""codeml-agenda: a conference day, live."""
