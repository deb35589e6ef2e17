import { expect, test } from "vitest";
import { audit } from "../../../agent/audit/index.ts";
import {
  type ConsentRecord,
  type Device,
  type LoginLedger,
  type ProgressEvent,
  QUESTION_IDS,
} from "../../../agent/model/index.ts";

const device = (id: string, change: Partial<Device> = {}): Device => ({
  id,
  aliases: [],
  kind: "camera",
  vendor: null,
  model: null,
  firmware: null,
  certainty: 0.9,
  stableIds: [],
  addresses: [{ address: "127.0.0.1", interface: "lo" }],
  mac: null,
  names: [],
  fields: {},
  services: [],
  ...change,
});

const ledger: LoginLedger = {
  attempts: () => [],
  lockOuts: () => [],
  lostAt: () => null,
  add: () => expect.fail("a login was reserved"),
  settle: () => expect.fail("a login was settled"),
  addLockOut: () => expect.fail("a lock-out was noted"),
};

const consent = (change: Partial<ConsentRecord>): ConsentRecord => ({
  id: "c",
  person: "園長",
  role: "責任者",
  levels: ["L1", "L2"],
  devices: "all",
  managers: {},
  from: "2026-01-01T00:00:00.000Z",
  until: "2027-01-01T00:00:00.000Z",
  how: "command-line",
  textHash: "",
  revokedAt: null,
  ...change,
});

function run(devices: readonly Device[], consents: readonly ConsentRecord[]) {
  const events: ProgressEvent[] = [];
  const order: string[] = [];
  const audited = audit(devices, {
    consents: () => consents,
    managerOf: () => null,
    ledger,
    vendorOf: () => null,
    reidentify: (one) => one,
    only: new Set(["ports"]),
    signal: new AbortController().signal,
    onProgress: (event) => events.push(event),
    onAudited: (one) => order.push(one.device.id),
    now: () => new Date("2026-06-01T00:00:00Z"),
  });
  return { audited, events, order };
}

test.each<[string, readonly ConsentRecord[]]>([
  ["nobody's", []],
  ["a withdrawn", [consent({ revokedAt: "2026-05-01T00:00:00.000Z" })]],
  ["an ended", [consent({ until: "2026-05-01T00:00:00.000Z" })]],
  ["another camera's", [consent({ devices: ["mac:other"] })]],
])("with %s consent no connection is opened to any device", async (_whose, consents) => {
  const devices = (["camera", "recorder", "unknown", "other"] as const).map((kind) =>
    device(`mac:${kind}`, { kind }),
  );
  const { audited } = run(devices, consents);
  const { evidence, traffic } = await audited;
  for (const { id } of devices) {
    expect(traffic[id]?.connections).toBe(0);
    for (const question of QUESTION_IDS) expect(evidence[id]?.[question]?.asked ?? false).toBe(false);
  }
});

test("one device's bug is its own, and the order of the devices stays", async () => {
  const broken: Device = {
    ...device("mac:broken"),
    get addresses(): Device["addresses"] {
      throw new Error("our bug");
    },
  };
  const { audited, events } = run(
    [device("seen:a"), broken, device("mac:b", { mac: "AA:BB:CC:DD:EE:01" })],
    [],
  );
  const { devices: after, evidence } = await audited;
  expect(after.map(({ id }) => id)).toEqual(["seen:a", "mac:broken", "mac:b"]);
  expect(evidence["mac:broken"]).toEqual({});
  expect(evidence["mac:b"]?.ports).toEqual({ asked: false, because: "no-consent" });
  expect(events).toContainEqual(expect.objectContaining({ type: "trouble", deviceId: "mac:broken" }));
});

test("who is surely there is asked before a crowd of made-up senders", async () => {
  const crowd = Array.from({ length: 100 }, (_, n) => device(`seen:${n}`));
  const { audited, order } = run([...crowd, device("mac:b", { mac: "AA:BB:CC:DD:EE:01" })], []);
  await audited;
  expect(order.indexOf("mac:b")).toBeLessThan(64);
});
