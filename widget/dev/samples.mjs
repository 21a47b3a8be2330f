/** Sample answers of the mock server, one a kind of card. Made up to look like the bot's; no facts to rely on. */

const day = (from) => new Date(Date.now() + 8 * 3_600_000 + from * 86_400_000).toISOString().slice(0, 10);

const hotline = {
  name: "拼多多客服和举报电话",
  value: "021-53395288",
  tel: "02153395288",
  opens: "8:00",
  closes: "21:30",
  use: "订单、退款问题，举报商家",
  caution: "按键顺序会变，号码先在 App 里核对。",
};
const line12315 = { name: "12315 热线", value: "12315", tel: "12315", use: "向市场监管部门投诉或举报商家" };

const law = (short, meaning) => ({ short, title: short, meaning });
const laws = [
  law("《消费者权益保护法》第二十四条", "商品不符合质量要求的，可以要求退货、更换或修理，运输等必要费用由经营者承担。"),
  law("《网络交易监督管理办法》第十二条", "网店要在首页公示营业执照上的信息。"),
];

const dues = [
  {
    name: "七天无理由退货",
    line: "从签收第二天算起第 7 天。",
    ends: day(2),
    days_left: 2,
    approximate: false,
    mine: true,
  },
  {
    name: "申请售后",
    line: "签收后在订单页提交，过了入口会关。",
    ends: day(12),
    days_left: 12,
    approximate: true,
    mine: true,
  },
  {
    name: "商家处理申请",
    line: "通常 48 小时内，以售后单上的倒计时为准。",
    ends: day(1),
    days_left: 1,
    approximate: true,
    mine: false,
  },
  { name: "拒绝后再申诉", line: "商家拒绝后 5 天内。", ends: day(-1), days_left: -1, approximate: false, mine: true },
];

const step = {
  kind: "step",
  title: "第一步：在订单里申请售后",
  urgent: false,
  opening: "质量不合格，退货、换货、维修都可以提，运费归商家。",
  reasons: ["卖家三天没回，聊天催不如售后单有用：单上有倒计时。", "签收第 5 天，七天无理由还来得及。"],
  moves: [
    "先停用，别修别扔，包装和配件都留着。",
    "把毛病拍清楚，照片视频各来一份，别剪辑。",
    "在订单里申请售后（退货退款或换货，原因选质量问题），写明问题、传凭证。",
  ],
  path: ["个人中心", "我的订单", "订单详情", "申请退款或申请售后", "选原因", "上传凭证", "提交"],
  words:
    "您好，我【日期】签收的【商品】，穿两天鞋底开胶，附照片。请按质量问题办理退货退款，运费由您承担，请在 48 小时内回复。",
  evidence: ["毛病处的照片和视频", "商品页和订单截图", "和商家的聊天记录"],
  contacts: [hotline],
  limits: [{ name: "商家处理", text: "通常商家要在 24–48 小时内处理售后申请，看售后页面的倒计时。", certain: false }],
  dues: dues.slice(0, 2),
  laws,
  after: "平台介入",
  note: "（菜单名和带「通常」的时间，以 App 页面显示为准）",
};

const urgent = {
  ...step,
  title: "先止损：联系银行，再报警",
  urgent: true,
  opening: "钱刚转出去，越快越好。",
  moves: ["马上打银行客服，要求止付。", "打 110，说清时间、金额、对方账户。", "别再转钱，别信「先交保证金才能退」。"],
  contacts: [
    { name: "110 报警", value: "110", tel: "110" },
    { name: "96110 反诈专线", value: "96110", tel: "96110" },
  ],
  path: [],
  words: "",
  dues: [],
  limits: [],
  after: "",
};

const ladder = [
  { id: "negotiate", name: "和商家沟通", state: "done" },
  { id: "after_sales", name: "申请售后", state: "failed" },
  { id: "platform", name: "申请平台介入", state: "waiting" },
  { id: "platform_complaint", name: "打客服电话投诉", state: "next" },
  { id: "complaint_12315", name: "12315 投诉", state: "later" },
  { id: "court", name: "法院起诉", state: "later" },
];

const menu = [
  { title: "还没申请", payload: "/deny" },
  { title: "申请了在等", payload: "/no_reply_yet" },
  { title: "被商家拒了", payload: "/seller_refused" },
  { title: "证据清单", payload: "/evidence" },
  { title: "时限", payload: "/dates" },
  { title: "写投诉材料", payload: "/paper" },
];

const evidence = {
  kind: "evidence",
  title: "证据清单",
  items: [
    {
      id: "photo",
      name: "毛病处的照片和视频",
      how: "近景、远景各一张，别剪辑、别加滤镜。",
      ticked: true,
      payload: "/evidence",
    },
    {
      id: "order",
      name: "订单和商品页截图",
      how: "订单详情截全，价格、时间、店名都要在。",
      ticked: true,
      payload: "/evidence",
    },
    { id: "chat", name: "和商家的聊天记录", how: "从头截到尾，带时间。", ticked: false, payload: "/evidence" },
    {
      id: "licence",
      name: "商家执照上的名称",
      how: "商品页 → 客服 → 进店 → 点店铺名 → 资质。",
      ticked: false,
      payload: "/evidence",
    },
  ],
  note: "没有开箱视频也能投诉：它有用，但不是法律要求。",
};

