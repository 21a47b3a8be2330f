/** Everything that the page itself says. The bot's words come from the server. */
import type { Language } from "../shared/options";

const simplified = {
  independent: "独立的维权助手，不是拼多多官方客服",
  hello: (title: string) => `您好，我是${title}`,
  greeting: "遇到什么事，直接说就行。我会告诉您下一步怎么做、时限到哪天、材料怎么写，一步一步陪您办。",
  promise: ["看不到也改不了您的订单，照您说的来", "不用注册；身份证号、银行卡号、验证码别发给我"],
  startersLabel: "可以这样开始",
  starters: [
    "收到的东西质量有问题",
    "卖家一直不发货",
    "申请退款被拒绝了",
    "怀疑买到假货",
    "客服电话是多少",
    "想去 12315 投诉",
  ],
  danger: "正在被骗、钱刚转出去：先打",
  dangerThen: "，再找银行止付。",
  close: "关闭对话",
  menu: "更多",
  log: "对话内容",
  inputLabel: "输入您要说的话",
  inputHint: "说说发生了什么…",
  send: "发送",
  you: "您说：",
  bot: "助手说：",
  typing: "正在想…",
  slow: "还在等，稍微慢一点…",
  loading: "正在取回上次的对话…",
  newMessage: "有新消息",
  toEnd: "到最新",
  sending: "发送中",
  sent: "已送到",
  failed: "没有送到",
  resend: "重新发送",
  copy: "复制",
  copied: "已复制",
  notCopied: "没能复制，请长按文字自己复制",
  helpful: "有帮助",
  unhelpful: "没帮上",
  thanks: "谢谢，记下了",
  notSaved: "没存上，稍后再试",
  whatMissed: "哪里没帮上？写一句就行，可以不写",
  sendWord: "提交",
  skip: "不写了",
  options: "可以直接点",
  expired: "上次的对话已经过期，咱们从头说。",
  deleted: "对话和材料都删除了。想再说，随时开始。",
  trouble: {
    offline: "网络断了",
    unreachable: "连不上服务器",
    error: "服务器出了问题",
    silent: "没有等到回答",
    refused: "服务器没有收下",
  },
  retrying: (what: string) => `${what}，正在自动重试。`,
  resendable: (what: string) => `${what}，可以重新发送。`,
  meanwhile: "急事先走官方渠道：",
  inApp: "App 里：",
  appFirst: "（菜单名以 App 页面显示为准）",
  openNow: "现在有人接",
  closedNow: "现在休息",
  call: "拨打",
  visit: "打开",
  appearance: "外观",
  themes: { auto: "跟随系统", light: "浅色", dark: "深色" },
  largeText: "大字模式",
  print: "打印对话",
  save: "存成文本",
  copyAll: "复制全部对话",
  questions: "能问什么",
  restart: "重新开始",
  forget: "删除我的数据",
  forgetTitle: "删除我的数据？",
  forgetText: "这次对话、案子里记的内容和做好的材料都会从服务器上删掉，找不回来。材料还要用的话，先复制或下载。",
  forgetYes: "删除",
  forgetFailed: "没有删成，请过一会儿再试。",
  cancel: "取消",
  urgent: "先办这件",
  path: "在 App 里这样进",
  words: "可以照抄的话",
  contacts: "打给谁",
  times: "时限",
  evidence: "留好证据",
  why: "为什么",
  whyAsked: "为什么问这个",
  ifNot: "不成的话，下一步：",
  progress: "走到哪一步",
  yourCase: "您的情况",
  alsoTold: "还提到",
  rung: { done: "已完成", failed: "没成", waiting: "等结果", next: "下一步", later: "以后" },
  evidenceCount: (have: number, all: number) => `已有 ${have} / ${all}`,
  have: (name: string) => `有了：${name}`,
  haveNot: (name: string) => `还没有：${name}`,
  calendar: "加到日历",
  download: "下载 Word 文档",
  expires: (hours: number) => `下载链接 ${hours} 小时内有效；在微信里下不了的话，用「复制」。`,
  paperText: "材料全文",
  otherVersions: "换一个版本",
  conditions: "要满足",
  exclusions: "这些情况不算",
  sure: "法律写明",
  unsure: "看证据和认定",
  mine: "您的时限",
  others: "对方的时限",
  today: "今天到期",
  left: (days: number) => `还剩 ${days} 天`,
  over: (days: number) => `已过 ${days} 天`,
  about: "约",
  until: (day: string) => `到 ${day}`,
  transcript: "对话记录",
};

export type Strings = typeof simplified;

/**
 * Characters of the strings above, each followed by its traditional form. Only these: within them every character has one
 * form, which a whole dictionary cannot promise.
 */
const TRADITIONAL =
  "东東个個为爲么麼买買从從们們会會儿兒关關内內册冊写寫况況准準刚剛删刪别別制製办辦务務动動单單卖賣历曆发發号號后後复複头頭对對帮幫开開录錄怀懷拨撥换換据據数數断斷时時显顯权權来來样樣档檔没沒注註浅淺满滿点點独獨现現电電码碼约約经經结結给給络絡绝絕统統维維网網观觀订訂认認记記证證诉訴试試话話说說请請谁誰谢謝货貨质質转轉载載输輸过過还還这這进進连連里裡钱錢银銀链鏈长長闭閉问問随隨页頁题題验驗骗騙";

/** The same words in traditional characters. */
function traditional<Value>(value: Value): Value {
  if (typeof value === "string")
    return value.replace(/./g, (one) => {
      const at = TRADITIONAL.indexOf(one);
      return at >= 0 && at % 2 === 0 ? TRADITIONAL.charAt(at + 1) : one;
    }) as Value;
  if (typeof value === "function") return ((...given: unknown[]) => traditional(value(...given))) as Value;
  if (Array.isArray(value)) return value.map(traditional) as Value;
  return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, traditional(one)])) as Value;
}

export function stringsOf(language: Language): Strings {
  return language === "zh-TW" ? traditional(simplified) : simplified;
}
