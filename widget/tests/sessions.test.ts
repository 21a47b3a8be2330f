import { describe, expect, it } from "vitest";
import { memoryKeeper, sessionKey } from "../src/chat/session";
import { TIMES } from "../src/chat/timing";
import { open, SERVER, server, settle } from "./tab";

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
