"""What makes deleted conversations unreadable: a key of its own for each, wrapped by a key that changes twice an hour.

Both the gateway and the Rasa server load it: good for Python 3.10 and for SQLAlchemy 1.4 and 2, and nothing of either server in it.
docs/decisions/0016 says why it is so.
"""
