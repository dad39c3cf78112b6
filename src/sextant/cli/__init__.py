"""The command line for analysts and integrators."""
