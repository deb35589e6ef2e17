import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report, VendorFile } from "../../agent/model/index.ts";
import { ONE_PIXEL_JPEG } from "../fakes/bodies.ts";
import { NURSERY } from "./cast.ts";
import { ask, CONSENT, Daemon, STATE } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";
import { VENDORS } from "./real-servers.ts";
import { compare } from "./truth.ts";

const MARK = "kanari-kanari-";

/** Each factory password becomes a word that stands nowhere else; no password at all stays none. */
function markedVendors(): Record<string, string> {
  const files = readdirSync(VENDORS).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    files.map((name) => [name, marked(name, readFileSync(`${VENDORS}${name}`, "utf8"))]),
  );
}

function marked(name: string, text: string): string {
  const vendor = JSON.parse(text) as VendorFile;
  if (vendor.factoryLogins === undefined) return text;
  const factoryLogins = vendor.factoryLogins.map((login, index) => ({
    ...login,
    password: login.password === "" ? "" : `${MARK}${name.replace(".json", "")}-${index}`,
  }));
  return JSON.stringify({ ...vendor, factoryLogins });
}

/** All that Komainu wrote, printed and served, by where it was. */
type Traces = Map<string, Buffer>;

function keepFiles(traces: Traces, lan: Lan, folder: string): void {
  for (const entry of readdirSync(lan.world.path(folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) keepFiles(traces, lan, path);
    else if (entry.isFile()) traces.set(`${path} ${traces.size}`, readFileSync(lan.world.path(path)));
  }
}

async function keepPages(traces: Traces, daemon: Daemon): Promise<void> {
  const paths = ["/", "/about", "/claim", "/consent", "/api/v1/status"];
  paths.push(...["report", "devices", "findings", "consents"].map((name) => `/api/v1/${name}`));
  for (const path of paths) {
    const answer = await daemon.fetch(path);
    const body = Buffer.from(await answer.arrayBuffer());
    traces.set(`${path} ${traces.size}`, body);
    if (!answer.headers.get("content-type")?.startsWith("text/html")) continue;
    const links = [...body.toString("utf8").matchAll(/href="(\/(?:findings|cameras)\/[^"#?]+)"/g)];
    for (const [, link = ""] of links) if (!paths.includes(link)) paths.push(link);
  }
}

/** Where `needle` stands, as it is or as it is often written. Needs some ten bytes to be no chance hit. */
function found(traces: Traces, needle: Buffer): string[] {
  const written = [needle.toString("hex"), needle.toString("latin1"), ...base64Forms(needle)];
  const forms = [needle, ...written.map((form) => Buffer.from(form))];
  return [...traces].flatMap(([where, bytes]) => (forms.some((form) => bytes.includes(form)) ? [where] : []));
}

/** What base64 makes of it wherever it stands in a longer text: three bytes become four letters. */
function base64Forms(needle: Buffer): string[] {
  return [0, 1, 2].map((skipped) => {
    const length = Math.floor((needle.length - skipped) / 3) * 3;
    return needle.subarray(skipped, skipped + length).toString("base64");
  });
}

describe("what Komainu writes, prints and serves after it looked at the nursery", () => {
  const traces: Traces = new Map();
  let lan: Lan;
  let report: Report;
  beforeAll(async () => {
    lan = await startLan({ cast: NURSERY, vendors: markedVendors() });
    // With a state of its own: the day's logins are counted apart, so that both look at everything.
    const other = `${STATE}-of-the-scan`;
    const saved = await ask(lan, ["scan", "--until", "probes", ...CONSENT], other);
    traces.set("saved scan", Buffer.from(saved.stdout)).set("its progress", Buffer.from(saved.stderr));
    keepFiles(traces, lan, other);

    const daemon = await Daemon.start(lan, await lan.forward(8080), CONSENT);
    await daemon.claim();
    const events: string[] = [];
    await daemon.event((event) => {
      events.push(JSON.stringify(event));
      return event.type === "stage" && event.stage === "done" ? true : undefined;
    });
    traces.set("/events", Buffer.from(events.join("\n")));
    report = await daemon.get<Report>("/api/v1/report");
    const again = await ask(lan, ["scan", "--json", ...CONSENT]);
    traces.set("scan --json", Buffer.from(again.stdout)).set("its progress ", Buffer.from(again.stderr));
    await keepPages(traces, daemon);
    traces.set("doctor", Buffer.from((await ask(lan, ["doctor"])).stdout));
    keepFiles(traces, lan, STATE);
    const { stdout, stderr } = await daemon.end();
    traces.set("the daemon's output", Buffer.from(`${stdout}\n${stderr}`));
    keepFiles(traces, lan, STATE);
  });
  afterAll(() => lan?.stop());

  it("is complete enough to be searched: the logins were tried, and what they opened is told", async () => {
    expect(compare(report, lan.truth)).toEqual({ missed: [], false: [] });
    expect(lan.truth.factoryLogins.length).toBeGreaterThan(5);
    const where = [...traces.keys()].join("\n");
    for (const part of [
      "saved scan",
      "/events",
      "state.json",
      "logins.json",
      "history.jsonl",
      "/cameras/",
      "/findings/",
    ])
      expect(where).toContain(part);
    const text = [...traces.values()].map((bytes) => bytes.toString("latin1")).join("\n");
    expect(text).toContain("hikvision#/factoryLogins/");
    expect(text).toContain("BL-C131");
  });

  it("holds no factory password, in no form", () => {
    expect(found(traces, Buffer.from(MARK))).toEqual([]);
  });

  it("holds no byte of a picture", () => {
    expect(found(traces, ONE_PIXEL_JPEG.subarray(0, 12))).toEqual([]);
    const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);
    expect([...traces].filter(([, bytes]) => bytes.includes(startOfImage))).toEqual([]);
  });

  it("would be found if it were there, in each form", () => {
    const secret = Buffer.from(`${MARK}sony-0`);
    const hidden: Traces = new Map([
      ["plain", Buffer.from(`{"a":"${secret}"}`)],
      ["basic", Buffer.from(Buffer.from(`admin:${secret}`).toString("base64"))],
      ["basic of two letters", Buffer.from(Buffer.from(`ab:${secret}`).toString("base64"))],
      ["hex", Buffer.from(secret.toString("hex"))],
      ["nothing", Buffer.from("kanari-kanari")],
    ]);
    expect(found(hidden, Buffer.from(MARK))).toEqual(["plain", "basic", "basic of two letters", "hex"]);
  });
});
