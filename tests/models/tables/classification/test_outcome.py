import pandas as pd
import pytest

from models.tables.classification.outcome import positive_class


@pytest.mark.parametrize(
    ("commoner", "rarer", "positive"),
    [
        ("malignant", "benign", "malignant"),
        ("dead", "alive", "dead"),
        ("case", "control", "case"),
        ("Positive", "Negative", "Positive"),
        ("disease", "no disease", "disease"),
        ("pneumonia", "normal", "pneumonia"),
        ("恶性", "良性", "恶性"),
        ("benign", "malignant", "malignant"),
        ("responder", "non-responder", "responder"),
        ("A", "B", "B"),
        ("yes", "no", "yes"),
    ],
)
def test_positive_is_what_is_found_however_common(commoner: str, rarer: str, positive: str) -> None:
    assert positive_class(pd.Series([commoner] * 30 + [rarer] * 10)) == positive
