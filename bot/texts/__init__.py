"""The catalogues: every sentence that people see and that is neither a procedure's nor a topic's."""
