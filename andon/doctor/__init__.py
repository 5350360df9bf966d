"""`andon doctor`: what works between this machine, its PBXs and its servers, what does not, and what to type.

`run.py` asks everything side by side and prints; `look_*.py` ask (sockets, files), `judge_*.py` say what the answers mean.
It changes nothing: on a PBX it sets one global variable of ours, the fence, exactly as the adapter does at each log-in.
Not `andon check`, which reads files and connects to nothing.
"""
