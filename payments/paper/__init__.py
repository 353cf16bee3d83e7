"""What is printed: slips, lists, receipts and cards as PDF. Pure: frozen data in, bytes out; no models.

Paper goes to households and hangs at a counter, so it is in Vietnamese whichever language the person at the desk has
chosen; its words therefore stand here as they are, and not in the catalogue of translations.
"""
