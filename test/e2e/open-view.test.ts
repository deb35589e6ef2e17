import { afterEach, describe, expect, test } from "vitest";
import type { SiteState } from "../../agent/serve/index.ts";
import { type Served, serveMadeUp } from "./browser.ts";
import { STATE_NAMES, STATES, WAYS } from "./states.ts";

let served: Served;
afterEach(() => served.server.close());

/** Whatever tells one thing on this network, or one person's part in it, from another. */
function secretsOf({ report, known, findings, consents, mends, scanning }: SiteState): readonly string[] {
  const ofDevices = (report?.devices ?? []).flatMap(
    ({ id, vendor, model, firmware, mac, names, addresses }) => [
      id,
      vendor,
      model,
      firmware,
      mac,
      ...names,
      ...addresses,
    ],
  );
  const ofFindings = findings.flatMap(({ id, outcome }) => [id, outcome.subject, ...outcome.evidence]);
  const labels = (scanning?.steps ?? []).flatMap((step) => ("label" in step ? [step.label] : []));
  const people = [...consents.map(({ person }) => person), ...mends.map(({ by }) => by)];
  const ofWays = (report?.reach?.paths ?? []).flatMap(({ description, externalAddress, internalAddress }) => [
    description,
    externalAddress,
    internalAddress,
  ]);
  const all = [
    ...ofWays,
    ...ofDevices,
    ...known.map(({ name }) => name),
    ...ofFindings,
    ...labels,
    ...people,
  ];
  return [...new Set(all.filter((text) => text != null && text.length > 1))] as string[];
}

const PATHS = [
  "/outside",
  "/",
  "/about",
  "/claim",
  "/consent",
  "/setup",
  "/access",
  "/report",
  "/visit",
  "/timeline",
];

describe("whoever has no code", () => {
  const all: Readonly<Record<string, SiteState>> = { ...STATES, ways: WAYS.everything };
  test.each([...STATE_NAMES, "ways"])("is told no name, address, model or MAC (%s)", async (name) => {
    const state = all[name];
    if (!state) throw new Error("there is no such state");
    // The place's own name is on every page.
    served = await serveMadeUp({ ...state, place: "つくし保育園", contact: "青葉電設" });
    const secrets = secretsOf(state);
    const deeper = state.findings.flatMap(({ id }) => {
      const path = `/findings/${encodeURIComponent(id)}`;
      return [path, `${path}/message`, `${path}/close`];
    });
    for (const path of [
      ...PATHS,
      ...deeper,
      "/cameras/0123456789ab",
      "/api/v1/status",
      "/healthz",
      "/none",
    ]) {
      for (const language of ["ja", "en"]) {
        const answer = await fetch(new URL(path, served.address), {
          headers: { "accept-language": language },
        });
        const body = plain(await answer.text());
        // What somebody asked for by its name stands in the way back to it.
        const told = secrets.filter((secret) => !path.includes(secret) && body.includes(plain(secret)));
        expect(told, `${path} ${language}`).toEqual([]);
      }
    }
  });

  test("hears nothing of it in the events of a scan", async () => {
    served = await serveMadeUp(STATES.scanning);
    const stop = new AbortController();
    const stream = await fetch(new URL("/events", served.address), { signal: stop.signal });
    for (const step of STATES.scanning.scanning?.steps ?? []) served.site.tell(step);
    served.site.tell({ type: "stage", stage: "done", at: "2026-11-21T01:05:00.000Z" });
    let heard = "";
    for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
      heard += Buffer.from(chunk).toString("utf8");
      if (heard.includes('"done"')) break;
    }
    stop.abort();
    expect(secretsOf(STATES.scanning).filter((secret) => heard.includes(secret))).toEqual([]);
  });
});

/** HTML, JSON and the text itself say the same sign in several ways. */
function plain(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&quot;|\\"/g, '"')
    .replace(/&amp;/g, "&")
    .toLowerCase();
}
