//! Serial consoles of machines: one line to a BMC, shared by any number of people.
