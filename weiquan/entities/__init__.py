"""What stands in a text as a closed form: numerals, money, dates, durations, holidays, remedies and steps.

Of what a date or an amount is, is decided in `reading`; single identifiers and their masking are `language`.
"""
