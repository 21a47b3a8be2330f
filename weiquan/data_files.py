"""Reading the files of `data/`.

What is wrong with a file of `data/` is a Chinese sentence for the editor.
"""

from __future__ import annotations

import pathlib
import re
from typing import Any, Callable, TypeVar

import yaml
from pydantic import ValidationError

T = TypeVar("T")


class DataError(ValueError):
    """A file of `data/` is unusable: «interview.yml: 原因»."""


def read_data(path: pathlib.Path, take: Callable[[Any], T]) -> T:
    """Return what `take` makes of the content of the YAML file `path`.

    Raises `DataError` with the name of the file and the reason where it cannot
    be read, or where `take` does: on a missing key, a wrong value or a pattern
    that does not compile.
    """
    try:
        return take(yaml.safe_load(path.read_text(encoding="utf-8")))
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
            f"{'.'.join(str(part) for part in one['loc'])}：{one['msg']}" for one in error.errors()
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
