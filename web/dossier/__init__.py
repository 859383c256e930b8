"""The claim dossier: what a lawyer can file from, as PDF, as a text document, and its days as a calendar."""
