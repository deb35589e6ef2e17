import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeDiscovery, encodeProbes, parseDiscovery } from "../../../agent/net/ws-discovery.ts";
import { elements, parseXml, textAt } from "../../../agent/net/xml.ts";

/** Any UTF-16 units, unpaired surrogates among them. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

const SENDER = "192.168.1.20";
const ID = "9f1d5f4e-0000-4000-8000-000000000001";

interface Match {
  endpoint?: string;
  types?: string;
  scopes?: string;
  addresses?: string;
}
function match({
  endpoint = `urn:uuid:${ID}`,
  types = "dn:NetworkVideoTransmitter",
  scopes,
  addresses,
}: Match) {
  return `<wsa:EndpointReference><wsa:Address>${endpoint}</wsa:Address></wsa:EndpointReference>
    <d:Types>${types}</d:Types>${scopes === undefined ? "" : `<d:Scopes>${scopes}</d:Scopes>`}
    ${addresses === undefined ? "" : `<d:XAddrs>${addresses}</d:XAddrs>`}<d:MetadataVersion>1</d:MetadataVersion>`;
}
/** Synthetic, in the shape of WS-Discovery (April 2005), 5.3 with the prefixes that gSOAP writes. */
function envelope(body: string, relatesTo = `urn:uuid:${ID}`): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"
 xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><SOAP-ENV:Header><wsa:RelatesTo>${relatesTo}</wsa:RelatesTo>
</SOAP-ENV:Header><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`);
}
function answer(...matches: Match[]): Buffer {
  const inner = matches.map((one) => `<d:ProbeMatch>${match(one)}</d:ProbeMatch>`).join("");
  return envelope(`<d:ProbeMatches>${inner}</d:ProbeMatches>`);
}
const describePacket = (packet: Buffer, sender = SENDER) =>
  describeDiscovery(parseDiscovery(packet)!, sender);

describe("Probe", () => {
  it("asks for both ONVIF types, each message with its own id", () => {
    const probes = encodeProbes(["id-1", "id-2"]).map((packet) => {
      const document = parseXml(packet);
      if (!document.ok) throw new Error(document.reason);
      const [envelopeElement] = elements(document.value, "Envelope");
      return {
        id: textAt(envelopeElement!, ["Header", "MessageID"]),
        types: textAt(envelopeElement!, ["Body", "Probe", "Types"]),
      };
    });
    expect(probes).toEqual([
      { id: "urn:uuid:id-1", types: "dn:NetworkVideoTransmitter" },
      { id: "urn:uuid:id-2", types: "tds:Device" },
    ]);
  });
});

describe("ProbeMatches", () => {
  it("tells endpoint, types, scopes and where to ask", () => {
    const packet = answer({
      endpoint: "urn:uuid:ABCDEF01-2345-6789-ABCD-EF0123456789",
      types: "dn:NetworkVideoTransmitter tds:Device",
      scopes: `onvif://www.onvif.org/name/%E5%9C%92%E5%BA%AD%20Cam
        onvif://www.onvif.org/hardware/X-1 onvif://www.onvif.org/MAC/02:fc:00:00:00:05`,
      addresses: `http://${SENDER}:8080/onvif/device_service`,
    });
    expect(parseDiscovery(packet)?.relatesTo).toBe(ID);
    expect(describePacket(packet)).toEqual({
      ids: [
        { kind: "endpoint", value: "urn:uuid:abcdef01-2345-6789-abcd-ef0123456789" },
        { kind: "mac", value: "02FC00000005" },
      ],
      fields: {
        "onvif.types": ["NetworkVideoTransmitter", "Device"],
        "onvif.scope": [
          "onvif://www.onvif.org/name/園庭 Cam",
          "onvif://www.onvif.org/hardware/X-1",
          "onvif://www.onvif.org/MAC/02:fc:00:00:00:05",
        ],
        "onvif.name": ["園庭 Cam"],
        "onvif.hardware": ["X-1"],
      },
      services: [{ protocol: "onvif", port: 8080, path: "/onvif/device_service" }],
    });
  });

  it.each([
    ["0.0.0.0", "http://0.0.0.0/onvif/device_service", [80]],
    ["trailing blanks", `http://${SENDER}/onvif/device_service   `, [80]],
    ["another host", "http://192.168.1.99/onvif/device_service", []],
    ["loopback", "http://127.0.0.1/onvif/device_service http://[::1]/onvif/device_service", []],
    ["localhost", "http://localhost/onvif/device_service", []],
    ["off the LAN", "http://8.8.8.8/onvif/device_service", []],
    ["the own one among others", `http://8.8.8.8/onvif/x http://${SENDER}:81/onvif/x`, [81]],
    ["user information", `http://${SENDER}@8.8.8.8/onvif/x`, []],
    ["port out of range", `http://${SENDER}:99999/onvif/x`, []],
    ["no URL", "soap.udp://x ::: camera", []],
    ["empty", "", []],
  ])("XAddrs with %s", (_name, addresses, ports) => {
    const sighting = describePacket(answer({ addresses }));
    expect(sighting.services.map(({ port }) => port)).toEqual(ports);
    expect(sighting.ids).toHaveLength(1);
  });

  it("compares IPv6 literals without zone", () => {
    const packet = answer({ addresses: "http://[FE80:0::20]:80/onvif/device_service" });
    expect(describePacket(packet, "fe80::20%eth0").services).toHaveLength(1);
  });

  it("reads several matches and leaves out those that belong to other hosts", () => {
    const packet = answer(
      { endpoint: "urn:uuid:11111111-0000", addresses: `http://${SENDER}/onvif/1` },
      { endpoint: "urn:uuid:22222222-0000", addresses: `http://${SENDER}:81/onvif/2` },
      { endpoint: "urn:uuid:33333333-0000", addresses: "http://192.168.1.99/onvif/3" },
    );
    const sighting = describePacket(packet);
    expect(sighting.ids.map(({ value }) => value)).toEqual([
      "urn:uuid:11111111-0000",
      "urn:uuid:22222222-0000",
    ]);
    expect(sighting.services.map(({ port }) => port)).toEqual([80, 81]);
  });

  it("keeps a scope whose percent signs are no UTF-8", () => {
    const scopes = "onvif://www.onvif.org/name/50%-off%E3%81 onvif://www.onvif.org/name/%";
    expect(describePacket(answer({ scopes })).fields["onvif.name"]).toEqual(["50%-off%E3%81", "%"]);
  });

  it("takes a computer's Device for a web service, not for ONVIF", () => {
    const sighting = describePacket(
      answer({ types: "wsdp:Device pub:Computer", addresses: `http://${SENDER}:5357/a` }),
    );
    expect(sighting.services).toEqual([{ protocol: "http", port: 5357, path: "/a" }]);
  });

  it("does not trust an endpoint that many devices share", () => {
    expect(describePacket(answer({ endpoint: "urn:uuid:00000000-0000-0000-0000-000000000000" })).ids).toEqual(
      [],
    );
  });
});

