import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  genericEntry,
  type IgdService,
  igdAction,
  igdServices,
  portListing,
  specificEntry,
  upnpBoolean,
} from "../../../agent/net/igd/igd.ts";
import { elements, parseXml, type XmlElement } from "../../../agent/net/xml.ts";
import { anyText } from "./any-text.ts";
import { type Given, type Loopback, localLine, loopback } from "./loopback.ts";
import miniupnpd from "./miniupnpd-2.3.1.json" with { type: "json" };

const DEADLINE_MS = 20_000;
let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function act(given: Given, action = "GetX") {
  server = await loopback(() => given);
  const service: IgdService = {
    type: "urn:schemas-upnp-org:service:WANIPConnection:1",
    port: server.port,
    path: "/c",
  };
  return igdAction(localLine(), service, action, { NewA: 1, NewB: "<" }, DEADLINE_MS);
}

async function services(body: string) {
  server = await loopback(() => ({ body }));
  const answer = await igdServices(localLine(), { port: server.port, path: "/d/desc.xml" }, DEADLINE_MS);
  return answer.ok ? answer.value : answer.reason;
}

function body(document: string, action: string): XmlElement {
  const parsed = parseXml(document);
  const found = parsed.ok ? elements(parsed.value, "Envelope", "Body", `${action}Response`)[0] : undefined;
  if (found === undefined) throw new Error("no such answer");
  return found;
}

describe("miniupnpd 2.3.1", () => {
  test("version 2 offers the mappings and the IPv6 firewall", async () => {
    expect(await services(miniupnpd.version2.description)).toEqual([
      { type: "urn:schemas-upnp-org:service:WANIPConnection:2", port: server?.port, path: "/ctl/IPConn" },
      {
        type: "urn:schemas-upnp-org:service:WANIPv6FirewallControl:1",
        port: server?.port,
        path: "/ctl/IP6FCtl",
      },
    ]);
  });

  test("version 1 offers the mappings alone", async () => {
    expect(await services(miniupnpd.version1.description)).toEqual([
      { type: "urn:schemas-upnp-org:service:WANIPConnection:1", port: server?.port, path: "/ctl/IPConn" },
    ]);
  });

  test("an entry of the walk", () => {
    const entry = miniupnpd.version1.withMappings.find(({ input }) => input.NewPortMappingIndex === "0");
    expect(genericEntry(body(entry?.body ?? "", "GetGenericPortMappingEntry"))).toEqual({
      protocol: "TCP",
      externalPort: 554,
      remoteHost: "",
      internalClient: "192.168.77.30",
      internalPort: 554,
      enabled: true,
      leaseSeconds: 604_800,
      description: "園庭カメラ",
    });
  });

  test("the list, full and empty", () => {
    const list = (answers: readonly { action: string; body: string }[]) => {
      const found = answers.find(({ action }) => action === "GetListOfPortMappings");
      return portListing(body(found?.body ?? "", "GetListOfPortMappings"));
    };
    expect(list(miniupnpd.version2.withMappings)).toMatchObject([
      { externalPort: 554, description: "園庭カメラ" },
      { externalPort: 8080, internalPort: 80, description: "Camera WEB <b>", leaseSeconds: 604_799 },
    ]);
    expect(list(miniupnpd.version2.empty)).toEqual([]);
  });
});

describe("description", () => {
  const description = (control: string, base = "", type = "WANPPPConnection:1") =>
    `<root>${base && `<URLBase>${base}</URLBase>`}<device><deviceType>d</deviceType><serviceList><service><serviceType>urn:schemas-upnp-org:service:${type}</serviceType><controlURL>${control}</controlURL></service></serviceList></device></root>`;

  test.each([
    ["absolute path", "/ctl", "/ctl"],
    ["relative path", "ctl?x=1", "/d/ctl?x=1"],
    ["own address", "http://127.0.0.1:5000/ctl", "/ctl"],
    ["unspecified address", "http://0.0.0.0:5000/ctl", "/ctl"],
  ])("control URL by %s", async (_name, control, path) => {
    expect(await services(description(control))).toMatchObject([{ path }]);
  });

  test.each(["http://192.0.2.1/ctl", "//192.0.2.1/ctl", "http://localhost/ctl", "ftp://127.0.0.1/ctl", ""])(
    "%s is not asked",
    async (control) => {
      expect(await services(description(control))).toEqual([]);
    },
  );

  test("a base elsewhere does not lead there", async () => {
    expect(await services(description("/ctl", "http://192.0.2.1:80/"))).toMatchObject([
      { port: server?.port },
    ]);
  });

  test("services of other trades are left out", async () => {
    expect(await services(description("/ctl", "", "WANIPConnection:9"))).toEqual([]);
  });

  test.each([
    ["an entity bomb", '<!DOCTYPE r [<!ENTITY a "aaaa">]><root>&a;</root>', "malformed"],
    ["no description", "hello", "malformed"],
    ["an endless one", `<root>${"x".repeat(70_000)}</root>`, "too-large"],
  ])("%s is %s", async (_name, document, reason) => {
    expect(await services(document)).toBe(reason);
  });
});

