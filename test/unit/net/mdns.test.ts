import { type Answer, decode, encode } from "dns-packet";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeRecords } from "../../../agent/net/dns-sd.ts";
import { decodeResponse, encodeQuery, MDNS, serviceName } from "../../../agent/net/mdns.ts";
import { COMMON_TYPES, MdnsBrowser } from "../../../agent/net/mdns-browser.ts";

const SENDER = "192.168.1.20";
const TYPE = "_rtsp._tcp.local";
// dns-packet writes a dot in a label as two labels, so the names here have none; the browser's own queries do.
const INSTANCE = `Front door._rtsp._tcp.local`;

/** Synthetic, in the shape that RFC 6763, 12.1 recommends: PTR with SRV, TXT and addresses as additional records. */
function response(answers: Answer[], additionals: Answer[] = []): Buffer {
  return encode({ type: "response", answers, additionals });
}
const ptr: Answer = { type: "PTR", name: TYPE, ttl: 120, data: INSTANCE };
const srv = (port = 554): Answer => ({
  type: "SRV",
  name: INSTANCE,
  ttl: 120,
  data: { port, target: "cam-1.local", priority: 0, weight: 0 },
});
const txt = (...data: string[]): Answer => ({ type: "TXT", name: INSTANCE, ttl: 120, data });
const a = (data: string): Answer => ({ type: "A", name: "cam-1.local", ttl: 120, data });
const aaaa = (data: string): Answer => ({ type: "AAAA", name: "cam-1.local", ttl: 120, data });
const describePacket = (packet: Buffer, sender = SENDER) => describeRecords(decodeResponse(packet)!, sender);

describe("mDNS queries", () => {
  it("set the unicast-response bit and keep an instance with dots as one label", () => {
    const packet = encodeQuery(
      [
        { type: "PTR", labels: ["_http", "_tcp", "local"] },
        { type: "SRV", labels: ["Cam 1.2", "_http", "_tcp", "local"] },
      ],
      true,
    );
    expect(packet.readUInt16BE(4)).toBe(2);
    expect(packet.readUInt16BE(packet.length - 2)).toBe(0x8001);
    expect(packet.includes(Buffer.from("\u0007Cam 1.2\u0005_http\u0004_tcp\u0005local\0", "latin1"))).toBe(
      true,
    );
    expect(decode(packet).questions?.map(({ type }) => type)).toEqual(["PTR", "SRV"]);
    expect(encodeQuery([{ type: "PTR", labels: ["_http", "_tcp", "local"] }], false).at(-2)).toBe(0);
  });

  it("leave out what DNS cannot carry", () => {
    const labels = ["x".repeat(64), "local"];
    expect(encodeQuery([{ type: "A", labels }], false)).toHaveLength(12);
    expect(encodeQuery([{ type: "A", labels: ["", "local"] }], false)).toHaveLength(12);
    expect(encodeQuery([{ type: "A", labels: Array(9).fill("x".repeat(40)) }], false)).toHaveLength(12);
  });
});

describe("mDNS responses", () => {
  it("are read from all sections that carry answers", () => {
    const records = decodeResponse(response([ptr], [srv(), txt("path=/live"), a(SENDER)]));
    expect(records?.map(({ type }) => type)).toEqual(["PTR", "SRV", "TXT", "A"]);
  });

  it("are refused when broken, oversized, questions, or with a record count that is a lie", () => {
    const good = response([ptr], [srv()]);
    expect(decodeResponse(good.subarray(0, good.length - 4))).toBeNull();
    expect(decodeResponse(Buffer.concat([good, Buffer.alloc(MDNS.maxBytes)]))).toBeNull();
    expect(decodeResponse(encode({ type: "query", questions: [{ type: "PTR", name: TYPE }] }))).toBeNull();
    const lie = Buffer.from(good);
    lie.writeUInt16BE(0xffff, 6);
    expect(decodeResponse(lie)).toBeNull();
    // A compression pointer to itself.
    const loop = Buffer.from([
      0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 1, 0, 0,
    ]);
    expect(decodeResponse(loop)).toBeNull();
  });

  it("never throw, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const records = decodeResponse(Buffer.from(bytes));
        expect(records === null || records.length <= 128).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("never throw for a good packet with some bytes changed", () => {
    const good = response(
      [ptr],
      [srv(), txt("path=/live", "macaddress=02FC00000005"), a(SENDER), aaaa("fe80::1")],
    );
    const change = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const packet = Buffer.from(good);
        for (const [at, value] of changes) packet[at] = value;
        const records = decodeResponse(packet);
        if (records) describeRecords(records, SENDER);
        new MdnsBrowser().hear({ data: packet, sender: SENDER });
      }),
      { numRuns: 500 },
    );
  });
});

