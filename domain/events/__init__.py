"""Events: what happened, recorded in the transaction of the change, and numbered in the journal of the account."""
