import { describe, expect, it } from "vitest";
import { linkify, safeUrl } from "../src/chat/linkify";
import { eventStreamParser } from "../src/chat/sse";
import { dayName, daysLeft, isOpen } from "../src/chat/time";
import { contrast, palette, readable } from "../src/shared/colour";
import type { Essentials, Phone } from "../src/shared/essentials";
import { readOptions } from "../src/shared/options";

const phone = (value: string): Phone => ({ name: value, value, tel: value.replace(/\D/g, "") });
const KNOWN: Essentials = {
  hotline: phone("000-11112222"),
  police: phone("110"),
  path: [],
  pathCertain: true,
  phones: ["000-11112222", "12315", "110"],
  hosts: ["www.12315.cn"],
};
const SERVER = "https://bot.example/help";

const links = (text: string) =>
  linkify(text, SERVER, KNOWN)
    .filter((one) => one.href)
    .map((one) => `${one.text} ${one.href}`);

describe("links", () => {
  it("makes known numbers callable", () => {
    expect(links("打 000-11112222（8:00–21:30），不行打12315，急事拨 110。")).toEqual([
      "000-11112222 tel:00011112222",
      "12315 tel:12315",
      "110 tel:110",
    ]);
  });

  it.each([
    "400-688-8888：不在官方名单上，别打", // a wrong number that the bot warns of
    "订单号 2511240001231512345",
    "付了 110 元，赔 ¥110，1.110",
    "全国 12315 平台，www.12315.cn，「12315」小程序",
    "000-111122223",
    "超过三年的，12315 不受理；已在 12315 投诉的不要再交；付款 12315 元",
  ])("leaves %s alone", (text) => {
    expect(links(text)).toEqual([]);
  });

  it("opens official sites and the server's own papers, nothing else", () => {
    expect(links("去 https://www.12315.cn/ 投诉")).toEqual(["https://www.12315.cn/ https://www.12315.cn/"]);
    expect(links("下载 https://bot.example/papers/a-b_c.docx，24 小时内有效")).toHaveLength(1);
    expect(links("https://pinduoduo-kefu.example/110 是假的，javascript:alert(1) 也别点")).toEqual([]);
    expect(safeUrl("/papers/x.docx?k=1", SERVER, KNOWN)).toBe(`${SERVER}/papers/x.docx?k=1`);
    expect(safeUrl("http://127.0.0.1:5005/papers/x.docx", SERVER, KNOWN)).toBe(`${SERVER}/papers/x.docx`);
    for (const bad of [
      "javascript:alert(1)",
      "data:text/html,x",
      "//evil.example/papers/x",
      "https://evil.example/papers/x",
      "https://www.12315.cn.evil.example",
      undefined,
      "http://[",
    ])
      expect(safeUrl(bad, SERVER, KNOWN), String(bad)).toBeUndefined();
  });

  it("loses no character", () => {
    const text = "打12315，或 https://www.12315.cn/a，400-1、110。\n";
    expect(
      linkify(text, SERVER, KNOWN)
        .map((one) => one.text)
        .join(""),
    ).toBe(text);
  });
});

describe("Beijing time", () => {
  const at = (time: string) => Date.parse(`2026-11-24T${time}:00+08:00`);

  it.each([
    ["07:59", false],
    ["08:00", true],
    ["21:29", true],
    ["21:30", false],
    ["00:10", false],
  ])("at %s a line of 8:00 to 21:30 is open: %s", (time, open) => {
    expect(isOpen("8:00", "21:30", at(time))).toBe(open);
  });

  it("knows hours over midnight and whole days, and no hours that it cannot read", () => {
    expect([at("23:00"), at("01:00"), at("03:00")].map((now) => isOpen("22:00", "2:00", now))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isOpen("0:00", "24:00", at("23:59"))).toBe(true);
    expect(isOpen("早上", "21:30", at("12:00"))).toBeUndefined();
    expect(isOpen("8:00", undefined, at("12:00"))).toBeUndefined();
  });

  it("counts days by the calendar of Beijing, wherever the phone is", () => {
    const lateInBeijing = Date.parse("2026-11-24T23:50:00+08:00");
    expect(["2026-11-24", "2026-11-25", "2026-11-23"].map((day) => daysLeft(day, lateInBeijing))).toEqual([0, 1, -1]);
    expect(daysLeft("2026-11-25", lateInBeijing + 15 * 60_000)).toBe(0);
    expect(daysLeft("2026-02-30", lateInBeijing)).toBeUndefined();
    expect([dayName("2026-12-01", lateInBeijing), dayName("2027-01-05", lateInBeijing)]).toEqual([
      "12月1日",
      "2027年1月5日",
    ]);
  });
});

describe("the event stream", () => {
  it("reads events that arrive in any pieces", () => {
    const stream = ': 早\r\n\r\nid: 1\r\nevent: message\r\ndata: {"a":\r\ndata: 1}\r\n\r\ndata: b\n\nevent: x\n\n';
    for (let size = 1; size < 9; size++) {
      const parse = eventStreamParser();
      const events = [];
      for (let at = 0; at < stream.length; at += size) events.push(...parse(stream.slice(at, at + size)));
      expect(events).toEqual([
        { event: "message", data: '{"a":\n1}' },
        { event: "message", data: "b" },
      ]);
    }
  });
});

describe("colours", () => {
  it.each(["#ffff00", "#ff0000", "#0e5a57", "#777777", "#000000", "#ffffff", "#0af"])(
    "stay readable from %s",
    (colour) => {
      for (const dark of [false, true]) {
        const { "--solid": solid = "", "--brand": brand = "" } = palette(colour, dark);
        expect(contrast(solid, "#ffffff")).toBeGreaterThanOrEqual(4.5);
        expect(contrast(brand, dark ? "#1b2626" : "#ffffff")).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  it("leave a colour alone that is readable already", () => {
    expect(readable("#0e5a57", "#ffffff")).toBe("#0e5a57");
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  });
});

describe("options", () => {
  it("come from the script tag, with the script's server as the default", () => {
    expect(readOptions({}, "https://bot.example/help/chat/widget.js", "")).toMatchObject({
      server: SERVER,
      position: "right",
      language: "zh-CN",
      open: false,
      colour: "",
    });
    const given = { server: "https://a.example/chat/", color: "red;}", position: "left", lang: "zh-TW", open: "" };
    expect(readOptions(given, "https://cdn.example/widget.js", "n")).toMatchObject({
      server: "https://a.example",
      colour: "",
      position: "left",
      language: "zh-TW",
      open: true,
      nonce: "n",
    });
    expect(readOptions({ open: "false" }, "https://a.example/chat/widget.js", "").open).toBe(false);
  });
});