describe("DNS-SD", () => {
  it("tells service, instance, host, text and where to ask", () => {
    expect(
      describePacket(response([ptr], [srv(), txt("path=live/1", "macaddress=02FC00000005"), a(SENDER)])),
    ).toEqual({
      ids: [{ kind: "mac", value: "02FC00000005" }],
      fields: {
        "mdns.service": [TYPE],
        "mdns.instance": ["Front door"],
        "mdns.host": ["cam-1.local"],
        hostname: ["cam-1"],
        "mdns.txt": ["path=live/1", "macaddress=02FC00000005"],
      },
      services: [{ protocol: "rtsp", port: 554, path: "/live/1" }],
    });
  });

  it("does not follow an address record to another host: a reflector's services are not its own", () => {
    expect(describePacket(response([ptr], [srv(), txt("path=/x"), a("192.168.1.99")]))).toBeNull();
    expect(describePacket(response([ptr], [srv(), a("192.168.1.99"), a(SENDER)]))?.services).toHaveLength(1);
  });

  it("cannot compare a global address with a link-local sender, nor IPv4 with IPv6", () => {
    const packet = response([ptr], [srv(), a("192.168.1.99"), aaaa("2001:db8::7")]);
    expect(describePacket(packet, "fe80::7%eth0")?.services).toHaveLength(1);
    expect(describePacket(response([ptr], [srv(), aaaa("fe80::8")]), "fe80::7%eth0")).toBeNull();
  });

  it("hears a farewell only when everything is taken back", () => {
    const gone = (record: Answer) => ({ ...record, ttl: 0 }) as Answer;
    expect(describePacket(response([gone(ptr)], [gone(srv())]))).toMatchObject({
      leaving: true,
      services: [],
    });
    expect(describePacket(response([gone(ptr)], [srv()]))?.leaving).toBeUndefined();
  });

  it("makes no hint of a port 0 or of a path that carries a password", () => {
    expect(describePacket(response([ptr], [srv(0)]))?.services).toEqual([]);
    expect(describePacket(response([ptr], [srv(), txt("path=/live?password=secret")]))?.services).toEqual([]);
  });

  it("cleans hostile text", () => {
    const sighting = describePacket(response([ptr], [txt(`<b>\u001b[31m\u202e${"x".repeat(200)}`)]));
    expect(sighting?.fields["mdns.txt"]?.[0]).toMatch(/^<b>\[31mx+$/);
    expect(sighting?.fields["mdns.txt"]?.[0]?.length).toBeLessThanOrEqual(120);
  });

  it("splits service names", () => {
    expect(serviceName("A.b c._http._TCP.local")).toEqual({ instance: "A.b c", type: "_http._TCP.local" });
    expect(serviceName("_http._tcp.local")).toEqual({ instance: null, type: "_http._tcp.local" });
    expect(serviceName("cam.local")).toBeNull();
  });
});

describe("browser", () => {
  it("browses a type that it did not know, resolves what comes without SRV and TXT, and asks each thing once", () => {
    const browser = new MdnsBrowser();
    browser.open();
    const meta: Answer = {
      type: "PTR",
      name: "_services._dns-sd._udp.local",
      ttl: 120,
      data: "_odd-video._tcp.local",
    };
    const browse = browser.hear({ data: response([meta]), sender: SENDER });
    expect(browse?.questions).toEqual([{ type: "PTR", labels: ["_odd-video", "_tcp", "local"] }]);
    const bare = browser.hear({ data: response([ptr]), sender: SENDER });
    expect(bare?.questions.map(({ type, labels }) => `${type} ${labels[0]}`)).toEqual([
      "SRV Front door",
      "TXT Front door",
    ]);
    expect(browser.hear({ data: response([ptr, meta]), sender: SENDER })).toEqual({
      sighting: null,
      questions: [],
    });
    const resolved = browser.hear({ data: response([srv()]), sender: SENDER });
    expect(resolved?.questions.map(({ type }) => type)).toEqual(["A", "AAAA"]);
    expect(resolved?.sighting?.services).toEqual([{ protocol: "rtsp", port: 554, path: "/" }]);
  });

  it("asks nothing more when the answer was complete", () => {
    const browser = new MdnsBrowser();
    const heard = browser.hear({ data: response([ptr], [srv(), txt("a=b"), a(SENDER)]), sender: SENDER });
    expect(heard?.questions).toEqual([]);
  });

  it("keeps what one sender says apart from the others", () => {
    const browser = new MdnsBrowser();
    browser.hear({ data: response([ptr], [srv(), txt("a=b")]), sender: SENDER });
    const other = browser.hear({ data: response([a("192.168.1.21")]), sender: "192.168.1.21" });
    expect(other?.sighting?.services).toEqual([]);
  });

  it("stops asking and keeping when a sender makes up names without end", () => {
    const browser = new MdnsBrowser();
    const opening = browser.open(["_camera._tcp.local"]);
    expect(opening).toHaveLength(COMMON_TYPES.length + 2);
    let asked = opening.length;
    let values = 0;
    for (let round = 0; round < 100; round += 1) {
      const answers = Array.from({ length: 40 }, (_, i): Answer => {
        return { type: "PTR", name: TYPE, ttl: 120, data: `made up ${round} ${i}.${TYPE}` };
      });
      const heard = browser.hear({ data: response(answers), sender: SENDER });
      asked += heard?.questions.length ?? 0;
      values = heard?.sighting?.fields["mdns.instance"]?.length ?? values;
    }
    expect(asked).toBeLessThanOrEqual(512);
    expect(values).toBeLessThanOrEqual(32);
  });

  it("says that a packet was unreadable", () => {
    expect(new MdnsBrowser().hear({ data: Buffer.from("junk"), sender: SENDER })).toBeNull();
  });
});
