"""FastAGI: its wire format, its session, and its server over real sockets."""
