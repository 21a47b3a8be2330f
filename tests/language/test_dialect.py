"""Dialect and net words: what is put into standard Mandarin, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scripts.check import lines_by_intent
from scripts.training_data.examples import TrainingSet
from scripts.training_data.near_duplicates import without_annotations
from weiquan.language import typos
from weiquan.language.dialect import REPLACED, to_standard
from weiquan.language.dialect_words import GUARDED, PLAIN
from weiquan.language.normalisation import MAX_LENGTH, normalise, normalise_whole


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        # The north and north-east
        ("这可咋整啊", "这可怎么办啊"),
        ("咋整的,包装都烂了", "怎么整的,包装都烂了"),
        ("俺就想知道啥时候发货", "我就想知道什么时候发货"),
        ("卖的啥玩意儿", "卖的什么东西"),
        ("这叫嘛玩意儿", "这叫什么东西"),
        ("质量忒差", "质量太差"),
        ("恁咋不发货", "你怎么不发货"),
        ("恁贵还掉色", "这么贵还掉色"),
        ("你们整啥呢", "你们干什么呢"),
        ("退钱中不中", "退钱行不行"),
        ("还木有收到", "还没有收到"),
        ("俺们甭跟他废话", "我们别跟他废话"),
        ("爱咋咋地", "爱怎样怎样"),
        # Sichuan, Hunan, Hubei
        ("啷个办嘛", "怎么办嘛"),
        ("咋个还没发货哦", "怎么还没发货哦"),
        ("你们搞撒子哦", "你们搞什么哦"),
        ("客服莫得人", "客服没有人"),
        ("要得嘛", "好的嘛"),
        ("不晓得找哪个", "不知道找哪个"),
        ("龟儿卖家", "混蛋卖家"),
        ("有个锤子用", "没有用"),
        ("搞么子咯", "搞什么咯"),
        # Cantonese
        ("冇人理我", "没有人理我"),
        ("唔知点算", "不知怎么办"),
        ("件衫烂咗", "件衫烂了"),
        ("佢哋点解唔俾退款", "他们为什么不给退款"),
        ("點解佢哋唔畀退款", "为什么他们不给退款"),
        ("我要投诉佢", "我要投诉他"),
        ("你哋卖嘅乜嘢嚟㗎", "你们卖的什么来的"),
        ("边个负责", "谁负责"),
        ("几时退返钱俾我", "什么时候退回钱给我"),
        ("喺直播间买,睇落冇问题", "在直播间买,看落没有问题"),
        ("唔该帮我睇下", "麻烦帮我看下"),
        ("系咪呃人㗎", "是不是骗人的"),
        ("嘥晒我时间", "浪费晒我时间"),
        ("嗰個客服唔係好人", "那个客服不是好人"),
        ("都等咗咁耐", "都等了这么久"),
        # Shanghai
        ("侬晓得伐", "你知道吗"),
        ("侬好,退钱好伐", "你好,退钱好吗"),
        ("阿拉勿要换", "我们不要换"),
        ("做啥体", "做什么事"),
        ("商家瞎搞八搞", "商家乱搞"),
        # Southern Min and the net
        ("蓝瘦香菇", "难受想哭"),
        ("肿么办", "怎么办"),
        ("神马态度,灰常差", "什么态度,非常差"),
        ("怎么可以酱紫", "怎么可以这样子"),
        ("客服童鞋在吗", "客服同学在吗"),
        ("有木有人管", "有没有人管"),
    ],
)
def test_dialect_becomes_standard(typed, read_as):
    assert normalise(typed) == read_as


@pytest.mark.parametrize(
    "text",
    [
        "咋舌",
        "咋咋呼呼的客服",
        "童鞋开胶了",
        "客服童鞋开胶了怎么办",
        "酱紫色的毛衣",
        "实木有裂缝",
        "积木有毛刺",
        "深灰常规款",
        "砍伐",
        "步伐一致。",
        "请勿打扰",
        "请勿要求好评",
        "勿念",
        "重点解释一下",
        "账号怎么解绑,点解绑没反应",
        "早点解决",
        "晚上八点解封",
        "两点算迟到吗",
        "这边个别商家",
        "旁边个体户",
        "花边度量",
        "猜中不中奖",
        "需要得到答复",
        "他嫌我要得多",
        "买了个锤子",
        "商家硬是不退",
        "家喻户晓得很",
        "莫得罪人",
        "嗯唔",
        "唔,好吧",
        "呃人呢",
        "呃,我想问一下",
        "阿拉伯数字",
        "阿拉斯加狗粮",
        "吴侬软语",
        "啤酒花生",
        "仲裁",
        "军事体验",
        "办事体验差",
        "鞋带都系好了",
        "从而家里没人",
        "钢琴日常保养",
        "听日语歌",
        "因为毛重不够",
        "通过中介个人转账",
        "神马专车",
        "好耐用",
        "好滴水",
        "什么事都办不成",
        "怎么子女买的也不退",
        "快乐色彩",
        "辣鸡爪变质了",
        "亲,在吗",
    ],
)
def test_ordinary_words_are_left_alone(text):
    assert to_standard(text) == text


def test_no_standard_word_is_a_dialect_word():
    for word, meaning in [*PLAIN.items(), *((rule.word, rule.meaning) for rule in GUARDED)]:
        assert to_standard(meaning) == meaning, word


REVIEWED_WORDS = frozenset(
    [
        "晓得",
        "啥",
        "啥玩意",
        "俺",
        "咋",
        "咋个",
        "咋整",
        "啥子",
        "爱咋咋地",
        "冇",
        "恁",
        "嘎哈",
        "么事",
        "侬",
        "阿拉",
        "呒没",
        "晓得伐",
        "㗎",
        "佢",
        "俾",
        "呢啲",
        "咁",
        "咗",
        "唔",
        "唔系",
        "唔该",
        "啱啱",
        "啲",
        "喺",
        "嘅",
        "嘢",
        "嘥",
        "嚟",
        "攞",
        "畀",
        "睇",
        "系咪",
        "而家",
        "边度",
        "仲系",
        "冇得",
        "寄返",
    ]
)
"""Words that occur in the training data and mean nothing else."""
REVIEWED_PLACES = frozenset(
    {
        "15有莫得用哦 ",
        " 东西莫得问题",
        "受理后几时完",
        "诉快递几时有信",
        "院一般几时能审完",
        "用后付几时扣",
        "果赔要几时报",
        "退件后几时退钱",
        "讲不归伊拉管 让",
        "底能陪几多",
        "申速要几多天才有",
        "的电话几多号啊",
        "个内容啷个写嘛 ",
        "厢视频啷个拍才算",
        "天黑都冒得人打 ",
        "赔10真滴会赔吗",
        "货晚了有木有陪偿 ",
        "速油箱有木有 想给",
        "名额还有木有",
        "315木有搞成 ",
        "了 还木有用 能",
        " 我拿么子举",
        "少 搞么子嘛",
        "要说些撒子",
        "入要交神马证剧 ",
        "能退回来伐",
        "天了还行伐",
        "评 能要伐 犯不",
        " 该要几多",
        "一个。呢个系真嘅",
        "个嗯都冇有",
        "之一,搿种料子",
        "伊教?搿种算勿",
        "开场白忒啰嗦",
        "得哪个龟儿子登了我",
        "成 钱几时退",
        "我哋新界呢",
        "我认,搿是缩脱",
        "手续费几时退",
        "有木有人啊",
        "来还问咋的了。平",
        "水冲得忒满。我",
        "老头子搿件汗衫",
        "骨痛。几时至有得",
        "木有",
        "还木有弄",
        "还木有回我",
        "厂址都木有",
        "木有发票我",
        "木有货就不",
        "木有人理我",
        "ail有木有",
        "诉邮箱有木有",
        "我哪晓得",
        "不晓得怎么选",
        "单的钱几时回来",
        "要拖到几时",
        "不晓得",
        "天晓得",
        "我只晓得是在手",
        "我就晓得没得这",
        "账单才晓得,加起",
        "俺也不晓得该找谁",
        "到几时为止",
        "单 钱几时到",
        "一般是几时可以开",
        "是滴是滴",
        "是滴",
        "好滴",
        "要得",
        "西质量真滴差,下",
        "拍屏幕中不中",
        "寒潮几时到四川",
        "问爸爸几时到",
        "了还是咋的",
        "对滴",
        ",我只晓得店名,",
        "不晓得算不算",
        "号码你晓得不",
        "意,不晓得现在有",
        "看看才晓得,眼下",
        ",名字忒响亮,",
        "了,你晓得是啥不",
        "了我才晓得,我那",
        "了还想咋的。他敢",
        "他要是晓得花两千",
        "以后才晓得,这账",
        "公还不晓得,下个",
        "单的都晓得骑手箱",
        "后来不晓得怎么两",
        "后来才晓得那天拿",
        "子都不晓得。打过",
        "字,只晓得信息来",
        "常我不晓得吗?现",
        "甲的都晓得年底忙",
        "看座位忒高,脚",
        "紧还是咋的,漏了",
        "花开才晓得真假的",
        "被别人晓得了",
        "有照片中不中",
        "了,问几时退款,",
        "了邮件几时会有人",
        "新链条几时到",
        "啥玩意儿啊这是",
        "是滴是滴,",
        "是滴是滴,对着",
        "晓不得嘛",
        "木有了",
        ",拒收退返",
        "一般赔几多钱",
        "号码是几多,我要",
        "膜能拿几多",
        "保管到几时",
        "几时扣款",
        ",新的啷个还不来",
        "单里头啷个申请退",
        "啷个联系拼",
        "巴适得板",
        "畅通,莫得人打来",
        "要得 那我",
        "要得嘛",
    }
)
"""Words that could be ordinary ones, with three characters around; each was looked at."""


def changes_in_the_training_data(training_set: TrainingSet) -> Iterator[tuple[str, str]]:
    """Yield (word, word with its neighbours) for every replacement in data/nlu."""
    for lines in lines_by_intent(training_set).values():
        for line in lines:
            text = without_annotations(line).replace("，", ",")
            for match in REPLACED.finditer(text):
                yield match.group(), text[max(0, match.start() - 3) : match.end() + 3]


def test_every_change_in_the_training_data_was_looked_at(training_set):
    unknown = {
        f"{word}: {place}"
        for word, place in changes_in_the_training_data(training_set)
        if word not in REVIEWED_WORDS and place not in REVIEWED_PLACES
    }
    assert not unknown, "look at these, then add them to the lists above, or guard the word in dialect_words.py"


WORDS = [*PLAIN, *(rule.word for rule in GUARDED), *typos.MEANT]
CHARACTERS = sorted(set("".join(WORDS)) | set("的了吗啊!?,。 ~\n😡📦點嗰喎係1000a"))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS + CHARACTERS)).map("".join)))
@example("退或货货")
@example("真正拼多多多")
@example("唔\u200b该")
@example("a 📦 b")
@example("唔" * 2500)
@example("冇咋" * 600)
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once
    assert not normalise_whole(once)[1]


@given(st.integers(MAX_LENGTH - 20, MAX_LENGTH + 20))
@settings(max_examples=20, deadline=None)
def test_what_counts_is_the_length_of_what_is_read(length):
    words = ("鞋子开胶" * 300)[:length]
    assert normalise_whole(words)[1] == (length > MAX_LENGTH)
    assert not normalise_whole("啊" * length * 2)[1]
    assert len(normalise(words)) <= MAX_LENGTH
