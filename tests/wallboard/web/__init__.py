"""The pages in a browser and their models in Node; `site.py` serves them with a board that does what a test says."""
