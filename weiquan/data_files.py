"""Reading YAML, and with it the files of `data/`.

What is wrong with a file of `data/` is a Chinese sentence for the editor.
"""

from __future__ import annotations

import pathlib
import re
from typing import Any, Callable, Optional, Tuple, Type, TypeVar

import yaml
from pydantic import ValidationError

T = TypeVar("T")

# libyaml's parser is many times as fast; a PyYAML built without it has the slow one alone.
_LOADER: Type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataError(ValueError):
    """A file of `data/` is unusable: «interview.yml: 原因»."""


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
            f"{'.'.join(str(part) for part in problem['loc'])}：{problem['msg']}" for problem in error.errors()
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
