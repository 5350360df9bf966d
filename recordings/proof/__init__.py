"""The proof: a log that can only grow, and what anybody can check with it.

entries      what an entry says in public, and what only its digest says
merkle       the tree of RFC 6962: roots, inclusion, consistency (pure)
note         signed checkpoints (pure)
bundle       what `andon recordings prove` writes
verify_bundle   the verifier that we ship: the standard library alone, to be read by whoever does not trust us
"""
