"""What stands in a text as a closed form: numerals, money, dates, durations, holidays; and the remedies wanted.

Of what a date or an amount is, is decided in `reading`; single identifiers and their masking stand beside this package.
"""
