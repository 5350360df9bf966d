"""What can go wrong on an AMI link, as a tree that says whose fault it was.

    AmiError
    |-- LocalError              we did it: a bug or a wrong request, refused before a byte was sent
    |   |-- HeaderInjection     a key or value holds CR, LF or NUL
    |   |-- ActionTooLong       Asterisk would cut or discard the action
    |   |-- IllegalMove         the session's state does not allow this
    |   |-- NotLinked           there is no live session to send it on
    |   |-- TooManyPending      the PBX owes us more answers than we are willing to await
    |   `-- Closed              we ended the session ourselves
    |-- RemoteError             the other side did it
    |   |-- NotAmi              something answers there, but it does not speak AMI
    |   |-- BannerMissing       it accepts connections and says nothing
    |   |-- ProtocolViolation   it spoke AMI and then broke its rules or our limits
    |   |-- LoginRefused        it does not want these credentials
    |   |-- LoginUnanswered     it said hello and then ignored the login
    |   |-- PongMissing         it stopped answering pings
    |   `-- Dismissed           it said good-bye or closed the connection
    `-- RoadError               neither: what lies between
        |-- Unreachable         no connection could be made
        |-- TlsRefused          the server could not prove who it is
        `-- LinkLost            an established connection broke

Not here: a refused action. That is a value (`session.Reply`), for it is ordinary. Its counterpart is
`session.py`, which makes most of these; `client.py` makes those of the road. Every text is one sentence for the
person who runs the floor: what happened, and what to do.
"""

from __future__ import annotations


class AmiError(Exception):
    """The root; never raised itself."""


class LocalError(AmiError):
    """Ours to mend."""


class HeaderInjection(LocalError):
    """AMI has no escaping, so a line end inside a value would be a header of its own, chosen by whoever typed it."""


class ActionTooLong(LocalError):
    """Asterisk reads 1,024 bytes a line and 128 headers a message, and discards what is longer."""


class IllegalMove(LocalError):
    """A method of the session was called in a state that has no such transition."""


class NotLinked(LocalError):
    """Nothing is kept for later: an action that is sent when the link is back would act on another floor."""


class TooManyPending(LocalError):
    """Back-pressure: wait for replies before asking for more."""


class Closed(LocalError):
    """Not a fault: the end that every session has when the program stops."""


class RemoteError(AmiError):
    """The PBX's (or whatever listens in its place) to mend."""


class NotAmi(RemoteError):
    """Another service's greeting, as of SSH or HTTP."""


class BannerMissing(RemoteError):
    """Often a TLS port spoken to in clear, or a wrong port."""


class ProtocolViolation(RemoteError):
    """A limit of `codec.Limits` was broken."""


class LoginRefused(RemoteError):
    """Wrong account or secret, no right from this address, or the account is in use."""


class LoginUnanswered(RemoteError):
    """No answer to Challenge or Login in time."""


class PongMissing(RemoteError):
    """Asterisk or the machine under it hangs; events may have been lost since its last sign of life."""


class Dismissed(RemoteError):
    """Asterisk closed the session: shutting down, or we read too slowly for its `writetimeout`."""


class RoadError(AmiError):
    """The network's, or nobody's."""


class Unreachable(RoadError):
    """Refused, timed out, or no such host."""


class TlsRefused(RoadError):
    """Its certificate does not match the configured authority or name."""


class LinkLost(RoadError):
    """Reset or broken in the middle."""
