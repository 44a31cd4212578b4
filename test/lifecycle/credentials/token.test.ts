import { beforeEach, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { keepToken } from "../../../lifecycle/credentials/token";
import { CANARY, FakeFleet, FakeStore, TOKEN } from "./fake-fleet";

const HOUR = 3600;
let store: FakeStore;
let fleet: FakeFleet;
beforeEach(() => {
  store = new FakeStore();
  fleet = new FakeFleet(store);
});

const keep = (settings: { anew?: boolean; lifetimeSeconds?: number } = {}) =>
  keepToken(TOKEN, store, fleet, { anew: false, lifetimeSeconds: 3 * HOUR, graceSeconds: 0, ...settings });
const entry = () => store.entries.get(TOKEN.entry) ?? {};
/** Moves the token in the store to this many seconds before its end, of three hours. */
const age = async (secondsLeft: number) => {
  const expires = new Date(Date.now() + secondsLeft * 1000).toISOString();
  const issued = new Date(Date.now() + (secondsLeft - 3 * HOUR) * 1000).toISOString();
  await store.put(TOKEN.entry, { ...entry(), issued, expires });
};

describe("a token", () => {
  it("is issued where there is none, and lies in the store as its consumers read it", async () => {
    const result = await keep();
    expect(result.outcome).toBe("issued");
    expect(parse(entry().kubeconfig ?? "")).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "east", cluster: { server: "https://east.example:6443", "certificate-authority-data": "Q0E=" } },
      ],
      users: [{ name: "east", user: { token: `${CANARY}-1` } }],
      contexts: [{ name: "east", context: { cluster: "east", user: "east" } }],
      "current-context": "east",
    });
    expect(Date.parse(result.expires) - Date.parse(result.issued)).toBeLessThan(3 * HOUR * 1000 + 5000);
  });

  it("is kept while it has time, and nothing is asked twice", async () => {
    await keep();
    const before = entry();
    fleet.events.length = 0;
    expect((await keep()).outcome).toBe("kept");
    expect([entry(), fleet.events]).toEqual([before, []]);
  });

  it.each([
    ["kept", HOUR + 60],
    ["renewed", HOUR - 60],
    ["renewed", -60],
  ])("is %s with %d s of three hours left", async (outcome, secondsLeft) => {
    await keep();
    await age(secondsLeft);
    expect((await keep()).outcome).toBe(outcome);
  });

  it("is renewed when it was given more time than may be given now", async () => {
    await keep({ lifetimeSeconds: 30 * 24 * HOUR });
    expect((await keep({ lifetimeSeconds: 30 * 24 * HOUR })).outcome).toBe("kept");
    expect((await keep({ lifetimeSeconds: 24 * HOUR })).outcome).toBe("renewed");
  });

  it("is renewed when its cluster does not take it, as after a rebuild", async () => {
    await keep();
    fleet.bound.clear();
    expect((await keep()).outcome).toBe("renewed");
    expect(entry().token).toBe(`${CANARY}-2`);
  });

  it("is renewed when its cluster is found elsewhere", async () => {
    await keep();
    fleet.url = "https://moved.example:6443";
    expect((await keep()).outcome).toBe("renewed");
    expect(entry().kubeconfig).toContain("https://moved.example:6443");
  });

  it("says when it ends as the API server granted it", async () => {
    fleet.mostSeconds = HOUR;
    const { expires } = await keep({ lifetimeSeconds: 168 * HOUR });
    expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(HOUR * 1000);
  });

  it("needs its account", async () => {
    fleet.account = false;
    await expect(keep()).rejects.toThrow(
      "cluster east has no ServiceAccount istio-system/reader: run `pulumi up` first",
    );
    expect(store.entries.size).toBe(0);
  });
});

describe("rotation", () => {
  it("lets the old token go only when every consumer holds the new one", async () => {
    await keep();
    fleet.events.length = 0;
    expect((await keep({ anew: true })).outcome).toBe("renewed");
    expect(fleet.events).toEqual([
      `issue ${CANARY}-2`,
      `hub holds ${CANARY}-2`,
      `west holds ${CANARY}-2`,
      `revoke ${CANARY}-1`,
    ]);
  });

  it("keeps the old token where a consumer cannot be reached, and ends it when it is run again", async () => {
    await keep();
    fleet.down.add("west");
    const result = await keep({ anew: true });
    expect(result).toMatchObject({
      outcome: "incomplete",
      message: "cluster west: no route; the token before stays valid until this is run again",
    });
    expect([...fleet.bound.values()]).toEqual([`${CANARY}-1`, `${CANARY}-2`]);
    fleet.down.clear();
    expect((await keep()).outcome).toBe("kept");
    expect([...fleet.bound.values()]).toEqual([`${CANARY}-2`]);
  });

  it("ends what a killed run made and did not keep", async () => {
    await keep();
    fleet.bound.set("istio-remote-east-lost", "stray");
    expect((await keep()).outcome).toBe("kept");
    expect([...fleet.bound.values()]).toEqual([`${CANARY}-1`]);
  });

  it("changes nothing where the token's own cluster cannot be reached", async () => {
    await keep();
    const before = entry();
    fleet.down.add("east");
    await expect(keep({ anew: true })).rejects.toThrow("cluster east: no route");
    expect(entry()).toBe(before);
  });
});
