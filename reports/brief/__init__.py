"""The brief: two pages in Word, in the layout of an official document."""
