import { describe, expect, it } from "vitest";
import { backoff, TIMES } from "../src/chat/timing";
import { browser, open, server, settle } from "./tab";

describe("the stream", () => {
  it("resumes where it stopped: nothing lost, nothing doubled", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    server.drop();
    server.say({ text: "断线时说的" });
    await settle(TIMES.lastRetry);
    expect(tab.screen()).toEqual(["user 一", "bot 答：一", "bot 断线时说的"]);
    expect(server.requests.filter((one) => one.startsWith("GET")).slice(-1)[0]).toContain("after=2&begun=");
  });

  it("sends a turn again that the server lost when it died in the middle", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    server.turn = (id, text) => {
      server.tell("typing", { on: true });
      server.say({ text: `半个答案：${text}` });
      // It dies: neither the message nor the half answer was saved, and its numbers are given out again.
      server.history = server.history.slice(0, 2);
      server.taken = server.taken.filter((one) => one !== id);
      server.turn = (own, words) => server.answer(own, words);
      server.down = true;
      setTimeout(() => server.drop(), 1);
    };
    tab.client.send("二");
    await settle(100);
    expect(tab.view().link.state).not.toBe("open");
    server.say({ role: "user", id: "another tab's", text: "三" });
    server.say({ text: "答：三" });
    server.down = false;
    await settle(TIMES.lastRetry * 2);
    expect(tab.screen().slice(2)).toEqual(["user 三", "bot 答：三", "user 二", "bot 答：二"]);
  });

  it("stops sending a message again that the server dies of", async () => {
    const tab = open();
    server.turn = () => {
      server.history = [];
      server.taken = [];
      setTimeout(() => server.drop(), 1);
    };
    tab.client.send("毒");
    await settle(TIMES.lastRetry * 5);
    expect(tab.screen()).toEqual(["user 毒 failed"]);
    expect(server.requests.filter((one) => one.startsWith("POST /messages"))).toHaveLength(3);
  });

  it.each([
    ["is shorter", 1],
    ["is another, and longer", 5],
  ])("shows the server's history from its beginning when it %s", async (_, length) => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    server.drop();
    server.history = [];
    server.begun = "2026-11-25T01:00:00Z";
    for (let seq = 1; seq <= length; seq++) server.say({ text: `新${seq}` });
    await settle(TIMES.lastRetry);
    expect(tab.screen()).toHaveLength(length);
    expect(tab.screen()[0]).toBe("bot 新1");
  });

  it("gives way when the server is crowded, until somebody looks at the tab", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    server.tell("crowded", {});
    server.drop();
    await settle(TIMES.lastRetry);
    expect(server.streams).toHaveLength(0);
    tab.client.poke();
    await settle(10);
    expect(server.streams).toHaveLength(1);
  });

  it("tells of trouble only while there is some, and tries at once when poked", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    server.down = true;
    server.drop();
    await settle(60_000);
    expect(tab.view().link).toMatchObject({ trouble: "unreachable" });
    expect(tab.view().link.failures).toBeGreaterThan(2);
    server.down = false;
    tab.client.poke();
    await settle(1);
    expect(tab.view().link).toEqual({ state: "open", failures: 0 });
  });

  it("takes a silent stream for dead", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    const opened = server.requests.filter((one) => one.startsWith("GET")).length;
    await settle(TIMES.streamSilence + TIMES.firstRetry * 2);
    expect(server.requests.filter((one) => one.startsWith("GET")).length).toBe(opened + 1);
    expect(tab.view().link.state).toBe("open");
  });

  it("gives its connection back out of sight, and catches up in sight", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    browser.hidden = true;
    tab.client.hide();
    await settle(TIMES.hidden + 10);
    expect(server.streams).toHaveLength(0);
    server.say({ text: "没看见时说的" });
    browser.hidden = false;
    tab.client.poke();
    await settle(10);
    expect(tab.screen()).toContain("bot 没看见时说的");
  });

  it("pauses longer and longer, within bounds", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 20].map((failures) => backoff(failures, 0.5));
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
    expect(backoff(1, 0)).toBeLessThan(backoff(1, 1));
  });
});
