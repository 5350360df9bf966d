"""Vaults: where containers lie, once or twice. They hold and decide nothing.

port           what a vault can do, its troubles, how containers are named (pure)
folder         one that is a folder
opening        a container from whichever vault has it whole
fixity         each copy read and compared on schedule, repaired from the other
"""
