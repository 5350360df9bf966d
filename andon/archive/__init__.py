"""`andon recordings`: one file a subject, one verb a line of `verbs.VERBS`.

verbs        which verbs there are, what may stand behind each, its options and an example
command      the form of the options, and the helps
opened       the catalogue, vaults and keys of these settings, for commands and roles
finding, proving, keeping, disposing, burning, judging     what the verbs do
"""
