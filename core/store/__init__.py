"""What is kept: projects, corpora, runs with their traces, and every decision of every reviewer."""
