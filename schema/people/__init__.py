"""The schema of people: members, invitations, teams, custom roles and what can be given."""
