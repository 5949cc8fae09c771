"""The recorded contract and its checker."""
