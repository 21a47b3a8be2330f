"""Dialect and net words in standard Mandarin, as far as the context leaves no doubt.

The classifier and the sentence encoder know 怎么 better than 咋 or 点解. A word
that could also be an ordinary one is guarded by its neighbours (童鞋 are
children's shoes unless a customer service is addressed); one whose standard
reading is as likely (硬是, 锤子, 亲) is left alone. The table reads simplified
characters: 嗰 stands as 𠮶 and 喎 as 㖞, as OpenCC writes them.
"""

from __future__ import annotations

import itertools
import re
from typing import Dict, List, NamedTuple, Optional, Tuple

PLAIN: Dict[str, str] = {
    # The north and north-east
    "啥": "什么",
    "啥玩意": "什么东西",
    "啥玩意儿": "什么东西",
    "嘛玩意": "什么东西",
    "嘛玩意儿": "什么东西",
    "整啥呢": "干什么呢",
    "弄啥嘞": "干什么呢",
    "弄啥咧": "干什么呢",
    "嘎哈": "干什么",
    "嘎啥": "干什么",
    "咋地": "怎么",
    "咋滴": "怎么",
    "咋的": "怎么",
    "不咋地": "不怎么样",
    "不咋滴": "不怎么样",
    "不咋的": "不怎么样",
    "爱咋咋地": "爱怎样怎样",
    "爱咋咋的": "爱怎样怎样",
    "爱咋咋滴": "爱怎样怎样",
    "俺": "我",
    "甭": "别",
    "恁": "你",
    "恁么": "这么",
    "恁地": "这么",
    # Sichuan, Chongqing, Hunan, Hubei
    "啷个": "怎么",
    "啷们": "怎么",
    "啷么": "怎么",
    "咋个": "怎么",
    "咋子": "干什么",
    "搞咋子": "搞什么",
    "做咋子": "做什么",
    "整咋子": "弄什么",
    "晓不晓得": "知不知道",
    "晓不得": "不知道",
    "巴适": "好",
    "龟儿子": "混蛋",
    "搞锤子": "搞什么",
    "搞个锤子": "搞什么",
    "有个锤子用": "没有用",
    "管锤子用": "没有用",
    "顶个锤子用": "没有用",
    "遭骗": "被骗",
    "遭坑": "被坑",
    "么斯": "什么",
    # Cantonese as it is written
    "冇": "没有",
    "冇有": "没有",
    "冇得": "没得",
    "唔系": "不是",
    "系唔系": "是不是",
    "系咪": "是不是",
    "唔使": "不用",
    "唔该晒": "谢谢",
    "唔该": "谢谢",
    "得唔得": "行不行",
    "唔啱": "不对",
    "仲未": "还没",
    "仲冇": "还没有",
    "仲唔": "还不",
    "仲系": "还是",
    "嘅": "的",
    "咗": "了",
    "佢": "他",
    "哋": "们",
    "人哋": "别人",
    "乜": "什么",
    "乜嘢": "什么",
    "乜野": "什么",
    "咩嘢": "什么",
    "做咩": "做什么",
    "搞咩": "搞什么",
    "有咩": "有什么",
    "咩事": "什么事",
    "畀": "给",
    "畀返": "还给",
    "俾返": "还给",
    "退返": "退回",
    "寄返": "寄回",
    "攞返": "拿回",
    "换返": "换回",
    "喺": "在",
    "喺度": "在这里",
    "睇": "看",
    "攞": "拿",
    "嘥": "浪费",
    "揾": "找",
    "揾笨": "坑人",
    "揿": "按",
    "嚟": "来",
    "嘢": "东西",
    "咁": "这么",
    "咁样": "这样",
    "咁就": "那就",
    "噉": "这样",
    "噉样": "这样",
    "啲": "些",
    "快啲": "快点",
    "早啲": "早点",
    "好啲": "好点",
    "多啲": "多点",
    "少啲": "少点",
    "平啲": "便宜点",
    "呢啲": "这些",
    "𠮶": "那",
    "𠮶啲": "那些",
    "𠮶度": "那里",
    "𠮶阵": "那时",
    "啱": "对",
    "啱啱": "刚刚",
    "啱先": "刚才",
    "啱买": "刚买",
    "啱收": "刚收",
    "啱到": "刚到",
    "呃钱": "骗钱",
    "呃咗": "骗了",
    "呃秤": "缺斤少两",
    "被呃": "被骗",
    "俾人呃": "被人骗",
    "畀人呃": "被人骗",
    "黐线": "神经病",
    "痴线": "神经病",
    "㗎": "的",
    "㖞": "啊",
    "噃": "啊",
    "啩": "吧",
    "啫": "而已",
    # Shanghai and its neighbours
    "覅": "不要",
    "朆": "没有",
    "搿": "这",
    "呒": "没",
    "呒没": "没有",
    "呒得": "没有",
    "瞎搞八搞": "乱搞",
    "捣浆糊": "敷衍",
    "淘浆糊": "敷衍",
    "触霉头": "倒霉",
    "结棍": "厉害",
    # Southern Min and the net
    "歹势": "不好意思",
    "蓝瘦香菇": "难受想哭",
    "捉急": "着急",
    "甚么": "什么",
    "童鞋们": "同学们",
    "辣鸡商家": "垃圾商家",
    "辣鸡卖家": "垃圾卖家",
    "辣鸡平台": "垃圾平台",
    "辣鸡客服": "垃圾客服",
    "辣鸡快递": "垃圾快递",
}
"""Words that are nothing else. Of words that begin alike the longer one is taken."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff"
"""Chinese characters, for use in a character class."""


class Guarded(NamedTuple):
    """A word that is only replaced among certain neighbours.

    `not_after` and `not_before` are characters that must not stand beside it,
    `before` those of which one must follow. `starts` and `ends`, where given,
    demand the start or the end of a clause, or one of these characters instead;
    final particles do not count.
    """

    word: str
    meaning: str
    not_after: str = ""
    not_before: str = ""
    before: str = ""
    starts: Optional[str] = None
    ends: Optional[str] = None


GUARDED: Tuple[Guarded, ...] = (
    # The north and north-east
    Guarded("咋", "怎么", not_after="咋", not_before="呼唬舌咋"),
    Guarded("咋整", "怎么办", not_before="的坏成出好了"),
    Guarded("整啥", "弄什么", not_after="完调平齐"),
    Guarded("忒", "太", not_after="差鬼", not_before="修弥提斯伊"),
    Guarded("恁", "这么", before="大多贵久慢差长早晚高难"),
    Guarded("中不中", "行不行", not_before="奖标招用意"),
    Guarded("干哈", "干什么", ends="呢"),
    Guarded("木有", "没有", starts="还都也就又我你他她它们么并仍点本压来竟服", not_before="纹"),
    Guarded("有木有", "有没有", not_after="没"),
    Guarded("埋汰", "脏", not_before="人我他她你谁"),
    Guarded("磕碜", "难看", not_before="人我他她你谁"),
    # Sichuan, Chongqing, Hunan, Hubei
    Guarded("啥子", "什么", not_before="女弹孙"),
    Guarded("撒子", "什么", not_before="女弹孙"),
    Guarded("莫得", "没有", not_before="罪"),
    Guarded("要得", "好的", starts="", ends=""),
    Guarded("要得不", "行不行", starts="", ends=""),
    Guarded("晓得", "知道", not_after="知通户揭破拂"),
    Guarded("龟儿", "混蛋", not_after="乌海陆小只", before="商卖客店平"),
    Guarded("豁人", "骗人", not_before="耳"),
    Guarded("扯拐", "出毛病", not_before="卖杖弯"),
    Guarded("冒得", "没有", before="货办法人用钱回"),
    Guarded("么得", "没有", not_after="什怎这那多要"),
    Guarded("么子", "什么", not_after="什怎这那多要", not_before="女弹孙"),
    Guarded("么事", "什么事", not_after="什怎这那多要"),
    # Cantonese as it is written
    Guarded("唔", "不", not_after="唔咿", not_before="唔嗯哦啊呀", before=HAN),
    Guarded("唔该", "麻烦", before="帮比睇转话俾畀问"),
    Guarded("唔好", "不要", before="再呃骗扣讲催整睇笑搞"),
    Guarded("唔得", "不行", not_before="意闲到过已"),
    Guarded("俾", "给", not_before="众便使斯倪"),
    Guarded(
        "点解", "为什么", not_after="一两三半几重早晚快慢观难疑焦要终地", not_before="除绑散决锁冻约开读释答压析封"
    ),
    Guarded("点算", "怎么办", starts="该知应我", ends="好先"),
    Guarded("点样", "怎样", not_after="一有差快早晚像几两三", not_before="品子张本"),
    Guarded("边个", "谁", starts="揾找问系叫由俾畀同竟"),
    Guarded("边度", "哪里", not_after="这那旁一两左右身手周花包裙里外后前"),
    Guarded("几时", "什么时候", not_after="好十", not_before="间段刻分"),
    Guarded("几多", "多少", not_after="好十没"),
    Guarded("几耐", "多久", not_before="心用烦"),
    Guarded("好耐", "很久", not_before="用心磨看穿脏热寒烦操造高低"),
    Guarded("咁耐", "这么久", not_before="用心磨看穿脏热寒烦操造高低"),
    Guarded("呃人", "骗人", not_after="打", not_before="呢家在工都哪"),
    Guarded("都系", "都是", before="假骗呃唔烂坏垃"),
    Guarded("仲有", "还有", not_after="杜昆伯"),
    Guarded("呢度", "这里", starts="喺在"),
    Guarded("呢个", "这个", starts=""),
    Guarded("呢件", "这件", starts=""),
    Guarded("呢间", "这家", starts=""),
    Guarded("而家", "现在", not_after="因进从反继", not_before="里人长具电庭乡中门用居教务暴族政禽畜属主"),
    Guarded("依家", "现在", not_before="里人长庭规"),
    Guarded("听日", "明天", not_before="语本剧文常系"),
    Guarded("寻日", "昨天", not_before="本常"),
    Guarded("琴日", "昨天", not_after="钢提练学", not_before="本常"),
    # Shanghai and its neighbours
    Guarded("侬", "你", not_after="吴", not_before="软诗"),
    Guarded("阿拉", "我们", not_before="比山伯善斯丁蕾法木尔灯"),
    Guarded("伊拉", "他们", not_before="克斯"),
    Guarded("啥体", "什么事", not_before="验质重积系育温格检型"),
    Guarded("事体", "事情", not_after="军故赛", not_before="验系制育检重"),
    Guarded("好伐", "好吗", ends=""),
    Guarded("对伐", "对吗", ends=""),
    Guarded("是伐", "是吗", ends=""),
    Guarded("行伐", "行吗", ends=""),
    Guarded("有伐", "有吗", ends=""),
    Guarded("要伐", "要吗", ends=""),
    Guarded("来伐", "来吗", ends=""),
    Guarded("退伐", "退吗", ends=""),
    Guarded("得伐", "得吗", ends=""),
    Guarded("了伐", "了吗", ends=""),
    Guarded("的伐", "的吗", ends=""),
    Guarded("晓得伐", "知道吗", ends=""),
    Guarded("勿是", "不是", not_after="请切万慎"),
    Guarded("勿要", "不要", not_after="请切万慎", not_before="求"),
    Guarded("勿好", "不好", not_after="请切万慎", not_before="奇"),
    Guarded("勿肯", "不肯", not_after="请切万慎"),
    Guarded("勿会", "不会", not_after="请切万慎"),
    Guarded("勿灵", "不好", not_after="请切万慎"),
    Guarded("勿晓得", "不知道", not_after="请切万慎"),
    Guarded("勿来事", "不行", not_after="请切万慎诚"),
    Guarded("勿来赛", "不行", not_after="请切万慎诚"),
    Guarded("哪能办", "怎么办", ends=""),
    # Southern Min and the net
    Guarded("酱紫", "这样子", not_before="色的款裙衣毛裤绒系调花红"),
    Guarded("肿么", "怎么", not_after="脸脚腿眼红浮手牙嘴子头"),
    Guarded("神马", "什么", not_before="搜专影电股浏"),
    Guarded("蓝瘦", "难受", starts="", ends=""),
    Guarded("灰常", "非常", not_before="规见用穿温"),
    Guarded("为毛", "为什么", not_after="认因作成以", not_before="重绒呢巾衣线坯料利边笔"),
    Guarded("为嘛", "为什么", not_after="认因作成以"),
    Guarded("介个", "这个", not_after="中媒简推引"),
    Guarded("乐色", "垃圾", not_after="快音娱欢喜", not_before="彩"),
    Guarded("客服童鞋", "客服同学", ends="在你您请能麻"),
    Guarded("各位童鞋", "各位同学", before="你请有"),
    Guarded("好滴", "好的", ends="好"),
    Guarded("是滴", "是的", ends="是"),
    Guarded("对滴", "对的", ends=""),
    Guarded("真滴", "真的", not_before="水漏油滴"),
)

_CLAUSE_END = f"(?=[啊嘛呀哦噻嘞哈呢啦]*(?:[^{HAN}]|$)"


def _pattern(word: Guarded) -> str:
    """Return the regular expression of a guarded word, to be tried after its first character was read."""
    first, rest = word.word[0], re.escape(word.word[1:])
    before, after = "", ""
    if word.not_after:
        before += f"(?<![{word.not_after}]{first})"
    if word.starts is not None:
        before += f"(?:(?<![{HAN}]{first})|(?<=[{word.starts}]{first}))" if word.starts else f"(?<![{HAN}]{first})"
    if word.not_before:
        after += f"(?![{word.not_before}])"
    if word.before:
        after += f"(?=[{word.before}])"
    if word.ends is not None:
        after += _CLAUSE_END + (f"|[{word.ends}])" if word.ends else ")")
    return f"({before}{rest}{after})"


# Longer words first; of the same word the guarded readings before the plain one.
# Grouped by the first character, which spares trying all words everywhere.
_WORDS = sorted([*GUARDED, *(Guarded(*pair) for pair in PLAIN.items())], key=lambda one: (one.word[0], -len(one.word)))
_ANY = re.compile(
    "|".join(
        f"{first}(?:{'|'.join(_pattern(one) for one in words)})"
        for first, words in itertools.groupby(_WORDS, key=lambda one: one.word[0])
    )
)


def to_standard(text: str) -> str:
    """Return simplified `text` with dialect and net words in standard Mandarin."""
    return _ANY.sub(lambda match: _WORDS[(match.lastindex or 1) - 1].meaning, text)


def replacements(text: str) -> List[Tuple[int, str]]:
    """Return (position, word) of everything that `to_standard` replaces in `text`."""
    return [(match.start(), match.group()) for match in _ANY.finditer(text)]
