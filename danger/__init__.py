"""The last line of defence, shared by the gateway and Rasa: a table of finished sentences, and a look for danger by letters alone.

It needs nothing else to be alive: no database, no model, no other package of ours, and only Python's own library.
"""
