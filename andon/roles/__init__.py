"""What each process does, once it has its settings: one module a role, each with `async def run(work)`.

Thin: a role's parts, put together; the parts do the work. Not the process around it (`andon/child.py`) and not who starts it
(`andon/up.py`, `andon/demo.py`). A role runs until `work.stop`; it raises RoleRefused where starting again would be no use, and
dies of everything else. A process imports its own role only: five processes that each hold all of Andon would cost 100 MB.
"""
