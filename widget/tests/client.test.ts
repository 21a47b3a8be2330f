import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatClient } from "../src/chat/client";
import { isAwaiting, shown } from "../src/chat/conversation";
import { type Keeper, memoryKeeper, sessionKey } from "../src/chat/session";
import { backoff, TIMES } from "../src/chat/timing";
import type { View } from "../src/chat/view";
import { FakeServer } from "./server";

const SERVER = "https://bot.example";

let server: FakeServer;
let online: boolean;
let hidden: boolean;

interface Tab {
  client: ChatClient;
  view: () => View;
  /** "user 文 sent" and the like, as on the screen. */
  screen: () => string[];
}

function open(keeper: Keeper = memoryKeeper()): Tab {
  const client = new ChatClient(SERVER, {
    fetch: server.fetch,
    keeper,
    isOnline: () => online,
    isHidden: () => hidden,
  });
  let view!: View;
  client.subscribe((next) => {
    view = next;
  });
  client.start();
  const screen = () =>
    shown(view.conversation).map(({ message, delivery }) =>
      [message.role, message.text, ...(delivery && delivery.state !== "done" ? [delivery.state] : [])].join(" "),
    );
  return { client, view: () => view, screen };
}

const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  online = true;
  hidden = false;
});
afterEach(() => vi.useRealTimers());

describe("sending", () => {
  it("shows the message at once, then its answer, each once", async () => {
    const tab = open();
    tab.client.send("鞋开胶了");
    expect(tab.screen()).toEqual(["user 鞋开胶了 sending"]);
    await settle(10);
    expect(tab.screen()).toEqual(["user 鞋开胶了", "bot 答：鞋开胶了"]);
    expect(isAwaiting(tab.view().conversation)).toBe(false);
  });

  it("sends a button's payload and shows its title", async () => {
    const tab = open();
    tab.client.send("/deny", "不是");
    await settle(10);
    expect(tab.screen()).toEqual(["user 不是", "bot 答：/deny"]);
  });

  it("tries again by itself with the same id when the answer to a post is lost", async () => {
    const tab = open();
    server.faults = [];
    tab.client.send("一");
    await settle(10);
    server.faults = ["lost"];
    tab.client.send("二");
    await settle(TIMES.lastRetry);
    expect(server.taken).toHaveLength(2);
    expect(tab.screen()).toEqual(["user 一", "bot 答：一", "user 二", "bot 答：二"]);
  });

  it("keeps a message that could not be sent, and sends it again on request", async () => {
    const tab = open();
    server.down = true;
    tab.client.send("在吗");
    await settle(TIMES.lastRetry * 3);
    expect(tab.screen()).toEqual(["user 在吗 failed"]);
    expect(tab.view().conversation.deliveries[0]?.trouble).toBe("unreachable");
    server.down = false;
    tab.client.resend(tab.view().conversation.deliveries[0]?.id ?? "");
    await settle(TIMES.lastRetry * 2);
    expect(tab.screen()).toEqual(["user 在吗", "bot 答：在吗"]);
    expect(server.taken).toHaveLength(1);
  });

  it("does not insist where the server refuses, and tells the server's reason", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    const before = server.requests.length;
    server.faults = [429];
    tab.client.send("二");
    await settle(TIMES.lastRetry);
    expect(server.requests).toHaveLength(before + 1);
    expect(tab.view().conversation.deliveries[1]).toMatchObject({ state: "failed", sentence: "错误429" });
  });

  it("says offline at once when the browser knows it", async () => {
    const tab = open();
    online = false;
    server.down = true;
    tab.client.send("一");
    await settle(10);
    expect(tab.view().conversation.deliveries[0]).toMatchObject({ state: "failed", trouble: "offline" });
  });

  it("marks a turn that failed and lets it be sent again under its id", async () => {
    const tab = open();
    server.turn = (id) => server.fail(id);
    tab.client.send("一");
    await settle(10);
    expect(tab.screen()).toEqual(["user 一 failed"]);
    server.drop();
    await settle(TIMES.lastRetry);
    expect(tab.screen()).toEqual(["user 一 failed"]);
    server.turn = (id, text) => server.answer(id, text);
    tab.client.resend(tab.view().conversation.deliveries[0]?.id ?? "");
    await settle(10);
    expect(tab.screen()).toEqual(["user 一", "bot 答：一"]);
  });

  it("shows a failed turn in the other tab too, until this one has sent it again", async () => {
    const keeper = memoryKeeper();
    const one = open(keeper);
    server.turn = (id) => server.fail(id);
    one.client.send("一");
    await settle(10);
    const other = open(keeper);
    await settle(10);
    expect(other.screen()).toEqual(["user 一 failed"]);
    server.turn = (id, text) => server.answer(id, text);
    one.client.resend(one.view().conversation.deliveries[0]?.id ?? "");
    await settle(10);
    expect(other.screen()).toEqual(["user 一", "bot 答：一"]);
  });

  it("is patient at 8 s, gives up at last, and asks anew when the server only knows the old id", async () => {
    const tab = open();
    server.turn = () => {};
    tab.client.send("一");
    await settle(TIMES.slow - 100);
    expect(tab.view().slow).toBe(false);
    await settle(200);
    expect(tab.view().slow).toBe(true);
    await settle(TIMES.silent);
    expect(tab.screen()).toEqual(["user 一 failed"]);
    const id = tab.view().conversation.deliveries[0]?.id ?? "";
    tab.client.resend(id);
    await settle(TIMES.silent + 1000);
    server.turn = (own, text) => server.answer(own, text);
    tab.client.resend(id);
    await settle(10);
    expect(tab.screen()).toEqual(["user 一", "bot 答：一"]);
    expect(server.taken).toHaveLength(2);
  });
});

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
    hidden = true;
    tab.client.hide();
    await settle(TIMES.hidden + 10);
    expect(server.streams).toHaveLength(0);
    server.say({ text: "没看见时说的" });
    hidden = false;
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

