"""One rule, one file: each module declares one `RULE`."""
