"""Reading YAML, and with it the files of `data/`.

What is wrong with a file of `data/` is a Chinese sentence for the editor.
"""

from __future__ import annotations

import pathlib
import re
from typing import Any, Callable, Mapping, Optional, Tuple, Type, TypeVar

import yaml
from pydantic import ValidationError

T = TypeVar("T")

# libyaml's parser is many times as fast; a PyYAML built without it has the slow one alone.
_LOADER: Type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_OF_SCHEMA = {
    "value_error.missing": "没有写，这一项必须有",
    "value_error.extra": "没有这一项，看看是不是拼错了",
    "type_error.none.not_allowed": "不能空着",
    "type_error.str": "要写成一段文字（只有数字的加引号）",
    "type_error.integer": "要写整数",
    "type_error.float": "要写数字",
    "type_error.bool": "要写 true 或 false",
    "value_error.strictbool": "要写 true 或 false",
    "type_error.tuple": "要写成列表，如 [一, 二]",
    "type_error.list": "要写成列表，如 [一, 二]",
    "type_error.dict": "要写成「名称: 值」",
    "value_error.date": "要写日期，如 2026-11-01",
    "type_error.date": "要写日期，如 2026-11-01",
    "value_error.any_str.max_length": "最多 {limit_value} 个字",
    "value_error.any_str.min_length": "至少 {limit_value} 个字",
    "value_error.number.not_gt": "要大于 {limit_value}",
    "value_error.number.not_ge": "不能小于 {limit_value}",
    "value_error.number.not_lt": "要小于 {limit_value}",
    "value_error.number.not_le": "不能大于 {limit_value}",
}
"""Kind of a problem of pydantic -> what an editor is told; what is not here is our own, or too rare."""
_CHOICE = re.compile(r"\^\(([\w|]+)\)\$")


class DataError(ValueError):
    """A file of `data/` is unusable: «interview.yml: 原因»."""


def reason_of(problem: Mapping[str, Any]) -> str:
    """Return in Chinese what is wrong; `problem` is one of those that a `ValidationError` of pydantic holds."""
    kind, more = problem["type"], problem.get("ctx", {})
    if kind == "value_error.str.regex":
        choice = _CHOICE.fullmatch(more["pattern"])
        return f"只能是 {'、'.join(choice[1].split('|'))}" if choice else f"写法要合 {more['pattern']}"
    if kind == "type_error.enum":
        return f"只能是 {'、'.join(str(value.value) for value in more['enum_values'])}"
    return _OF_SCHEMA[kind].format(**more) if kind in _OF_SCHEMA else str(problem["msg"])


def read_yaml(text: str) -> Tuple[Any, Optional[yaml.Node]]:
    """Return the data of the YAML document `text`, and the nodes that it was built from, which know their lines.

    Of an empty text both are None. Raises `yaml.YAMLError`.
    """
    try:
        return _read_yaml(text, _LOADER)
    except yaml.YAMLError:
        if _LOADER is yaml.SafeLoader:
            raise
        # libyaml words mistakes otherwise and may blame another line: what an editor reads is the same everywhere.
        return _read_yaml(text, yaml.SafeLoader)


def _read_yaml(text: str, kind: Type[yaml.SafeLoader]) -> Tuple[Any, Optional[yaml.Node]]:
    loader = kind(text)
    try:
        node = loader.get_single_node()
        return (None if node is None else loader.construct_document(node)), node
    finally:
        loader.dispose()


def read_data(path: pathlib.Path, take: Callable[[Any], T]) -> T:
    """Return what `take` makes of the content of the YAML file `path`.

    Raises `DataError` with the name of the file and the reason where it cannot
    be read, or where `take` does: on a missing key, a wrong value or a pattern
    that does not compile.
    """
    try:
        return take(read_yaml(path.read_text(encoding="utf-8"))[0])
    except FileNotFoundError:
        reason = "文件不存在"
    except UnicodeDecodeError:
        reason = "不是 UTF-8 编码"
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行" if mark else ""
        reason = f"{place} YAML 写法有误（{getattr(error, 'problem', error)}）".strip()
    except ValidationError as error:
        reason = "写法有误：" + "；".join(
            f"{'.'.join(str(part) for part in problem['loc'])}：{reason_of(problem)}" for problem in error.errors()
        )
    except re.error as error:
        reason = f"「{error.pattern!s}」不是合法的正则（{error}）"
    except KeyError as error:
        reason = f"缺少「{error.args[0]}」"
    except DataError as error:
        reason = str(error)
    except (AttributeError, TypeError, ValueError) as error:
        reason = f"写法有误（{error}）"
    raise DataError(f"{path.name}: {reason}")
