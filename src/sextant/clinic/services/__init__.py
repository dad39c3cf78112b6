"""Everything that writes: one service call is one transaction with the facts, the answer and the audit entry in it."""
