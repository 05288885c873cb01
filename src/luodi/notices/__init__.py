"""What people should know, and telling them: one notice per matter in each person's inbox, an outbox for what leaves the house. Not facts."""
