"""The words of the step language: values, conditions and days."""
