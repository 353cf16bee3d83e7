"""What is printed: slips, lists, receipts and cards as PDF. Pure: frozen data in, bytes out; no models."""
