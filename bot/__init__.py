"""What the Rasa server itself loads: language understanding, safety policy, words, channel, tracker store.

Python 3.10 only, because Rasa 3.6 is. Nothing here imports another package of this repository: the only things
shared with the rest are the compiled catalogues under `locales/` and `contacts.json` in the data directory.
"""
