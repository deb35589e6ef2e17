import { decode, encode, type Packet } from "dns-packet";
import { expect, test } from "vitest";
import { mdnsReply, recordsOf } from "../../fakes/mdns.ts";
import { descriptionDocument, locationOf, searchAnswers } from "../../fakes/ssdp.ts";
import { atPlace, probeMatches } from "../../fakes/ws-discovery.ts";
import { SAMPLE } from "./sample.ts";

const PLACE = { address: "192.168.77.31", address6: "fd77::31", interface: "eth0" };
const { mdns, wsDiscovery, ssdp } = SAMPLE.announces;

const records = recordsOf(mdns!, PLACE);
const query = (names: Packet["questions"], more: Packet = {}) =>
  encode({ type: "query", id: 4711, questions: names!, ...more });
const ask = (message: Buffer, legacy = false) => {
  const reply = mdnsReply(records, message, legacy);
  return reply === null ? null : { ...decode(reply.message), unicast: reply.unicast };
};

test("mDNS: the enumeration lists each service type", () => {
  const reply = ask(query([{ name: "_services._dns-sd._udp.local", type: "PTR" }]))!;
  expect(reply.answers!.map((answer) => "data" in answer && answer.data)).toEqual([
    "_http._tcp.local",
    "_rtsp._tcp.local",
  ]);
  expect(reply.unicast).toBe(false);
});

test("mDNS: a browse brings SRV, TXT and both addresses along", () => {
  const reply = ask(query([{ name: "_RTSP._tcp.local", type: "PTR" }]))!;
  expect(reply).toMatchObject({ id: 0, type: "response", questions: [] });
  expect(reply.answers).toMatchObject([{ type: "PTR", data: "Sample Camera._rtsp._tcp.local", ttl: 4500 }]);
  expect(reply.additionals).toMatchObject([
    { type: "A", name: "sample.local", data: "192.168.77.31", flush: true },
    { type: "AAAA", data: "fd77::31" },
    { type: "SRV", data: { port: 554, target: "sample.local" } },
    { type: "TXT" },
  ]);
});

test("mDNS: a legacy question is answered by unicast, with its id, its question and short lives", () => {
  const reply = ask(query([{ name: "_http._tcp.local", type: "PTR" }]), true)!;
  expect(reply).toMatchObject({ id: 4711, unicast: true });
  expect(reply.questions).toMatchObject([{ name: "_http._tcp.local" }]);
  for (const record of [...reply.answers!, ...reply.additionals!]) {
    expect(record).toMatchObject({ ttl: 10, flush: false });
  }
});

test("mDNS: the unicast bit is obeyed", () => {
  const message = query([{ name: "sample.local", type: "A" }]);
  expect(ask(message)!.unicast).toBe(false);
  message.writeUInt16BE(0x8001, message.length - 2);
  expect(ask(message)!.unicast).toBe(true);
});

test("mDNS: silent about what is known, not its own, or no query", () => {
  const name = "_http._tcp.local";
  const known = { name, type: "PTR" as const, ttl: 4000, data: "Sample Camera._http._tcp.local" };
  expect(ask(query([{ name, type: "PTR" }], { answers: [known] }))).toBeNull();
  expect(ask(query([{ name, type: "PTR" }], { answers: [{ ...known, ttl: 100 }] }))).not.toBeNull();
  expect(ask(query([{ name: "_ipp._tcp.local", type: "PTR" }]))).toBeNull();
  expect(ask(encode({ type: "response", answers: [known] }))).toBeNull();
  expect(ask(Buffer.from("nonsense"))).toBeNull();
});

const probe = (types: string, scopes = "") =>
  `<e:Envelope xmlns:e="x"><e:Header><w:MessageID>uuid:abc</w:MessageID></e:Header><e:Body><d:Probe><d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes></d:Probe></e:Body></e:Envelope>`;
const local = atPlace(wsDiscovery!, PLACE);

test("WS-Discovery: a matching Probe is answered with its id and the device's own address", () => {
  const [answer = "", ...more] = probeMatches([local], probe("x:NetworkVideoTransmitter"));
  expect(more).toEqual([]);
  expect(answer).toContain("<a:RelatesTo>uuid:abc</a:RelatesTo>");
  expect(answer).toContain("<d:XAddrs>http://192.168.77.31:8000/onvif/device_service</d:XAddrs>");
  expect(answer).toContain(wsDiscovery!.endpoint);
});

test("WS-Discovery: no type matches all, another type or scope matches nothing", () => {
  expect(probeMatches([local], probe(""))).toHaveLength(1);
  expect(probeMatches([local], probe("tds:Device dn:NetworkVideoTransmitter"))).toHaveLength(1);
  expect(probeMatches([local], probe("wprt:PrintDeviceType"))).toEqual([]);
  expect(probeMatches([local], probe("", "onvif://www.onvif.org/Profile"))).toHaveLength(1);
  expect(probeMatches([local], probe("", "onvif://www.onvif.org/Prof"))).toEqual([]);
  expect(probeMatches([local], "<Envelope><Body><Bye/></Body></Envelope>")).toEqual([]);
});

const location = locationOf(ssdp!, PLACE);
const search = (target: string) =>
  `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${target}\r\n\r\n`;

test("SSDP: each search target gets its answer, ssdp:all gets all", () => {
  expect(searchAnswers(ssdp!, location, search("ssdp:all"))).toHaveLength(3);
  const [answer = ""] = searchAnswers(ssdp!, location, search("upnp:rootdevice"));
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain("LOCATION: http://192.168.77.31:80/rootDesc.xml\r\n");
  expect(answer).toContain(`USN: uuid:${ssdp!.uuid}::upnp:rootdevice\r\n\r\n`);
  expect(searchAnswers(ssdp!, location, search(ssdp!.deviceType))).toHaveLength(1);
  expect(searchAnswers(ssdp!, location, search("urn:other"))).toEqual([]);
  expect(searchAnswers(ssdp!, location, "NOTIFY * HTTP/1.1\r\n\r\n")).toEqual([]);
});

test("UPnP: the description names the device", () => {
  const document = descriptionDocument(ssdp!);
  expect(document).toContain(`<UDN>uuid:${ssdp!.uuid}</UDN>`);
  expect(document).toContain("<modelName>S-1</modelName>");
});
