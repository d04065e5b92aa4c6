"""Understanding in a process of its own: half a millisecond of computing a message, in which nobody else is served."""
