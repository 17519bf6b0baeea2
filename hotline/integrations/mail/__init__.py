"""Mail: what comes into a mailbox becomes inquiries and messages, and what agents answer is sent."""
