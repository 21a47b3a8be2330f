import { describe, expect, it } from "vitest";
import { isAwaiting } from "../src/chat/conversation";
import { memoryKeeper } from "../src/chat/session";
import { TIMES } from "../src/chat/timing";
import { browser, open, server, settle } from "./tab";

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
    browser.online = false;
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
