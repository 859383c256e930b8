"""Free text understood once: what it says of the case, said back in one list, kept apart until it is confirmed."""
