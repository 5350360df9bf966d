"""What an agent's phone is told when it dials a code: logging in and out, a break, back, here. Words are Asterisk's own sounds.

    codes    why not, as a number that can be spoken
    sounds   what is heard, as commands
    caller   who calls, by the floor, never by caller id
    script   the form of a dialogue: a generator of steps, driven without any socket in the tests
    dialogues   the dialogues
    desk     the shell: drives them, asks the engine, looks at the floor; its `routes()` go into the server's table

Not the protocol (`agi/fastagi/`), not the deciding (the engine, as for every other road in). docs/phone.md is the page for people.
"""
