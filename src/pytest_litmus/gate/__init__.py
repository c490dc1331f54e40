"""Gate: stored reports decided by a policy, without a model call."""
