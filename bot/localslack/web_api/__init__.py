"""The Web API: one table of methods, one endpoint that checks tokens and scopes before any of them runs."""
