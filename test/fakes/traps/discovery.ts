/** Answers to discovery that lie about where to ask, flood, or are built to break a parser. */
import { randomBytes } from "node:crypto";
import { type Answer, encode } from "dns-packet";
import { BareFake } from "../fake.ts";
import { MDNS_GROUP } from "../mdns.ts";
import { joinGroup } from "../multicast.ts";
import { type RootDevice, ssdpDevice } from "../ssdp.ts";
import { type AnswerProbe, type Endpoint, matchesDocument, probeId, probeMatches } from "../ws-discovery.ts";
import {
  mayAnnounce,
  OFF_THE_LAN,
  routerOf,
  startTrapCamera,
  TRAP_CAMERA,
  type Trap,
  type TrapPlace,
  uuidFor,
} from "./base.ts";

const PATH = "/onvif/device_service";
const ENDPOINT = TRAP_CAMERA.announces.wsDiscovery!;

/** LOCATIONs that lead to the scanner itself and off the LAN (a known way to make a scanner attack a third host). */
export const ssdpLoopback: Trap = async (place) => {
  const fake = new BareFake(place);
  const locations = [
    "http://127.0.0.1:8080/desc.xml",
    "http://[::1]:8080/desc.xml",
    `http://${OFF_THE_LAN}/desc.xml`,
  ];
  for (const [index, location] of mayAnnounce(place) ? locations.entries() : []) {
    fake.announcers.push(await ssdpDevice(rootDevice(index, place), place, location));
  }
  return fake;
};

function rootDevice(index: number, place: TrapPlace): RootDevice {
  return {
    server: "Linux/4.9 UPnP/1.1 Trap/1.0",
    uuid: uuidFor({ address: `${place.address}#${index}` }),
    deviceType: "urn:schemas-upnp-org:device:Basic:1",
    port: 8080,
    path: "/desc.xml",
    description: {},
  };
}

/** XAddrs of loopback, of a host off the LAN and of the router: not one is its own. */
export const xaddrsElsewhere: Trap = (place) => {
  const xaddrs = ["127.0.0.1", OFF_THE_LAN, routerOf(place)].map((host) => `http://${host}${PATH}`);
  return startTrapCamera(announcing({ ...ENDPOINT, xaddrs }), place);
};

/** Several ProbeMatches in one answer, as recorders send: itself twice, once with blanks and 0.0.0.0, and a stranger. */
export const manyProbeMatches: AnswerProbe = (endpoints, probe) => {
  const others = endpoints.flatMap((own) => [
    {
      ...own,
      endpoint: `${own.endpoint}-2`,
      xaddrs: ["http://0.0.0.0:8000/onvif/device_service ", ...own.xaddrs, " "],
    },
    { ...own, endpoint: `${own.endpoint}-3`, xaddrs: [`http://${OFF_THE_LAN}${PATH}`] },
  ]);
  return probeMatches([...endpoints, ...others], probe);
};

/** Answers to a question that nobody put. */
export const wrongRelatesTo: AnswerProbe = (endpoints, probe) =>
  probeId(probe) === null
    ? []
    : ["urn:uuid:00000000-0000-0000-0000-000000000000", ""].map((id) => matchesDocument(endpoints, id));

const MAX_DATAGRAM = 60_000;

/** Entities that grow without end, tags without end, markup that a slow parser reads in quadratic time. */
export const xmlBomb: AnswerProbe = (endpoints, probe) => {
  const id = probeId(probe);
  if (id === null) return [];
  const grow = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
  const [prologue = "", rest = ""] = matchesDocument(endpoints, id).split(/(?<=\?>)/);
  return [
    `${prologue}<!DOCTYPE s [<!ENTITY l0 "lol">${grow}]>${rest.replace("onvif://", "&l9;onvif://")}`,
    `${prologue}<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rest.replace("onvif://", "&x;onvif://")}`,
    `${prologue}${"<a>".repeat(MAX_DATAGRAM / 3)}`,
    `<r>${"<!".repeat(MAX_DATAGRAM / 2)}`,
    rest.replace("<d:ProbeMatches>", `<d:ProbeMatches ${'xmlns:a="b" '.repeat(4000)}>`),
  ];
};

export const discoveryTrap =
  (answerProbe: AnswerProbe): Trap =>
  (place) =>
    startTrapCamera(announcing(ENDPOINT), place, { answerProbe });

function announcing(wsDiscovery: Endpoint) {
  return { ...TRAP_CAMERA, announces: { wsDiscovery } };
}

/** 50 packets with 100 made-up services each, to every question and at each announcement. */
export const mdnsFlood: Trap = (place) => mdnsTrap(place, () => Array.from({ length: 50 }, floodPacket));

function floodPacket(): Buffer {
  const answers = Array.from({ length: 100 }, (): Answer => {
    const name = randomBytes(8).toString("hex");
    return { type: "PTR", name: "_http._tcp.local", ttl: 4500, data: `${name}._http._tcp.local` };
  });
  return encode({ type: "response", flags: 0x0400, answers });
}

/** Names that point at themselves and at each other, counts without records, a name cut off (RFC 1035, 4.1.4). */
export const mdnsPointerLoop: Trap = (place) => mdnsTrap(place, pointerLoops);

export function pointerLoops(): Buffer[] {
  const record = (name: string) => Buffer.from(`${name}000c000100000078000cc00c`, "hex");
  const header = (answers: number) => {
    const bytes = Buffer.from("000084000000000000000000", "hex");
    bytes.writeUInt16BE(answers, 6);
    return bytes;
  };
  return [
    Buffer.concat([header(1), record("c00c")]),
    Buffer.concat([header(2), record("c00e"), record("c00c")]),
    Buffer.concat([header(1), record("0161c00c")]),
    Buffer.concat([header(65_535), record("0161c00c")]),
    Buffer.concat([header(1), Buffer.from("3f61", "hex")]),
    header(65_535),
    Buffer.alloc(9000, 0xc0),
    Buffer.alloc(0),
  ];
}

async function mdnsTrap(place: TrapPlace, packets: () => readonly Buffer[]): Promise<BareFake> {
  const fake = new BareFake(place);
  if (!mayAnnounce(place)) return fake;
  const member = await joinGroup(MDNS_GROUP, place, (message, from, answer) => {
    // Answers only questions, or two such traps would never leave each other alone.
    if (message.length < 12 || (message.readUInt16BE(2) & 0x8000) !== 0) return;
    for (const packet of packets()) from.port === MDNS_GROUP.port ? member.toGroup(packet) : answer(packet);
  });
  fake.announcers.push({
    announce: () => {
      for (const packet of packets()) member.toGroup(packet);
    },
    bye: () => {},
    close: () => member.close(),
  });
  return fake;
}
