import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeUpnp, parseDescription } from "../../../agent/net/upnp-description.ts";

const SENDER = "192.168.1.1";
const LOCATION = { kind: "own", scheme: "http", port: 5000, path: "/upnp/rootDesc.xml" } as const;

/** Synthetic, in the shape of UPnP Device Architecture 2.0, 2.3 and of an IGD:2's nesting. */
function description({
  control = "/ctl/IPConn",
  base = "",
  name = "Router",
  presentation = "",
} = {}): Buffer {
  return Buffer.from(`<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">
<specVersion><major>1</major><minor>1</minor></specVersion>${base === "" ? "" : `<URLBase>${base}</URLBase>`}
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:2</deviceType><friendlyName>${name}</friendlyName>
<manufacturer>Maker</manufacturer><modelName>Model</modelName><modelNumber>5</modelNumber>
<modelDescription>A router</modelDescription><serialNumber>0012</serialNumber>
<UDN>uuid:ABCDEF01-2345-6789-abcd-ef0123456789</UDN><presentationURL>${presentation}</presentationURL>
<deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:2</deviceType><UDN>uuid:other-one-1</UDN>
<deviceList><device><deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:2</deviceType>
<serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:2</serviceType>
<controlURL>${control}</controlURL></service></serviceList></device></deviceList></device></deviceList></device></root>`);
}
function read(document: Buffer, sender = SENDER) {
  const parsed = parseDescription(document, sender, LOCATION);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}
const HOSTILE_URL = fc
  .tuple(fc.constantFrom("http:", "https:", "//", "/", ""), fc.ipV4(), fc.string())
  .map((parts) => parts.join("/"));
const controls = (options: Parameters<typeof description>[0]) =>
  read(description(options)).flatMap(({ services }) =>
    services.map(({ control }) => `${control.scheme} ${control.port} ${control.path}`),
  );

describe("device description", () => {
  it("tells the root's names, all types, and one stable id", () => {
    expect(describeUpnp(read(description({ presentation: "/" })))).toEqual({
      ids: [{ kind: "endpoint", value: "urn:uuid:abcdef01-2345-6789-abcd-ef0123456789" }],
      fields: {
        "upnp.deviceType": [
          "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
          "urn:schemas-upnp-org:device:WANDevice:2",
          "urn:schemas-upnp-org:device:WANConnectionDevice:2",
        ],
        "upnp.manufacturer": ["Maker"],
        "upnp.modelName": ["Model"],
        "upnp.modelNumber": ["5"],
        "upnp.modelDescription": ["A router"],
        "upnp.friendlyName": ["Router"],
        "upnp.serialNumber": ["0012"],
      },
      services: [{ protocol: "http", port: 5000, path: "/" }],
    });
  });

  it.each([
    ["absolute path", "/ctl/IPConn", ["http 5000 /ctl/IPConn"]],
    ["relative path", "ctl/IPConn?x=1", ["http 5000 /upnp/ctl/IPConn?x=1"]],
    ["absolute URL of the sender", `http://${SENDER}:6000/c`, ["http 6000 /c"]],
    ["absolute URL of another host", "http://192.168.1.9/c", []],
    ["network-path reference", "//192.168.1.9/c", []],
    ["loopback", "http://127.0.0.1/c", []],
    ["other scheme", "javascript:alert(1)", []],
    ["climbing path", "../../../c", ["http 5000 /c"]],
    ["nothing", "", []],
  ])("control URL: %s", (_name, control, expected) => {
    expect(controls({ control })).toEqual(expected);
  });

  it("resolves against the sender's own URLBase only", () => {
    expect(controls({ base: `http://${SENDER}:7000/base/`, control: "c" })).toEqual(["http 7000 /base/c"]);
    expect(controls({ base: "http://192.168.1.9:7000/", control: "c" })).toEqual(["http 5000 /upnp/c"]);
  });

  it("cleans hostile names", () => {
    const name = "&lt;script&gt;alert(1)&lt;/script&gt;\u202e\u001b[2J";
    expect(describeUpnp(read(description({ name }))).fields["upnp.friendlyName"]).toEqual([
      "<script>alert(1)</script>[2J",
    ]);
  });

  it("refuses entities, other documents and floods; bounds devices and depth", () => {
    const refused = (text: string) => parseDescription(Buffer.from(text), SENDER, LOCATION).ok;
    expect(refused('<!DOCTYPE a [<!ENTITY b "c">]><root><device/></root>')).toBe(false);
    expect(refused("<html><body>Hello</body></html>")).toBe(false);
    expect(refused("x".repeat(70_000))).toBe(false);
    const deep = `<root>${"<device><deviceList>".repeat(12)}${"</deviceList></device>".repeat(12)}</root>`;
    expect(read(Buffer.from(deep)).length).toBeLessThanOrEqual(4);
    const wide = `<root>${"<device><UDN>uuid:xxxxxxxx</UDN></device>".repeat(1000)}</root>`;
    expect(read(Buffer.from(wide)).length).toBeLessThanOrEqual(32);
  });

  it("never throws and never leads elsewhere", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), HOSTILE_URL), fc.string(), (control, base) => {
        const parsed = parseDescription(description({ control, base }), SENDER, LOCATION);
        for (const { services } of parsed.ok ? parsed.value : []) {
          for (const service of services) expect(service.control.path).toMatch(/^\/[!-~]*$/);
        }
      }),
      { numRuns: 100 },
    );
  });
});