const paper = {
  kind: "paper",
  id: "complaint_12315",
  title: "12315 投诉书",
  text: `投诉人：【姓名】　电话：【手机号】　地址：【收货地址】

被投诉人：【商家执照上的名称】

投诉请求：
1. 退还货款 299 元；
2. 承担退货运费。

事实和理由：
投诉人于 2026 年 11 月 18 日在拼多多平台购买运动鞋一双，订单号【订单号】，付款 299 元，11 月 20 日签收。穿两天后鞋底开胶。投诉人于 11 月 22 日申请售后，被投诉人以「人为损坏」为由拒绝，未提供依据。

根据《消费者权益保护法》第二十四条，请求依法处理。

附：订单截图、商品照片、聊天记录、售后单截图。

投诉人：【姓名】
2026 年 11 月 24 日`,
  url: "http://127.0.0.1:5099/papers/abc_DEF-123.docx",
  expires_hours: 24,
  others: [
    { title: "12315 举报书", payload: "/paper" },
    { title: "消协投诉", payload: "/paper" },
    { title: "给商家：语气更硬", payload: "/paper" },
  ],
};

const estimate = {
  kind: "estimate",
  title: "可以要求多少",
  claims: [
    {
      name: "退货退款",
      amount: 299,
      formula: "实付 299 元",
      conditions: ["质量有问题"],
      laws: laws.slice(0, 1),
      sure: true,
    },
    {
      name: "惩罚性赔偿",
      amount: "897 元",
      formula: "299 元 × 3；不足 500 元按 500 元",
      conditions: ["商家故意隐瞒或欺骗，要拿得出证据", "不是明知有问题还买"],
      laws: [
        law("《消费者权益保护法》第五十五条", "经营者有欺诈行为的，按价款的三倍增加赔偿；不足五百元的，为五百元。"),
      ],
      sure: false,
    },
  ],
  exclusions: ["明知是假货还买", "自己用坏的"],
  note: "这是法律允许要求的数目，拿不拿得到，看证据和认定。",
};

const long = `${"这是一段很长的回答，用来看长文怎么滚动。先说做什么，再说为什么。".repeat(4)}\n\n${"打 021-53395288 或 12315，别打 400-688-8888。网址 https://www.12315.cn/ 可以点，https://example.com/ 不能点。".repeat(2)}`;

export const cards = {
  step: [
    { text: "质量不合格……（全文）", card: step },
    {
      text: "订单里的售后申请提交了吗？",
      card: {
        kind: "question",
        id: "applied",
        text: "订单里的售后申请提交了吗？",
        why: "知道了才能说准下一步：没提交先提交，提交了看倒计时。",
      },
      buttons: menu,
    },
  ],
  urgent: [{ text: "先止损……", card: urgent, buttons: menu.slice(0, 2) }],
  question: [
    {
      text: "哪天签收的？",
      card: { kind: "question", id: "received", text: "哪天签收的？", why: "问这个是为了算退货期限。" },
      buttons: [
        { title: "今天", payload: "今天" },
        { title: "前几天", payload: "前几天" },
        { title: "不清楚", payload: "/dont_know" },
        { title: "跳过", payload: "/skip" },
      ],
    },
  ],
  case: [
    {
      text: "上次说到……",
      card: {
        kind: "case",
        title: "上次说到这里",
        situation: "质量问题：鞋底开胶",
        others: ["商家不理、踢皮球"],
        facts: [
          { label: "商品", value: "运动鞋" },
          { label: "付了", value: "299 元" },
          { label: "签收", value: "11 月 20 日" },
          { label: "想要", value: "退货退款" },
        ],
        ladder,
        dues: dues.slice(0, 1),
      },
      buttons: menu.slice(0, 3),
    },
  ],
  evidence: [{ text: "证据清单……", card: evidence }],
  dates: [{ text: "时限……", card: { kind: "dates", title: "您的时间表", dues, calendar: "/papers/case.ics" } }],
  estimate: [{ text: "可以要求……", card: estimate }],
  paper: [{ text: paper.text, card: paper }],
  contacts: [
    {
      text: "电话……",
      card: {
        kind: "contacts",
        title: "可以打的电话",
        contacts: [
          hotline,
          line12315,
          { name: "全国 12315 平台", value: "www.12315.cn", url: "https://www.12315.cn", use: "网上投诉，能查进度" },
          { name: "「12315」小程序", value: "「12315」小程序（微信、支付宝）" },
        ],
        note: "别从搜索引擎找客服电话。",
      },
    },
  ],
  long: [{ text: long }, { text: long }, { text: "最后一段。", buttons: menu }],
  bad: [
    { text: "卡片认不得，看这段文字。", card: { kind: "hologram" } },
    { text: "卡片坏了，看这段文字。", card: { kind: "step", moves: 7, contacts: "x" } },
    {
      text: "<img src=x onerror=alert(1)> javascript:alert(1) <script>alert(1)</script>",
      card: {
        kind: "paper",
        title: "<b>x</b>",
        text: "<script>alert(1)</script>",
        url: "javascript:alert(1)",
        others: [],
      },
    },
  ],
};

export const texts = {
  menu,
  echo: (text) => `收到：${text.length > 60 ? `${text.slice(0, 60)}…` : text}\n打 12315 之前，先在订单里申请售后。`,
  goodbye: "都删掉了：这次对话、案子和材料。以后想说，随时来。",
};
