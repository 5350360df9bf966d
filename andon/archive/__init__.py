"""`andon recordings`: one file a subject, one verb a line of `command.VERBS`.

command      which verbs there are, and their options
opened       the catalogue, vaults and keys of these settings, for commands and roles
finding, proving, keeping, disposing, burning, judging     what the verbs do
"""
