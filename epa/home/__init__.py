"""What needs me: each role's landing page, above every feature that has something to do."""
