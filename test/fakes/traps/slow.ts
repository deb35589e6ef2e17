/** Hosts that hold a scanner up: by silence, by never ending, by ending a byte at a time. */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { repeat } from "../bodies.ts";
import { BareFake } from "../fake.ts";
import { ssdpDevice } from "../ssdp.ts";
import { wsDiscoveryTarget } from "../ws-discovery.ts";
import { mayAnnounce, rawPort, TRAP_CAMERA, type Trap, type TrapPlace, uuidFor } from "./base.ts";

const CAMERA_PORTS = [
  21, 23, 80, 81, 82, 88, 443, 554, 2020, 5000, 7070, 8000, 8080, 8081, 8443, 8554, 8765, 8899, 34567, 37777,
];
const DRIP_MS = 1000;

/** Accepts and never says a word. */
export const tarpit: Trap = async (place) => {
  const fake = new BareFake(place);
  for (const port of CAMERA_PORTS) await rawPort(fake, port, (socket) => socket.resume());
  return fake;
};

/** Has an address and nothing else; the LAN's firewall drops whatever is sent to it. */
export const drops: Trap = async (place) => new BareFake(place);

type Part = "head" | "body";
const HEADS: Readonly<Record<"http" | "soap" | "rtsp" | "xml" | "telnet", string>> = {
  http: "HTTP/1.1 200 OK\r\nServer: Trap\r\nContent-Type: text/html\r\n",
  soap: "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml; charset=utf-8\r\n",
  rtsp: "RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: 2000000000\r\n",
  telnet: "",
  xml: "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n",
};
/** What never ends, and where. The description of the UPnP device is on 8081, ONVIF on 8000. */
const DOORS: readonly {
  readonly port: number;
  readonly head: keyof typeof HEADS;
  readonly part: Part;
  readonly begin: string;
}[] = [
  { port: 80, head: "http", part: "body", begin: "<html><head><title>" },
  { port: 8080, head: "http", part: "head", begin: "X-Long: " },
  { port: 554, head: "rtsp", part: "body", begin: "v=0\r\ns=" },
  { port: 8554, head: "rtsp", part: "head", begin: "X-Long: " },
  { port: 8000, head: "soap", part: "body", begin: '<?xml version="1.0"?><Envelope><Body>' },
  { port: 8081, head: "xml", part: "body", begin: '<?xml version="1.0"?><root><device><friendlyName>' },
  { port: 23, head: "telnet", part: "head", begin: "" },
];

/** Answers for ever, as fast as it is read. */
export const endless: Trap = (place) => neverEnding(place, () => randomText(4096), 0);

/** Answers one byte a second: an idle timeout alone would wait for ever. */
export const drip: Trap = (place) => neverEnding(place, () => "a", DRIP_MS);

async function neverEnding(place: TrapPlace, chunk: () => string, intervalMs: number): Promise<BareFake> {
  const fake = new BareFake(place);
  for (const { port, head, part, begin } of DOORS) {
    await rawPort(fake, port, (socket: Socket) => {
      socket.resume();
      socket.write(`${HEADS[head]}${part === "body" ? "\r\n" : ""}${begin}`);
      repeat(socket, chunk, intervalMs);
    });
  }
  if (mayAnnounce(place)) {
    const endpoint = TRAP_CAMERA.announces.wsDiscovery!;
    fake.announcers.push(
      await wsDiscoveryTarget({ ...endpoint, endpoint: `urn:uuid:${uuidFor(place)}` }, place),
    );
    const root = {
      server: "Trap",
      uuid: uuidFor(place),
      deviceType: "urn:schemas-upnp-org:device:Basic:1",
    };
    fake.announcers.push(
      await ssdpDevice({ ...root, port: 8081, path: "/desc.xml", description: {} }, place),
    );
  }
  return fake;
}

/** Printable, so that it looks like a page to the last. */
function randomText(length: number): string {
  return randomBytes(length).toString("base64");
}
