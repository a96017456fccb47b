"""The forms of sign-in, in our words; settings name each by its path."""
