"""The program folder: read, checked, written and updated."""
