"""A PBX's folder of recordings: what is in it, what of that is complete, and what is harmless to open.

found     words: a file as a sweep saw it, and the bounds (pure)
pairing   which files are one recording, and how two of them are kept as one (pure)
waiting   when a file is complete (pure)
sweep     walking the folder, opening and removing files in it without following anything
watching  hearing of files that were closed, where the system tells (Linux)
"""
