import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IgdFact, MappingTarget, MendOutcome } from "../../agent/model/index.ts";
import { SMALL_CAST } from "./cast-small.ts";
import type { RouterAnswers } from "./inside/ask-router.ts";
import type { MendWish } from "./inside/mend.ts";
import type { Reach } from "./inside/reach.ts";
import { type Lan, startLan } from "./lan.ts";
import { IGD_PORT, type IgdChoice, mapPorts, openPinhole, startIgd } from "./router.ts";
import { OUTSIDE, ROUTER, ulaOf } from "./topology.ts";

const BIN = "/run/lan/bin";
const OUTSIDE_PORT = 8081;
const DOOR = 5000;

/** The device with a door for both families. */
const NAS = SMALL_CAST.find(({ name }) => name === "nas") ?? SMALL_CAST[0];

/** Whether miniupnpd itself is the router, or the stand-in, which speaks UPnP alone. */
function isReal(lan: Lan): boolean {
  return lan.parts.some(({ part, real }) => part === "miniupnpd" && real);
}

/** A LAN whose router is of this kind; the device has opened a door in both families. */
async function withRouter(
  choice: IgdChoice,
): Promise<{ readonly lan: Lan; readonly uniqueId: number | null }> {
  if (NAS === undefined) throw new Error("the cast is empty");
  const lan = await startLan({ cast: SMALL_CAST, igd: false });
  await startIgd(lan.world, isReal(lan), BIN, choice);
  const mapping = { protocol: "TCP", externalPort: OUTSIDE_PORT, internalPort: DOOR } as const;
  const wanted = { ...mapping, internalClient: NAS.address, description: "NAS" };
  await mapPorts(lan.world, BIN, [wanted], NAS.name);
  if (choice.version === 1) return { lan, uniqueId: null };
  const pinhole = { protocol: "TCP", internalClient: ulaOf(NAS.address), internalPort: DOOR } as const;
  return { lan, uniqueId: await openPinhole(lan.world, BIN, NAS.name, pinhole) };
}

async function ask(
  lan: Lan,
): Promise<{ readonly igd: IgdFact; readonly others: RouterAnswers["portControl"] }> {
  const { done } = lan.agent.run([process.execPath, `${BIN}/ask-router.mjs`, ROUTER.lan, String(IGD_PORT)]);
  const { stdout, stderr } = await done;
  if (stdout === "") throw new Error(stderr);
  const { igd, portControl } = JSON.parse(stdout) as RouterAnswers;
  if (typeof igd === "string") throw new Error(`no list: ${igd}`);
  return { igd, others: portControl };
}

async function mend(lan: Lan, wish: Pick<MendWish, "mapping" | "pinhole">): Promise<MendOutcome> {
  const whole: MendWish = { router: ROUTER.lan, port: IGD_PORT, ...wish };
  const { done } = lan.agent.run([process.execPath, `${BIN}/mend.mjs`, JSON.stringify(whole)]);
  const { stdout, stderr } = await done;
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as MendOutcome;
}

/** What the list shows, as a person would click on it. */
async function seenMapping(lan: Lan): Promise<MappingTarget> {
  const found = (await ask(lan)).igd.mappings.find(({ externalPort }) => externalPort === OUTSIDE_PORT);
  if (found === undefined) throw new Error("the router lists no such mapping");
  return { routerId: "router", ...found };
}

async function isOpen(lan: Lan): Promise<boolean> {
  return (await lan.outside.connect(OUTSIDE_PORT)).connected;
}

async function isOpen6(lan: Lan): Promise<boolean> {
  const request = { address: ulaOf(NAS?.address ?? ""), ports: [DOOR], timeoutMs: 2000, get: null };
  const argv = [process.execPath, `${BIN}/reach.mjs`, JSON.stringify(request)];
  const [reach] = JSON.parse(await lan.world.run(OUTSIDE.name, argv)) as readonly Reach[];
  return reach?.connected ?? false;
}

describe("a router that lets anybody on the LAN delete", () => {
  let lan: Lan;
  let uniqueId: number | null;
  beforeAll(async () => {
    ({ lan, uniqueId } = await withRouter({}));
  });
  afterAll(() => lan?.stop());

  it("tells of its pinholes that they are there, and that another device has them", async () => {
    const { igd } = await ask(lan);
    expect(igd).toMatchObject({ version: 2, connectionType: "ip", complete: true });
    expect(igd.ipv6Firewall).toEqual({ enabled: true, pinholeAllowed: true });
    expect(igd.pinholes).toEqual({ found: [{ uniqueId, packets: null }], complete: true });
  });

  it("says by which other protocols a device may open a port", async () => {
    const { others } = await ask(lan);
    const both = { natPmp: { externalAddress: ROUTER.wan }, pcp: { resultCode: 0 } };
    expect(others).toEqual(isReal(lan) ? both : { natPmp: null, pcp: null });
  });

  it("leaves alone what leads elsewhere than the person saw", async () => {
    const mapping = { ...(await seenMapping(lan)), internalClient: "192.168.77.99" };
    expect(await mend(lan, { mapping })).toMatchObject({ result: "changed", code: null });
    expect(await isOpen(lan)).toBe(true);
  });

  it("closes another device's mapping for good", async () => {
    const mapping = await seenMapping(lan);
    expect(await mend(lan, { mapping })).toMatchObject({ result: "done", code: null });
    expect(await isOpen(lan)).toBe(false);
    expect(await mend(lan, { mapping })).toMatchObject({ result: "already" });
    // With no port mapped, miniupnpd 2.3.1 takes every id for the pinhole that was asked for before.
    const pinholes = { found: [{ uniqueId, packets: null }], complete: true };
    expect((await ask(lan)).igd).toMatchObject({ mappings: [], complete: true, pinholes });
  });

  it("closes no pinhole of another device, which stays open", async () => {
    expect(await isOpen6(lan)).toBe(true);
    expect(await mend(lan, { pinhole: uniqueId ?? 0 })).toMatchObject({ result: "refused", code: 606 });
    expect(await isOpen6(lan)).toBe(true);
    expect(await mend(lan, { pinhole: 20 })).toMatchObject({ result: "already" });
  });

  it("is the only one that was sent a packet", async () => {
    expect(await lan.agent.offLanAddresses()).toEqual([]);
  });
});

describe("a router in secure mode", () => {
  let lan: Lan;
  beforeAll(async () => {
    ({ lan } = await withRouter({ secureMode: true }));
  });
  afterAll(() => lan?.stop());

  it("refuses, and the door is open still", async () => {
    const mapping = await seenMapping(lan);
    expect(await mend(lan, { mapping })).toMatchObject({ result: "refused", code: 606 });
    expect(await isOpen(lan)).toBe(true);
  });
});

describe("a router of the first version", () => {
  let lan: Lan;
  beforeAll(async () => {
    ({ lan } = await withRouter({ version: 1 }));
  });
  afterAll(() => lan?.stop());

  it("closes a mapping and has no pinholes", async () => {
    expect((await ask(lan)).igd).toMatchObject({ version: 1, pinholes: null });
    const mapping = await seenMapping(lan);
    expect(await mend(lan, { mapping })).toMatchObject({ result: "done" });
    expect(await isOpen(lan)).toBe(false);
    expect(await mend(lan, { pinhole: 1 })).toMatchObject({ result: "failed" });
  });
});