describe("sessions", () => {
  it("restores the history after a reload", async () => {
    const keeper = memoryKeeper();
    const before = open(keeper);
    before.client.send("一");
    await settle(10);
    before.client.stop();
    const after = open(keeper);
    await settle(10);
    expect(after.screen()).toEqual(["user 一", "bot 答：一"]);
  });

  it("keeps two tabs in step", async () => {
    const keeper = memoryKeeper();
    const one = open(keeper);
    one.client.send("一");
    await settle(10);
    const other = open(keeper);
    await settle(10);
    other.client.send("二");
    await settle(10);
    expect(one.screen()).toEqual(other.screen());
    expect(one.screen()).toHaveLength(4);
  });

  it("joins the conversation that another tab began at the same moment, with its message", async () => {
    const keeper = memoryKeeper();
    const one = open(keeper);
    one.client.send("一");
    await settle(10);
    const mine = keeper.getItem(sessionKey(SERVER));
    server.sessions.add("token-other");
    server.turn = () => {};
    one.client.send("二");
    await settle(10);
    server.history = [];
    server.taken = [];
    keeper.setItem(sessionKey(SERVER), "token-other");
    one.client.kept(sessionKey(SERVER), "token-other");
    await settle(10);
    expect(mine).not.toBe("token-other");
    expect(one.screen()).toEqual(["user 二 waiting"]);
  });

  it("begins anew with the message at hand when the session has expired", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    server.sessions.clear();
    server.history = [];
    server.drop();
    await settle(TIMES.lastRetry);
    expect(tab.screen()).toEqual([]);
    expect(tab.view().expired).toBe(true);
    tab.client.send("二");
    await settle(10);
    expect(tab.screen()).toEqual(["user 二", "bot 答：二"]);
  });

  it("forgets on request: the screen, the token, and what another tab shows", async () => {
    const keeper = memoryKeeper();
    const one = open(keeper);
    one.client.send("一");
    await settle(10);
    const other = open(keeper);
    await settle(10);
    await one.client.forget();
    await settle(10);
    expect([one.screen(), other.screen(), keeper.getItem(sessionKey(SERVER))]).toEqual([[], [], null]);
    one.client.send("新的");
    await settle(10);
    expect(one.screen()).toEqual(["user 新的", "bot 答：新的"]);
  });

  it("leaves the bot's goodbye on the screen when the deletion was asked for in words", async () => {
    const tab = open();
    server.turn = () => {
      server.say({ text: "都删掉了" });
      server.forget("都删掉了");
    };
    tab.client.send("删除我的数据");
    await settle(10);
    expect(tab.screen()).toEqual([]);
    expect(tab.view().conversation.farewell).toBe("都删掉了");
  });

  it("says so when the deletion did not happen", async () => {
    const tab = open();
    tab.client.send("一");
    await settle(10);
    server.faults = [500];
    await expect(tab.client.forget()).rejects.toThrow();
    expect(tab.screen()).toHaveLength(2);
  });
});
