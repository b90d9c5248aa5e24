"""What engines read and write: the plan, the draws, the trajectory."""
