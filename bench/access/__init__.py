"""What access costs in an account with very many grants, and what deciding costs."""
