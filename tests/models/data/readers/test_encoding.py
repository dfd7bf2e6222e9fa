import pytest

from models.data.readers.encoding import decode

SIMPLIFIED = "编号,年龄,性别,分期,随访时间_月\n1,53,男,II期,12,死亡\n2,61,女,I期,40,存活\n"
TRADITIONAL = (
    "編號,年齡,性別,分期,追蹤時間_月,存活狀態\n1,53,男,II期,12,死亡\n2,61,女,I期,40,存活\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        ("年龄,死亡\n50,是\n60,否\n", "gbk"),
        (TRADITIONAL, "big5"),
        ("Größe,Übergewicht,Ärztin\n1.80,ja,Jürgen Müller\n1.70,nein,Käthe Böß\n", "cp1252"),
        ("Ärzte,Ämter,Ähnlich\nÄrmel,Äste,Äcker\n", "cp1252"),
        ("возраст,пол,умер\n50,муж,да\n60,жен,нет\n", "cp1251"),
    ],
)
def test_text_in_older_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x.csv")[0] == text
