"""The board from outside: a real server, real websockets, a follower and a renderer that are ours."""
