import { afterEach, describe, expect, it } from "vitest";
import { type FakeIgd, type IgdMapping, type IgdOptions, startIgd } from "../../fakes/igd.ts";

const mapping = (externalPort: number): IgdMapping => ({
  protocol: "TCP",
  externalPort,
  remoteHost: "",
  internalClient: "192.168.77.31",
  internalPort: 80,
  enabled: true,
  description: "Camera <1> & co",
  leaseSeconds: 0,
});
const MAPPINGS = [8081, 8082, 8083].map(mapping);

describe("the router's stand-in", () => {
  let igd: FakeIgd | null = null;
  afterEach(() => igd?.close());

  async function start(options: Partial<IgdOptions> = {}): Promise<FakeIgd> {
    const place = { address: "127.0.0.1", ports: "ephemeral", port: 2189 } as const;
    igd = await startIgd({ ...place, external: "128.66.0.2", mappings: MAPPINGS, ...options });
    return igd;
  }

  async function ask(
    action: string,
    values: Record<string, string | number> = {},
  ): Promise<[number, string]> {
    const parts = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
    const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:${action} xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:2">${parts.join("")}</u:${action}></s:Body></s:Envelope>`;
    const answer = await fetch(`http://127.0.0.1:${igd?.port}/ctl/IPConn`, { method: "POST", body });
    return [answer.status, await answer.text()];
  }

  /** External ports that the walk shows, and the error code at its end. */
  async function walk(limit: number): Promise<[number[], string | null]> {
    const ports: number[] = [];
    for (let index = 0; index < limit; index++) {
      const [status, text] = await ask("GetGenericPortMappingEntry", { NewPortMappingIndex: index });
      if (status !== 200) return [ports, /<errorCode>(\d+)</.exec(text)?.[1] ?? null];
      ports.push(Number(/<NewExternalPort>(\d+)</.exec(text)?.[1]));
    }
    return [ports, null];
  }

  it("shows the same mappings in both lists", async () => {
    await start();
    expect(await walk(10)).toEqual([[8081, 8082, 8083], "713"]);
    const [status, list] = await ask("GetListOfPortMappings", { NewProtocol: "TCP", NewNumberOfPorts: 0 });
    expect(status).toBe(200);
    expect(list.match(/p:NewExternalPort&gt;808\d/g)).toHaveLength(3);
    expect(list).toContain("Camera &amp;lt;1&amp;gt;");
  });

  it("adds, replaces and deletes", async () => {
    const router = await start({ mappings: [] });
    const values = {
      NewExternalPort: 9,
      NewProtocol: "UDP",
      NewInternalPort: 9,
      NewInternalClient: "192.168.77.9",
    };
    expect((await ask("AddPortMapping", values))[0]).toBe(200);
    expect((await ask("AddPortMapping", { ...values, NewInternalPort: 10 }))[0]).toBe(200);
    expect(router.mappings().map(({ internalPort }) => internalPort)).toEqual([10]);
    expect((await ask("DeletePortMapping", values))[0]).toBe(200);
    expect(router.mappings()).toEqual([]);
    expect(await ask("DeletePortMapping", values)).toEqual([500, expect.stringContaining("<errorCode>714<")]);
  });

  it("lets only the client itself change a mapping in secure mode", async () => {
    await start({ secureMode: true });
    const [status, text] = await ask("DeletePortMapping", { NewExternalPort: 8081, NewProtocol: "TCP" });
    expect([status, text]).toEqual([500, expect.stringContaining("<errorCode>606<")]);
  });

  it("knows no list of mappings as IGD:1", async () => {
    await start({ version: 1 });
    expect((await ask("GetListOfPortMappings", { NewProtocol: "TCP" }))[1]).toContain("<errorCode>401<");
    const description = await fetch(`http://127.0.0.1:${igd?.port}/rootDesc.xml`);
    expect(await description.text()).not.toContain("WANIPv6FirewallControl");
  });

  it.each([
    ["fault-in-middle", [8081, 8082], "501"],
    ["lists-differ", [8081, 8082], "713"],
    ["repeats", [8081, 8081, 8081, 8081, 8081], null],
    ["endless", [8081, 8082, 8083, 10_003, 10_004], null],
  ] as const)("misbehaves: %s", async (misbehaves, ports, code) => {
    await start({ misbehaves });
    expect(await walk(5)).toEqual([[...ports], code]);
  });

  it("misbehaves: list-fault", async () => {
    await start({ misbehaves: "list-fault" });
    expect((await ask("GetListOfPortMappings", { NewProtocol: "TCP" }))[1]).toContain("<errorCode>501<");
  });
});
