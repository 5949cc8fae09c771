"""The programs that suites run against: ours, the real Ironic, databases, a broker, BMCs.

Each function starts one on the loopback address and returns an object that
says where it listens; `runner.processes` stops them.
"""
