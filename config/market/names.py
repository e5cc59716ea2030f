"""Names for people and firms of the market. Pure."""

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = (
    *("秀英", "伟", "敏", "建国", "丽华", "强", "静", "志明", "玉兰", "磊", "洋", "晓东", "艳", "勇", "杰"),
    *("桂芳", "涛", "明", "超", "春梅", "霞", "平", "刚", "文博", "子轩", "雨桐", "海燕", "国庆", "佳", "小龙"),
)


def person_name(number: int) -> str:
    """A full name, another one for each number; from 600 on they bear a number."""
    surname = number % len(SURNAMES)
    given = (number // len(SURNAMES) + surname) % len(GIVEN)
    again = number // (len(SURNAMES) * len(GIVEN))
    return f"{SURNAMES[surname]}{GIVEN[given]}{again + 1 if again else ''}"
