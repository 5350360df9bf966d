"""The archive of recordings: catalogue, seal, vault, retention, holds, disposal, discs, quality.

Empty so far: what a recording is starts with `realtime/facts.py` (RecordingBegan, RecordingEnded).
"""
