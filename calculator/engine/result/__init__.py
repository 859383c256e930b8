"""What is handed out: the estimate as a document, the next questions, the sentences."""
