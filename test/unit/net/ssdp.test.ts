import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSsdp, encodeSearches, ownLocation, parseSsdp } from "../../../agent/net/ssdp.ts";

/** Any UTF-16 units, unpaired surrogates among them. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

const SENDER = "192.168.1.1";
const IGD = "urn:schemas-upnp-org:device:InternetGatewayDevice:2";
const UUID = "uuid:ABCDEF01-2345-6789-abcd-ef0123456789";

/** Synthetic, in the shape of UPnP Device Architecture 2.0, 1.3.3. */
function response(headers: Record<string, string>, start = "HTTP/1.1 200 OK"): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([start, ...lines, "", ""].join("\r\n"));
}
const router = (location: string, target = IGD) =>
  response({
    "CACHE-CONTROL": "max-age=120",
    ST: target,
    USN: `${UUID}::${target}`,
    EXT: "",
    SERVER: "Linux/6.1 UPnP/1.1 MiniUPnPd/2.3.1",
    LOCATION: location,
  });
const located = (location: string, sender = SENDER) => ownLocation(parseSsdp(router(location))!, sender);

describe("M-SEARCH", () => {
  it("asks for everything and for gateways by name, with the family's host", () => {
    const [first, ...others] = encodeSearches(4).map(String);
    expect(first).toBe(
      'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
    );
    expect(others.join()).toContain("InternetGatewayDevice:1");
    expect(String(encodeSearches(6)[0])).toContain("HOST: [FF02::C]:1900");
  });

  it("of others is not an answer", () => {
    for (const packet of encodeSearches(4)) expect(parseSsdp(packet)).toBeNull();
  });
});

describe("search responses", () => {
  it("tell server, target and where the gateway's description is", () => {
    const message = parseSsdp(router(`http://${SENDER}:5000/rootDesc.xml`))!;
    expect(describeSsdp(message, SENDER)).toEqual({
      ids: [],
      fields: { "ssdp.server": ["Linux/6.1 UPnP/1.1 MiniUPnPd/2.3.1"], "ssdp.st": [IGD] },
      services: [{ protocol: "igd", port: 5000, path: "/rootDesc.xml" }],
    });
  });

  it("name the device by its root's UUID only", () => {
    const root = parseSsdp(router(`http://${SENDER}/d.xml`, "upnp:rootdevice"))!;
    expect(describeSsdp(root, SENDER).ids).toEqual([
      { kind: "endpoint", value: `urn:${UUID.toLowerCase()}` },
    ]);
  });

  it("are read with line feeds only, odd case and repeated headers", () => {
    const packet = Buffer.from(
      "HTTP/1.1 200 OK\nst:upnp:rootdevice\nServer :first\nSERVER: second\nlocation\n\nST: x",
    );
    expect(parseSsdp(packet)).toEqual({
      kind: "response",
      target: "upnp:rootdevice",
      usn: "",
      server: "first",
      location: null,
    });
  });

  it.each([
    ["own address", `http://${SENDER}:1900/d.xml`, SENDER, true],
    ["own IPv6 address without zone", "http://[fe80::1]:1900/d.xml", "fe80::1%eth0", true],
    ["own IPv6 address with zone", "http://[fe80::1%25eth0]:1900/d.xml", "fe80::1%eth0", true],
    ["IPv6 loopback", "http://[::1]:1900/d.xml", "fe80::1%eth0", false],
    ["IPv4 loopback", "http://127.0.0.1:80/d.xml", SENDER, false],
    ["IPv4 loopback in hex", "http://0x7f000001/d.xml", SENDER, false],
    ["IPv4-mapped loopback", "http://[::ffff:127.0.0.1]/d.xml", SENDER, false],
    ["another host", "http://192.168.1.2/d.xml", SENDER, false],
    ["a name", "http://router.local/d.xml", SENDER, false],
    ["user information", `http://${SENDER}@192.168.1.2/d.xml`, SENDER, false],
    ["another scheme", `file://${SENDER}/etc/passwd`, SENDER, false],
    ["port 0", `http://${SENDER}:0/`, SENDER, false],
    ["no URL", "fe80", SENDER, false],
  ])("LOCATION with %s", (_name, location, sender, followed) => {
    expect(located(location, sender) !== null).toBe(followed);
  });
});

describe("NOTIFY", () => {
  const notify = (nts: string) =>
    response(
      { HOST: "239.255.255.250:1900", NT: "upnp:rootdevice", NTS: nts, USN: `${UUID}::upnp:rootdevice` },
      "NOTIFY * HTTP/1.1",
    );

  it("alive, byebye and update are told apart", () => {
    expect(parseSsdp(notify("ssdp:alive"))?.kind).toBe("alive");
    expect(describeSsdp(parseSsdp(notify("ssdp:byebye"))!, SENDER)).toMatchObject({
      leaving: true,
      ids: [{ kind: "endpoint" }],
    });
    expect(parseSsdp(notify("ssdp:update"))).toBeNull();
  });
});

describe("hostile packets", () => {
  it("never throw and never lead elsewhere", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => void parseSsdp(Buffer.from(bytes))));
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((literal) => `[${literal}]`),
    );
    fc.assert(
      fc.property(host, fc.stringMatching(/^[!-~]*$/), (foreign, tail) => {
        // In one spelling: "[0::]" is no address either.
        fc.pre(!["0.0.0.0", "[::]", SENDER].includes(new URL(`http://${foreign}/`).hostname));
        expect(located(`http://${foreign}/${tail}`)).toBeNull();
      }),
    );
    fc.assert(fc.property(anyText, (location) => void located(location)));
  });

  it("with too many headers or bytes are cut", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`X-${i}`, "y"]));
    expect(parseSsdp(response({ ...many, ST: "late" }))?.target).toBe("");
    expect(parseSsdp(response({ ST: "x".repeat(5000) }))).toBeNull();
  });

  it("cannot put escape sequences or markup controls into a field", () => {
    const packet = response({ ST: "upnp:rootdevice", SERVER: "\u001b]0;owned\u0007\u202eevil" });
    expect(describeSsdp(parseSsdp(packet)!, SENDER).fields["ssdp.server"]).toEqual(["]0;ownedevil"]);
  });
});