describe("Hello and Bye", () => {
  it("are told apart", () => {
    const hello = parseDiscovery(
      envelope(`<d:Hello>${match({ addresses: `http://${SENDER}/onvif/x` })}</d:Hello>`),
    )!;
    const bye = parseDiscovery(envelope(`<d:Bye>${match({})}</d:Bye>`))!;
    expect(describeDiscovery(hello, SENDER).leaving).toBeUndefined();
    expect(describeDiscovery(hello, SENDER).services).toHaveLength(1);
    expect(describeDiscovery(bye, SENDER)).toMatchObject({
      leaving: true,
      ids: [{ value: `urn:uuid:${ID}` }],
    });
  });
});

describe("hostile packets", () => {
  it("are nothing: our own Probe, entities, broken XML, other SOAP", () => {
    const [probe] = encodeProbes(["a", "b"]);
    for (const packet of [
      probe!,
      Buffer.from("<r><!<!<!".repeat(3000)),
      Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><Envelope><Body><Hello>&b;</Hello></Body></Envelope>'),
      Buffer.from("<a>".repeat(9000)),
      envelope("<d:ResolveMatches/>"),
      Buffer.alloc(0),
    ]) {
      expect(parseDiscovery(packet)).toBeNull();
    }
  });

  it("with thousands of matches, scopes and addresses stay bounded", () => {
    const scopes = "onvif://www.onvif.org/name/x ".repeat(250);
    const packet = answer(...Array.from({ length: 100 }, (_, i) => ({ endpoint: `urn:uuid:device-${i}` })), {
      scopes,
    });
    expect(parseDiscovery(packet)?.announcements.length).toBeLessThanOrEqual(16);
    expect(parseDiscovery(answer({ scopes }))?.announcements[0]?.scopes.length).toBeLessThanOrEqual(64);
  });

  it("never throw: random bytes, and random text where names are expected", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void parseDiscovery(Buffer.from(bytes))),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), anyText, (endpoint, addresses, scopes) => {
        const message = parseDiscovery(answer({ endpoint, addresses, scopes }));
        for (const { path, port } of message ? describeDiscovery(message, SENDER).services : []) {
          expect(path).toMatch(/^\/[!-~]*$/);
          expect(port).toBeLessThan(65_536);
        }
      }),
      { numRuns: 100 },
    );
  });
});
