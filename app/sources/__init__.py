"""Where programs come from: sources are read, remembered in the folder of their program, and followed."""
