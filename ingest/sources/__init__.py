"""Where documents come from, and the inbox that accepts them durably."""
