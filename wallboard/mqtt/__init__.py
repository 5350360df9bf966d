"""Boards that are no browsers: the floor as retained messages on an MQTT broker. `docs/mqtt.md` is for who builds one.

`topics.py` and `payloads.py` say what there is, `outbox.py` how often, `publisher.py` what must be said again, `broker.py` where; all
pure. `client.py` is the shell. Not a way in: nothing that comes from a broker changes anything here, but where the settings let it
stop dialling (`stopping.py`).
"""
