"""Lists of numbers: their form, their rows, their files and the shelf."""
