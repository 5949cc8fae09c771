"""Random walks of nodes through their lives, taken on the real Ironic and on our server at once."""
