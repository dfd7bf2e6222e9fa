"""Check digits of identifiers."""

import re


def is_card(text: str) -> bool:
    """Tells whether the digits pass the Luhn check of payment cards (ISO/IEC 7812)."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [2 * d - 9 * (d > 4) if i % 2 else d for i, d in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Tells whether a text passes the modulo-97 check of bank accounts (ISO 13616)."""
    plain = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain):
        return False
    number = "".join(str(int(character, 36)) for character in plain[4:] + plain[:4])
    return int(number) % 97 == 1


def is_nhs_number(text: str) -> bool:
    """Tells whether ten digits pass the modulo-11 check of NHS numbers."""
    digits = [int(character) for character in text if character.isdigit()]
    if len(digits) != 10:
        return False
    weighted = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - weighted % 11) % 11 == digits[9]