describe("action", () => {
  test("names service and action, arguments in order and escaped", async () => {
    const reply = await act({
      body: "<Envelope><Body><GetXResponse><NewY>1</NewY></GetXResponse></Body></Envelope>",
    });
    expect(reply).toEqual({ outcome: "answered", value: { NewY: ["1"] } });
    const [asked] = server?.asked ?? [];
    expect(asked?.headers.soapaction).toBe('"urn:schemas-upnp-org:service:WANIPConnection:1#GetX"');
    expect(asked?.body).toContain("<NewA>1</NewA><NewB>&lt;</NewB></u:GetX>");
  });

  test.each(["<GetXResponse/>", '<u:GetXResponse xmlns:u="urn:x"></u:GetXResponse>'])(
    "an answer without arguments is one: %s",
    async (answer) => {
      const reply = await act({ body: `<Envelope><Body>${answer}</Body></Envelope>` });
      expect(reply).toEqual({ outcome: "answered", value: {} });
    },
  );

  test("UPnP errors by their number", async () => {
    const end = miniupnpd.version1.empty[0];
    expect(await act({ status: 500, body: end?.body ?? "" })).toEqual({ outcome: "fault", code: 713 });
  });

  test("a page is no answer", async () => {
    expect(await act({ body: "<html></html>" })).toMatchObject({
      outcome: "failed",
      answer: { reason: "malformed" },
    });
    await server?.close();
    expect(await act({ body: `<Envelope>${"x".repeat(70_000)}</Envelope>` })).toMatchObject({
      outcome: "failed",
      answer: { reason: "too-large" },
    });
  });
});

describe("entries", () => {
  const entry = (parts: Record<string, string>) => {
    const all = {
      NewProtocol: "tcp",
      NewExternalPort: "80",
      NewInternalPort: "80",
      NewInternalClient: "10.0.0.2",
      ...parts,
    };
    return genericEntry(Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])));
  };

  test("odd but readable", () => {
    expect(entry({ NewEnabled: "yes", NewExternalPort: "0" })).toMatchObject({
      protocol: "TCP",
      externalPort: 0,
      enabled: true,
      leaseSeconds: 0,
    });
  });

  test.each([
    ["NewProtocol", "SCTP"],
    ["NewExternalPort", "65536"],
    ["NewExternalPort", "-1"],
    ["NewInternalPort", ""],
    ["NewInternalPort", "1e3"],
  ])("%s %s is none", (name, value) => {
    expect(entry({ [name]: value })).toBeNull();
  });

  test("hostile names are cleaned and cut", () => {
    const description = entry({
      NewPortMappingDescription: `\u202ecam\u0000\n${"x".repeat(500)}`,
    })?.description;
    expect(description).toMatch(/^cam x{100,}$/);
    expect(description?.length).toBeLessThanOrEqual(120);
  });

  test.each([
    ["1", true],
    ["true", true],
    ["YES", true],
    ["0", false],
    ["false", false],
    ["", false],
    ["2", false],
  ])("boolean %s", (text, value) => expect(upnpBoolean(text)).toBe(value));

  test("a list as long as one answer, escaped instead of CDATA", () => {
    const one = (port: number) =>
      `<PortMappingEntry><NewExternalPort>${port}</NewExternalPort><NewProtocol>UDP</NewProtocol><NewInternalPort>9</NewInternalPort><NewInternalClient>10.0.0.2</NewInternalClient><NewEnabled>1</NewEnabled><NewDescription>&amp;lt;</NewDescription></PortMappingEntry>`;
    const list = `<PortMappingList>${Array.from({ length: 100 }, (_, port) => one(port)).join("")}</PortMappingList>`;
    const parsed = parseXml(
      `<r><NewPortListing>${list.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</NewPortListing></r>`,
    );
    const [response] = parsed.ok ? elements(parsed.value, "r") : [];
    const mappings = response && portListing(response);
    expect(mappings).toHaveLength(100);
    expect(mappings?.[99]).toMatchObject({ externalPort: 99, description: "&lt;" });
  });

  test("property: what one is asked for by its key is in the answer, whatever else is", () => {
    const asked = { protocol: "UDP", externalPort: 9, remoteHost: "" } as const;
    const names = [
      "NewInternalPort",
      "NewInternalClient",
      "NewEnabled",
      "NewLeaseDuration",
      "NewExternalPort",
    ];
    const answers = fc.dictionary(fc.constantFrom(...names), fc.array(anyText, { maxLength: 2 }));
    fc.assert(
      fc.property(answers, fc.option(fc.nat(99_999)), (answer, port) => {
        const whole = port === null ? answer : { ...answer, NewInternalPort: [String(port)] };
        const entry = specificEntry(whole, asked);
        if (entry === null) return;
        expect(entry).toMatchObject(asked);
        expect(entry.internalPort).toBeLessThanOrEqual(65_535);
        expect(entry.internalClient.length).toBeLessThanOrEqual(64);
      }),
    );
    expect(specificEntry({ NewInternalPort: ["80"] }, asked)).toMatchObject({ ...asked, internalPort: 80 });
  });

  test("property: any listing gives mappings within their bounds, or none", () => {
    fc.assert(
      fc.property(anyText, fc.string(), fc.nat(99_999), (text, protocol, port) => {
        const listing = `<PortMappingList>${text}<PortMappingEntry><NewProtocol>${protocol}</NewProtocol><NewExternalPort>${port}</NewExternalPort></PortMappingEntry></PortMappingList>`;
        for (const mapping of portListing({ NewPortListing: [listing] }) ?? []) {
          expect(["TCP", "UDP"]).toContain(mapping.protocol);
          expect(mapping.externalPort).toBeLessThanOrEqual(65_535);
        }
      }),
    );
  });
});
