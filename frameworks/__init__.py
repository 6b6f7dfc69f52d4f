"""What good looks like: standards and quality frameworks as data, and their arithmetic."""
