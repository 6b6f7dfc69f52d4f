"""Who somebody is: passwords, second factors, sessions, invitations and resets."""
