import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selfSigned } from "../fakes/certificate.ts";
import { SMALL_CAST } from "./cast-small.ts";
import { type Lan, startLan } from "./lan.ts";
import { Service } from "./service.ts";
import { askSite, type SiteParts, siteContext } from "./site-question.ts";
import { OUTSIDE, ROUTER } from "./topology.ts";

const FOLDER = "/run/lan/internetdb";
/** Stands in for InternetDB at its own name; sources of its format in agent/net/internetdb.ts, content made up. */
const SERVER = `const { readFileSync, appendFileSync } = require("node:fs");
const tls = { key: readFileSync("${FOLDER}/key"), cert: readFileSync("${FOLDER}/cert") };
require("node:https").createServer(tls, ({ method, url }, response) => {
  appendFileSync("${FOLDER}/asked", method + " " + url + "\\n");
  const ip = url.slice(1);
  response.end(JSON.stringify({ ip, ports: [8081], hostnames: [], cpes: [], tags: ["iot"], vulns: [] }));
}).listen(443, () => console.log("ready"))`;

describe("the public index of open ports", () => {
  let lan: Lan;
  beforeAll(async () => {
    lan = await startLan({ cast: SMALL_CAST });
    const { key, cert } = selfSigned("CN=internetdb.shodan.io");
    const files = { key, cert, asked: "", hosts: `${OUTSIDE.address} internetdb.shodan.io\n` };
    for (const [name, text] of Object.entries(files)) lan.world.write(`${FOLDER}/${name}`, text);
    await lan.world.run(null, ["mount", "--bind", `${FOLDER}/hosts`, "/etc/hosts"]);
    const argv = [process.execPath, "-e", SERVER];
    await Service.start(lan.world, OUTSIDE.name, argv, { line: /^ready$/ });
  });
  afterAll(() => lan?.stop());

  const env = { NODE_EXTRA_CA_CERTS: `${FOLDER}/cert` };
  const ask = (parts: SiteParts) => askSite(lan, "internetdb", siteContext(parts), { env, times: 2 });
  const asked = () => lan.world.run(null, ["cat", `${FOLDER}/asked`]);

  it("is never asked while it is switched off, about a shared address, or about none", async () => {
    const on = { settings: { internetdb: true } };
    for (const parts of [
      {},
      { ...on, router: { maybeShared: true } },
      { ...on, router: { connection: "cgnat", externalAddress: "100.64.0.2" } },
      { ...on, router: { externalAddress: null } },
      { ...on, router: { routerId: "another" } },
    ] as const)
      expect(await ask(parts)).toMatchObject({ ok: false, reason: "unsupported" });
    expect(await asked()).toBe("");
    expect(await lan.offLanPackets()).toBe(0);
  });

  it("is asked once a day, about the site's own address only", async () => {
    const answer = await ask({ settings: { internetdb: true } });
    expect(answer).toEqual({
      ok: true,
      value: { address: ROUTER.wan, ports: [8081], tags: ["iot"], vulnerabilities: [] },
    });
    expect(await asked()).toBe(`GET /${ROUTER.wan}\n`);
    expect(await lan.agent.offLanAddresses()).toEqual([OUTSIDE.address]);
  });
});
