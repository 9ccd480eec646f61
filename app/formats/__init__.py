"""A program to and from something outside: one format a file, the only user of its library."""
