"""The server measured beside the real Ironic."""
